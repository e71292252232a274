import { Badge, Box, Group, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ScrollBox } from "@/components/scroll-box";
import type { FieldSpec, ObjectChange } from "@/api/types";
import { useSchema } from "./schema";
import { KnownNames, ValueView } from "./value-view";
import { emptyValue, same } from "./values";

const COLORS = { create: "green", update: "navy", delete: "red" } as const;

/** What a revision changes, object by object, each field before and after. */
export function Difference({ changes, limit }: { changes: ObjectChange[]; limit?: number }) {
  const { t } = useTranslation();
  const shown = limit ? changes.slice(0, limit) : changes;
  const names = new Map(changes.map((change) => [`${change.kind}.${change.id}`, change.name]));
  return (
    <KnownNames value={names}>
    <Stack gap="md">
      {shown.map((change, index) => (
        <ObjectDifference key={`${change.kind}.${change.id}.${index}`} change={change} />
      ))}
      {changes.length === 0 && <Text c="dimmed">{t("difference.none")}</Text>}
      {shown.length < changes.length && <Text c="dimmed">{t("difference.more", { count: changes.length - shown.length })}</Text>}
    </Stack>
    </KnownNames>
  );
}

/** Whether a new object's value is worth a line: not when everybody has it, nor when only machines read it. */
function says(field: FieldSpec | undefined, value: unknown): boolean {
  if (field?.name === "uuid" || value === null || value === undefined || value === "" || value === false) return false;
  return field === undefined || !same(value, emptyValue(field));
}

function ObjectDifference({ change }: { change: ObjectChange }) {
  const { t } = useTranslation();
  const { kinds } = useSchema();
  const kind = kinds.find((each) => each.name === change.kind);
  const specOf = (name: string) => kind?.fields.find((each) => each.name === name);
  const fields = (change.fields ?? []).filter(
    (field) => field.name !== "id" && field.name !== "revision" && (change.op !== "create" || says(specOf(field.name), field.after)),
  );
  return (
    <Box>
      <Group gap="xs" mb={4}>
        <Badge color={COLORS[change.op]} variant="light" autoContrast>
          {t(`difference.${change.op}`)}
        </Badge>
        <Text size="sm" fw={600}>
          {kind?.title ?? change.kind}
        </Text>
        <Text size="sm" className="wrap">
          {change.name}
        </Text>
      </Group>
      {fields.length > 0 && change.op !== "delete" && (
        <ScrollBox label={`${kind?.title ?? change.kind} ${change.name}`} minWidth={420}>
          <Table verticalSpacing={4} withRowBorders={false} aria-label={`${kind?.title ?? change.kind} ${change.name}`}>
            <Table.Tbody>
              {fields.map((field) => {
                const spec = specOf(field.name);
                return (
                  <Table.Tr key={field.name}>
                    <Table.Th scope="row" fw={400} w="34%" c="dimmed">
                      {spec?.title ?? field.title ?? field.name}
                    </Table.Th>
                    <Table.Td>
                      {change.op === "update" && (
                        <>
                          <del className="before">
                            <ValueView field={spec} value={field.before} words />
                          </del>
                          {" → "}
                        </>
                      )}
                      <ins className="after">
                        <ValueView field={spec} value={field.after} words />
                      </ins>
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </ScrollBox>
      )}
    </Box>
  );
}

/** One line for a list: "Utilisateur Alice Martin, +2". */
export function useSummary() {
  const { t } = useTranslation();
  const { kinds } = useSchema();
  return (changes: ObjectChange[]) => {
    const first = changes[0];
    if (!first) return t("difference.none");
    const title = kinds.find((kind) => kind.name === first.kind)?.title ?? first.kind;
    const more = changes.length > 1 ? ` ${t("difference.andMore", { count: changes.length - 1 })}` : "";
    return `${t(`difference.${first.op}`)} : ${title} ${first.name}${more}`;
  };
}
