import { ActionIcon, Group, Input, Paper, Select, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { itemQuery } from "@/api/queries";
import type { InputProps } from "./field-input";
import { useFound } from "./reference-input";
import { useKind } from "./schema";
import { nameOf } from "./values";

/** An ordered list of objects of another kind: added by name, moved by buttons (which a keyboard reaches). */
export function ReferenceListInput({ field, value, onChange, error, disabled }: InputProps) {
  const { t } = useTranslation();
  const label = useId();
  const kind = useKind(field.reference ?? "");
  const [search, setSearch] = useState("");
  const ids = Array.isArray(value) ? value.map(Number) : [];
  const { options } = useFound(kind, search);
  const loaded = useQueries({ queries: ids.map((id) => ({ ...itemQuery(kind?.plural ?? "", id), enabled: kind !== undefined })) });
  const name = (index: number) => {
    const item = loaded[index]?.data?.item;
    return kind && item ? nameOf(kind, item) : `#${ids[index]}`;
  };
  const off = disabled ?? field.read_only ?? false;

  function move(from: number, to: number) {
    const next = [...ids];
    const [moved] = next.splice(from, 1);
    if (moved === undefined) return;
    next.splice(to, 0, moved);
    onChange(next);
  }

  return (
    <Input.Wrapper label={field.title} description={field.help} error={error} labelProps={{ id: label }} labelElement="div">
      <Stack gap={6} mt={6} role="list" aria-labelledby={label} maw={520}>
        {ids.map((id, index) => (
          <Paper key={id} withBorder px="sm" py={4} role="listitem">
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">{`${index + 1}. ${name(index)}`}</Text>
              {!off && (
                <Group gap={2} wrap="nowrap">
                  <ActionIcon variant="subtle" disabled={index === 0} onClick={() => move(index, index - 1)} aria-label={t("form.up", { name: name(index) })}>
                    <IconArrowUp size={16} />
                  </ActionIcon>
                  <ActionIcon variant="subtle" disabled={index === ids.length - 1} onClick={() => move(index, index + 1)} aria-label={t("form.down", { name: name(index) })}>
                    <IconArrowDown size={16} />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="red" onClick={() => onChange(ids.filter((each) => each !== id))} aria-label={t("form.remove", { name: name(index) })}>
                    <IconX size={16} />
                  </ActionIcon>
                </Group>
              )}
            </Group>
          </Paper>
        ))}
      </Stack>
      {!off && (
        <Select
          mt={6}
          maw={520}
          aria-label={t("form.addTo", { field: field.title })}
          placeholder={t("form.add")}
          data={options.filter((option) => !ids.includes(Number(option.value)))}
          value={null}
          searchable
          searchValue={search}
          onSearchChange={setSearch}
          filter={({ options: all }) => all}
          onChange={(next) => {
            if (next !== null) onChange([...ids, Number(next)]);
            setSearch("");
          }}
          nothingFoundMessage={t("search.nothing")}
        />
      )}
    </Input.Wrapper>
  );
}
