import { Alert, Button, Group, Modal, Radio, Stack, Table, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ScrollBox } from "@/components/scroll-box";
import type { OtherParty } from "@/api/problem";
import type { Item, KindSpec } from "@/api/types";
import { dateTime } from "@/i18n/format";
import { ValueView } from "./value-view";
import { same } from "./values";
import type { Values } from "./values";

export interface Clash {
  other?: OtherParty;
  /** The object as it was when the form was filled, and as it is now. */
  before: Item;
  now: Item;
  etag: string | null;
  mine: Values;
}

interface Props {
  kind: KindSpec;
  clash: Clash | null;
  onClose: () => void;
  /** The fields of mine that are to be saved over theirs. */
  onResolve: (fields: Values, clash: Clash) => void;
}

/** Somebody else has changed the object: shows their change beside ours, field by field, and lets the person choose. */
export function ConflictDialog({ kind, clash, onClose, onResolve }: Props) {
  const { t } = useTranslation();
  return (
    <Modal opened={clash !== null} onClose={onClose} size="xl" title={t("conflict.title")} closeOnClickOutside={false}>
      {clash && <Choices key={clash.etag} kind={kind} clash={clash} onClose={onClose} onResolve={onResolve} />}
    </Modal>
  );
}

function Choices({ kind, clash, onClose, onResolve }: Props & { clash: Clash }) {
  const { t } = useTranslation();
  const { before, now, mine, other } = clash;
  const fields = kind.fields.filter((field) => field.name in mine || (!field.write_only && !field.read_only && !same(before[field.name], now[field.name])));
  const [kept, setKept] = useState<Record<string, string>>(() => Object.fromEntries(Object.keys(mine).map((name) => [name, "mine"])));
  const chosen = Object.fromEntries(Object.entries(mine).filter(([name]) => kept[name] === "mine"));
  const who = other ? t("conflict.who", { author: other.author, at: dateTime(other.at, true), number: other.revision }) : t("conflict.somebody");
  return (
    <Stack>
      <Alert icon={<IconUsers aria-hidden />} color="orange" title={who}>
        {other?.message ? <Text size="sm">« {other.message} »</Text> : null}
        <Text size="sm">{t("conflict.help")}</Text>
      </Alert>
      <ScrollBox label={t("conflict.title")} minWidth={560}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("conflict.field")}</Table.Th>
              <Table.Th scope="col">{t("conflict.theirs")}</Table.Th>
              <Table.Th scope="col">{t("conflict.mine")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((field) => {
              const both = field.name in mine;
              return (
                <Table.Tr key={field.name}>
                  <Table.Th scope="row" fw={500}>
                    {field.title}
                  </Table.Th>
                  <Table.Td>
                    {both ? (
                      <Radio name={`keep.${field.name}`} checked={kept[field.name] === "theirs"} onChange={() => setKept({ ...kept, [field.name]: "theirs" })}
                        label={field.write_only ? t("conflict.secret") : <ValueView field={field} value={now[field.name]} words />} aria-label={`${field.title} : ${t("conflict.theirs")}`} />
                    ) : (
                      <ValueView field={field} value={now[field.name]} words />
                    )}
                  </Table.Td>
                  <Table.Td>
                    {both ? (
                      <Radio name={`keep.${field.name}`} checked={kept[field.name] === "mine"} onChange={() => setKept({ ...kept, [field.name]: "mine" })}
                        label={field.write_only ? t("conflict.secretNew") : <ValueView field={field} value={mine[field.name]} words />} aria-label={`${field.title} : ${t("conflict.mine")}`} />
                    ) : (
                      <Text size="sm" c="dimmed">
                        {t("conflict.untouched")}
                      </Text>
                    )}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("conflict.later")}
        </Button>
        <Button onClick={() => onResolve(chosen, clash)}>{Object.keys(chosen).length > 0 ? t("conflict.save") : t("conflict.takeTheirs")}</Button>
      </Group>
    </Stack>
  );
}
