import { ActionIcon, Button, Group, Input, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { FieldInput } from "./field-input";
import type { InputProps } from "./field-input";
import { emptyValue } from "./values";
import type { Values } from "./values";

const NARROW_MAX = 4;
const WIDE = new Set(["destination", "rows", "reference_list", "text_list"]);

/** A list of small records, such as the ranges of a context. */
export function RowsInput({ field, value, onChange, error, disabled }: InputProps) {
  const { t } = useTranslation();
  const label = useId();
  const rows = Array.isArray(value) ? (value as Values[]) : [];
  const columns = field.fields ?? [];
  const off = disabled ?? field.read_only ?? false;
  const blank = () => Object.fromEntries(columns.map((column) => [column.name, emptyValue(column)]));
  // What does not fit on a line beside the others gets a card, where each field says what it is.
  const cards = columns.length > NARROW_MAX || columns.some((column) => WIDE.has(column.type));
  const change = (at: number, name: string, next: unknown) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, [name]: next } : row)));
  return (
    <Input.Wrapper label={field.title} description={field.help} error={error} labelProps={{ id: label }} labelElement="div">
      <Stack gap={6} mt={6} role="group" aria-labelledby={label}>
        {rows.length > 0 && !cards && (
          <Group gap="sm" wrap="nowrap" aria-hidden>
            {columns.map((column) => (
              <Text key={column.name} size="xs" c="dimmed" w={150}>
                {column.title}
              </Text>
            ))}
          </Group>
        )}
        {rows.map((row, index) => (
          <Group key={index} gap="sm" wrap="nowrap" align={cards ? "flex-start" : "center"} role="group" aria-label={t("form.row", { number: index + 1 })} className={cards ? "row-card" : undefined}>
            {cards ? (
              <div className="row-fields">
                {columns.map((column) => (
                  <div key={column.name} className={WIDE.has(column.type) ? "wide" : undefined}>
                    <FieldInput field={{ ...column, help: undefined }} value={row[column.name]} onChange={(next) => change(index, column.name, next)} disabled={off} />
                  </div>
                ))}
              </div>
            ) : (
              columns.map((column) => (
                <div key={column.name} style={{ width: 150 }}>
                  <FieldInput field={column} value={row[column.name]} onChange={(next) => change(index, column.name, next)} disabled={off} bare />
                </div>
              ))
            )}
            {!off && (
              <ActionIcon variant="subtle" color="red" onClick={() => onChange(rows.filter((_, each) => each !== index))} aria-label={t("form.removeRow", { number: index + 1 })}>
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!off && (
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={() => onChange([...rows, blank()])} style={{ alignSelf: "flex-start" }}
            aria-label={`${t("form.addRow")} : ${field.title}`}>
            {t("form.addRow")}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}
