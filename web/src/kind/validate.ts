import i18n from "i18next";
import { z } from "zod";
import type { FieldSpec, KindSpec } from "@/api/types";

/** What can be said without asking the daemon; it checks everything again, and more. */
function fieldRule(field: FieldSpec): z.ZodType {
  return z.any().superRefine((value: unknown, context) => {
    const wrong = problemWith(field, value);
    if (wrong) context.addIssue({ code: "custom", message: wrong });
  });
}

function lengthProblem(field: FieldSpec, size: number): string {
  if (field.min !== undefined && size < field.min) return i18n.t("invalid.short", { min: field.min });
  if (field.max !== undefined && size > field.max) return i18n.t("invalid.long", { max: field.max });
  return "";
}

/** Why a value cannot be right, or "". */
export function problemWith(field: FieldSpec, value: unknown): string {
  const absent = value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (absent) return field.required && !field.write_only ? i18n.t("invalid.required") : "";
  if (field.type === "integer") {
    const amount = Number(value);
    if (!Number.isInteger(amount)) return i18n.t("invalid.integer");
    if (field.min !== undefined && amount < field.min) return i18n.t("invalid.min", { min: field.min });
    if (field.max !== undefined && amount > field.max) return i18n.t("invalid.max", { max: field.max });
    return "";
  }
  if ((field.type === "text" || field.type === "secret") && typeof value === "string") {
    const wrong = lengthProblem(field, [...value].length);
    if (wrong) return wrong;
    if (field.pattern && !new RegExp(field.pattern, "u").test(value)) {
      return field.characters ? i18n.t("invalid.characters", { characters: field.characters }) : i18n.t("invalid.pattern");
    }
  }
  return "";
}

export function rulesOf(kind: KindSpec) {
  return z.object(Object.fromEntries(kind.fields.filter((field) => !field.read_only).map((field) => [field.name, fieldRule(field)]))).loose();
}
