import { Badge, Text } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import { itemQuery } from "@/api/queries";
import type { FieldSpec } from "@/api/types";
import { unitOf } from "./field-input";
import { useKind, useSchema } from "./schema";
import { destinationSpec, nameOf } from "./values";

/** Names of objects that the daemon may not know (yet, or any more), by "kind.id": those of a difference. */
export const KnownNames = createContext<Map<string, string>>(new Map());

/** The name of the object that an id means. */
export function ReferenceName({ kind: name, id }: { kind: string; id: number }) {
  const kind = useKind(name);
  const known = useContext(KnownNames).get(`${name}.${id}`);
  const { data } = useQuery({ ...itemQuery(kind?.plural ?? "", id), enabled: kind !== undefined && known === undefined && id > 0, staleTime: 60_000 });
  return <>{known ?? (kind && data ? nameOf(kind, data.item) : `#${id}`)}</>;
}

function Nothing() {
  return <Text span c="dimmed" size="sm">—</Text>;
}

function DestinationView({ value }: { value: Record<string, unknown> }) {
  const { destinations } = useSchema();
  const spec = destinationSpec(destinations, value);
  return (
    <Text span size="sm">
      {spec?.title ?? String(value.type)}
      {spec?.fields.map((field) => {
        const given = value[field.name];
        // A time of 0 is none of its own.
        if (given === null || given === undefined || given === "" || given === 0 || typeof given === "boolean") return null;
        return (
          <span key={field.name}>
            {" · "}
            <ValueView field={field} value={given} />
          </span>
        );
      })}
    </Text>
  );
}

/** A value as people read it. Without its declaration it is shown as it is. */
export function ValueView({ field, value, words = false }: { field?: FieldSpec; value: unknown; words?: boolean }) {
  const { t } = useTranslation();
  if (value === null || value === undefined || value === "") return <Nothing />;
  if (typeof value === "boolean") {
    if (words) return <>{value ? t("value.yes") : t("value.no")}</>;
    return value ? <IconCheck size={18} color="var(--mantine-color-green-7)" role="img" aria-label={t("value.yes")} /> : <IconMinus size={18} color="var(--mantine-color-dimmed)" role="img" aria-label={t("value.no")} />;
  }
  if (field?.type === "choice") return <>{field.choices?.find((choice) => choice.value === value)?.title ?? String(value)}</>;
  if (field?.type === "reference" && typeof value === "number") return <ReferenceName kind={field.reference ?? ""} id={value} />;
  if (field?.type === "integer") return <>{`${String(value)}${field.unit ? ` ${unitOf(field.unit)}` : ""}`}</>;
  if (Array.isArray(value)) {
    if (value.length === 0) return <Nothing />;
    return (
      <span style={{ display: "inline-flex", gap: 4, flexWrap: "wrap" }}>
        {value.map((each, index) => (
          <Badge key={index} variant="default" fw={500} radius="sm">
            <ListItem field={field} value={each} />
          </Badge>
        ))}
      </span>
    );
  }
  if (typeof value === "object") {
    const record = value as Record<string, unknown>;
    return typeof record.type === "string" ? <DestinationView value={record} /> : <span className="mono">{JSON.stringify(value)}</span>;
  }
  return <span className="wrap">{String(value)}</span>;
}

function ListItem({ field, value }: { field?: FieldSpec; value: unknown }) {
  if (field?.type === "reference_list" && typeof value === "number") return <ReferenceName kind={field.reference ?? ""} id={value} />;
  if (typeof value === "object" && value !== null) {
    const { start, end, ...rest } = value as Record<string, unknown>;
    if (start !== undefined) return <>{end && end !== start ? `${String(start)} – ${String(end)}` : String(start)}</>;
    return <>{Object.values(rest).map(String).join(" ")}</>;
  }
  return <>{field?.choices?.find((choice) => choice.value === value)?.title ?? String(value)}</>;
}
