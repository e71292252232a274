import { Checkbox, MultiSelect, NumberInput, PasswordInput, Select, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldSpec } from "@/api/types";
import { DestinationInput } from "./destination-input";
import { ReferenceInput } from "./reference-input";
import { ReferenceListInput } from "./reference-list-input";
import { RightsInput } from "./rights-input";
import { RowsInput } from "./rows-input";

export interface InputProps {
  field: FieldSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  onBlur?: () => void;
  error?: string;
  disabled?: boolean;
  /** The object has a secret already: leaving the field empty keeps it. */
  existing?: boolean;
  /** Of which kind the field is. */
  kind?: string;
  /** The label is told elsewhere (in a table of rows). */
  bare?: boolean;
}

const LONG_TEXT = 200;

function textOf(value: unknown): string {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The input for one declared field. */
export function FieldInput(props: InputProps) {
  const { field, value, onChange, onBlur, error, disabled, existing, kind, bare } = props;
  const { t } = useTranslation();
  const common = {
    label: bare ? undefined : field.title,
    "aria-label": bare ? field.title : undefined,
    description: bare ? undefined : field.help,
    error,
    required: !!field.required && !(existing && field.write_only),
    disabled: disabled ?? field.read_only,
    onBlur,
    name: field.name,
  };
  const placeholder = typeof field.example === "string" && !existing ? t("form.example", { example: field.example }) : undefined;
  if (kind === "role" && field.name === "rights") return <RightsInput {...props} />;
  switch (field.type) {
    case "integer":
      return (
        <NumberInput {...common} value={typeof value === "number" ? value : ""} onChange={(next) => onChange(next === "" ? null : Number(next))}
          min={field.min} max={field.max} allowDecimal={false} clampBehavior="none" suffix={field.unit ? ` ${unitOf(field.unit)}` : undefined} maw={320} />
      );
    case "boolean":
      return bare ? (
        <Checkbox aria-label={field.title} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} disabled={common.disabled} />
      ) : (
        <Switch label={field.title} description={field.help} error={error} checked={value === true} disabled={common.disabled}
          onChange={(event) => onChange(event.currentTarget.checked)} name={field.name} />
      );
    case "choice":
      return (
        <Select {...common} value={textOf(value)} onChange={(next) => onChange(next ?? "")} allowDeselect={false} searchable={(field.choices?.length ?? 0) > 8}
          data={(field.choices ?? []).map((choice) => ({ value: choice.value, label: choice.title }))} maw={bare ? undefined : 420} />
      );
    case "text_list":
      return field.choices?.length ? (
        <MultiSelect {...common} value={listOf(value)} onChange={onChange} data={field.choices.map((choice) => ({ value: choice.value, label: choice.title }))}
          clearable clearButtonProps={{ "aria-label": t("action.clear") }} />
      ) : (
        <TagsInput {...common} value={listOf(value)} onChange={onChange} placeholder={t("form.tags")} />
      );
    case "secret":
      return (
        <PasswordInput {...common} value={textOf(value)} onChange={(event) => onChange(event.currentTarget.value)} autoComplete="new-password"
          placeholder={existing ? t("form.secretKept") : undefined} visibilityToggleButtonProps={{ "aria-label": t("login.showPassword") }} />
      );
    case "reference":
      return <ReferenceInput {...props} />;
    case "reference_list":
      return <ReferenceListInput {...props} />;
    case "rows":
      return <RowsInput {...props} />;
    case "destination":
      return <DestinationInput {...props} />;
    default:
      return (field.max ?? 0) >= LONG_TEXT && field.name.includes("description") ? (
        <Textarea {...common} value={textOf(value)} onChange={(event) => onChange(event.currentTarget.value)} autosize minRows={2} maxRows={8} />
      ) : (
        <TextInput {...common} value={textOf(value)} placeholder={placeholder} onChange={(event) => onChange(event.currentTarget.value)} spellCheck={false}
          autoComplete="off" className={field.pattern ? "mono-input" : undefined} />
      );
  }
}

/** "seconds" is written as people write it. */
export function unitOf(unit: string): string {
  const short: Record<string, string> = { seconds: "s", second: "s", minutes: "min", milliseconds: "ms" };
  return short[unit] ?? unit;
}
