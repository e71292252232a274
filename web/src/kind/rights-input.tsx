import { Checkbox, Input, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { allows } from "@/app/rights";
import { ScrollBox } from "@/components/scroll-box";
import type { InputProps } from "./field-input";
import { useSchema } from "./schema";
import { without, withoutRepeats } from "./scopes";

const KIND_ACTIONS = ["read", "write"];
/** The areas that are no kind of object, with what can be done there. */
const AREAS: Record<string, string[]> = {
  call: ["read", "hangup"], registration: ["read"], record: ["read"], history: ["read", "rollback"], ban: ["read", "write"],
  token: ["write"], audit: ["read"], secret: ["reveal"], system: ["read"],
};
const OTHER_ACTIONS = ["hangup", "rollback", "reveal"];

interface Row {
  area: string;
  title: string;
  actions: string[];
}

export function useAreas(): Row[] {
  const { t } = useTranslation();
  const { kinds } = useSchema();
  return [
    ...kinds.map((kind) => ({ area: kind.name, title: kind.singleton ? kind.title : kind.plural_title, actions: KIND_ACTIONS })),
    ...Object.entries(AREAS).map(([area, actions]) => ({ area, title: t(`area.${area}`), actions })),
  ];
}

/** Rights as a table: a row an area, a column an action. What "everything" gives is shown checked, and fixed. */
export function RightsInput({ field, value, onChange, error, disabled }: InputProps) {
  const { t } = useTranslation();
  const areas = useAreas();
  const scopes = Array.isArray(value) ? value.map(String) : [];
  const off = disabled ?? field.read_only ?? false;
  const toggle = (scope: string, on: boolean) => {
    const actions = areas.find((each) => scope.startsWith(`${each.area}:`))?.actions ?? [];
    onChange(on ? withoutRepeats([...scopes, scope]) : without(scopes, scope, actions));
  };
  const everywhere = scopes.filter((scope) => scope.startsWith("*"));
  const box = (scope: string, label: string) => (
    <Checkbox
      aria-label={label}
      checked={allows(scopes, scope)}
      disabled={off || allows(everywhere, scope)}
      onChange={(event) => toggle(scope, event.currentTarget.checked)}
    />
  );
  return (
    <Input.Wrapper label={field.title} description={field.help} error={error} labelElement="div">
      <Checkbox mt="sm" label={t("rights.everything")} checked={allows(scopes, "*:*")} disabled={off}
        onChange={(event) => onChange(event.currentTarget.checked ? ["*:*"] : [])} />
      <Checkbox mt="xs" mb="sm" label={t("rights.readEverything")} checked={allows(scopes, "*:read")} disabled={off || scopes.includes("*:*") || scopes.includes("*")}
        onChange={(event) => toggle("*:read", event.currentTarget.checked)} />
      <ScrollBox label={field.title}>
        <Table striped withTableBorder verticalSpacing={6} aria-label={field.title} miw={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("rights.area")}</Table.Th>
              <Table.Th scope="col">{t("action.read")}</Table.Th>
              <Table.Th scope="col">{t("action.write")}</Table.Th>
              <Table.Th scope="col">{t("rights.other")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {areas.map(({ area, title, actions }) => (
              <Table.Tr key={area}>
                <Table.Th scope="row" fw={500}>
                  {title}
                </Table.Th>
                {KIND_ACTIONS.map((action) => (
                  <Table.Td key={action}>{actions.includes(action) ? box(`${area}:${action}`, `${title} : ${t(`action.${action}`)}`) : null}</Table.Td>
                ))}
                <Table.Td>
                  {actions.filter((action) => OTHER_ACTIONS.includes(action)).map((action) => (
                    <Text key={action} component="label" size="sm" style={{ display: "flex", gap: 8, alignItems: "center" }}>
                      {box(`${area}:${action}`, `${title} : ${t(`action.${action}`)}`)}
                      {t(`action.${action}`)}
                    </Text>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
    </Input.Wrapper>
  );
}
