import { zodResolver } from "@hookform/resolvers/zod";
import { Accordion, Group, Stack } from "@mantine/core";
import { useEffect, useMemo } from "react";
import type { FormEvent, ReactNode } from "react";
import { Controller, useForm } from "react-hook-form";
import type { Control } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { problemOf } from "@/api/problem";
import type { FieldSpec, Item, KindSpec } from "@/api/types";
import { Card } from "@/components/card";
import { ProblemAlert } from "@/components/problem-alert";
import { FieldInput } from "./field-input";
import { useUnsavedGuard } from "./unsaved-guard";
import { rulesOf } from "./validate";
import { changedFields, formValues, givenFields, sectionsOf } from "./values";
import type { Values } from "./values";

/** Fields that want the whole width of the form. */
const WIDE = new Set(["rows", "destination", "reference_list"]);

interface Props {
  kind: KindSpec;
  item?: Item;
  /** Values to begin with, for a new object. */
  initial?: Values;
  /** Fields that the page shows elsewhere. */
  without?: string[];
  disabled?: boolean;
  error?: unknown;
  /** What has been changed (or given, for a new object). Resolves to whether it was saved. */
  onSave: (fields: Values) => Promise<boolean>;
  buttons: (state: { dirty: boolean; busy: boolean; reset: () => void }) => ReactNode;
  flat?: boolean;
}

/** The form of any kind, from its declaration. Keeps what was typed through every error. */
export function KindForm({ kind, item, initial, without = [], disabled, error, onSave, buttons, flat }: Props) {
  const { t } = useTranslation();
  const start = useMemo(() => ({ ...formValues(kind, item), ...initial }), [kind, item, initial]);
  const form = useForm<Values>({ defaultValues: start, resolver: zodResolver(rulesOf(kind)) as never, mode: "onTouched" });
  const { control, formState, handleSubmit, reset, setError } = form;
  useUnsavedGuard(formState.isDirty && !formState.isSubmitting);

  // Somebody else's change reaches a form that is not being edited; one that is, keeps what was typed.
  useEffect(() => {
    if (!form.formState.isDirty) reset(start);
  }, [start, reset, form]);

  useEffect(() => {
    if (!error) return;
    for (const [field, message] of Object.entries(problemOf(error).byField(kind.name))) {
      if (field) setError(field.split(/[.[]/)[0] ?? field, { type: "server", message });
    }
  }, [error, kind.name, setError]);

  async function save(values: Values) {
    const fields = item ? changedFields(kind, formValues(kind, item), values) : givenFields(kind, values);
    if (await onSave(fields)) reset(values);
  }

  function submit(event: FormEvent) {
    event.stopPropagation(); // a form in a drawer of a page with a form
    void handleSubmit(save, (errors) => document.getElementsByName(Object.keys(errors)[0] ?? "")[0]?.focus())(event);
  }

  const sections = sectionsOf(kind, !item).map((section) => ({
    ...section,
    plain: section.plain.filter((field) => !without.includes(field.name)),
    advanced: section.advanced.filter((field) => !without.includes(field.name)),
  })).filter((section) => section.plain.length + section.advanced.length > 0);
  const fieldList = (fields: FieldSpec[]) =>
    fields.length > 0 && (
      <div className="field-grid">
        {fields.map((field) => (
          <div key={field.name} className={WIDE.has(field.type) || field.name === "description" || field.name === "rights" ? "wide" : undefined}>
            <KindField field={field} kind={kind} control={control} disabled={disabled} existing={!!item} />
          </div>
        ))}
      </div>
    );
  const advanced = (fields: FieldSpec[]) =>
    fields.length > 0 && (
      <Accordion variant="separated" chevronPosition="left">
        <Accordion.Item value="advanced">
          <Accordion.Control>{t("form.advanced")}</Accordion.Control>
          <Accordion.Panel>
            {fieldList(fields)}
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    );
  return (
    <form onSubmit={submit} noValidate aria-label={kind.title}>
      <Stack>
        {error !== undefined && error !== null && <ProblemAlert error={error} />}
        {sections.map((section) => {
          const content = (
            <Stack key={section.name}>
              {fieldList(section.plain)}
              {advanced(section.advanced)}
            </Stack>
          );
          return flat ? content : (
            <Card key={section.name} title={section.title || kind.title}>
              {content}
            </Card>
          );
        })}
        <Group justify="flex-end" className={formState.isDirty ? "save-bar" : undefined}>
          {buttons({ dirty: formState.isDirty, busy: formState.isSubmitting, reset: () => reset(start) })}
        </Group>
      </Stack>
    </form>
  );
}

function KindField({ field, kind, control, disabled, existing }: { field: FieldSpec; kind: KindSpec; control: Control<Values>; disabled?: boolean; existing: boolean }) {
  return (
    <Controller
      name={field.name}
      control={control}
      render={({ field: input, fieldState }) => (
        <FieldInput field={field} value={input.value} onChange={input.onChange} onBlur={input.onBlur} error={fieldState.error?.message} disabled={disabled || field.read_only} existing={existing} kind={kind.name} />
      )}
    />
  );
}
