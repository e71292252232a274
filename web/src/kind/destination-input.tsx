import { Fieldset, Group, Select, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FieldInput } from "./field-input";
import type { InputProps } from "./field-input";
import { useSchema } from "./schema";
import { destinationSpec, emptyValue } from "./values";
import type { Values } from "./values";

/** Where a call goes: its type, then what that type needs to know. */
export function DestinationInput({ field, value, onChange, error, disabled }: InputProps) {
  const { t } = useTranslation();
  const { destinations } = useSchema();
  const current = (typeof value === "object" && value !== null ? value : { type: "none" }) as Values;
  const spec = destinationSpec(destinations, current);
  const off = disabled ?? field.read_only ?? false;

  function choose(type: string | null) {
    const next = destinations.find((each) => each.type === type);
    if (!next || next.type === current.type) return;
    onChange({ type: next.type, ...Object.fromEntries(next.fields.map((each) => [each.name, emptyValue(each)])) });
  }

  return (
    <Fieldset legend={field.title} disabled={off}>
      {field.help && (
        <Text size="xs" c="dimmed" mb="xs">
          {field.help}
        </Text>
      )}
      <Group align="flex-start" gap="md">
        <Select
          label={t("destination.type")}
          data={destinations.map((each) => ({ value: each.type, label: each.title }))}
          value={String(current.type ?? "none")}
          onChange={choose}
          allowDeselect={false}
          description={spec?.help}
          w={{ base: "100%", sm: 280 }}
        />
        {spec?.fields.map((each) => (
          <div key={`${spec.type}.${each.name}`} style={{ flex: "1 1 240px", maxWidth: 420 }}>
            <FieldInput field={each} value={current[each.name]} onChange={(next) => onChange({ ...current, [each.name]: next })} disabled={off} />
          </div>
        ))}
      </Group>
      {error && (
        <Text c="var(--mantine-color-error)" size="sm" mt="xs" role="alert">
          {error}
        </Text>
      )}
    </Fieldset>
  );
}
