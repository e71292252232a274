import { Loader, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { itemQuery, listQuery } from "@/api/queries";
import type { KindSpec } from "@/api/types";
import type { InputProps } from "./field-input";
import { useKind } from "./schema";
import { nameOf } from "./values";

const FOUND_MAX = 20;

/** Objects of a kind that match a text, with the names that people know them by. */
export function useFound(kind: KindSpec | undefined, search: string) {
  const [text] = useDebouncedValue(search, 150);
  const query = useQuery({ ...listQuery(kind?.plural ?? "", { search: text, limit: FOUND_MAX }), enabled: kind !== undefined });
  const options = (query.data?.items ?? []).map((item) => ({ value: String(item.id), label: kind ? nameOf(kind, item) : `#${item.id}` }));
  // Two objects of one name are told apart by their number.
  const names = options.map((option) => option.label);
  return {
    options: options.map((option) =>
      names.filter((name) => name === option.label).length > 1 ? { ...option, label: `${option.label} (#${option.value})` } : option,
    ),
    loading: query.isFetching,
  };
}

/** Chooses one object of another kind by typing a part of its name. */
export function ReferenceInput({ field, value, onChange, onBlur, error, disabled, bare }: InputProps) {
  const { t } = useTranslation();
  const kind = useKind(field.reference ?? "");
  const [search, setSearch] = useState("");
  const id = typeof value === "number" ? value : null;
  const chosen = useQuery({ ...itemQuery(kind?.plural ?? "", id ?? 0), enabled: kind !== undefined && id !== null });
  const chosenName = kind && chosen.data ? nameOf(kind, chosen.data.item) : id === null ? "" : `#${id}`;
  const { options, loading } = useFound(kind, search === chosenName ? "" : search);
  const data = id !== null && !options.some((option) => option.value === String(id)) ? [{ value: String(id), label: chosenName }, ...options] : options;
  return (
    <Select
      label={bare ? undefined : field.title}
      aria-label={bare ? field.title : undefined}
      description={bare ? undefined : field.help}
      error={error}
      required={field.required}
      disabled={disabled ?? field.read_only}
      name={field.name}
      onBlur={onBlur}
      data={data}
      value={id === null ? null : String(id)}
      onChange={(next) => onChange(next === null ? null : Number(next))}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options: all }) => all}
      clearable={!field.required}
      clearButtonProps={{ "aria-label": t("action.clear") }}
      placeholder={t("form.search")}
      nothingFoundMessage={loading ? t("state.loading") : t("search.nothing")}
      rightSection={loading ? <Loader size="xs" aria-hidden /> : undefined}
      maw={bare ? undefined : 420}
    />
  );
}
