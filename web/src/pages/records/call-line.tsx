import { Anchor, Badge, Group, Text } from "@mantine/core";
import { IconPhoneIncoming, IconPhoneOutgoing } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { CallRecord } from "@/api/types";
import { ago, dateTime, duration } from "@/i18n/format";

const COLORS: Record<string, string> = { answered: "green", "no-answer": "orange", no_answer: "orange", busy: "orange", failed: "red", cancelled: "gray" };

export function Disposition({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[value] ?? "gray"} variant="light">
      {t(`disposition.${value.replace("-", "_")}`, { defaultValue: value })}
    </Badge>
  );
}

export function partyName(name: string, number: string): string {
  return name && name !== number ? `${name} (${number || "?"})` : number || name;
}

/** One call on one line: to or from whom, when, how long. */
export function CallLine({ call, own }: { call: CallRecord; own?: string[] }) {
  const { t } = useTranslation();
  const outgoing = own?.includes(call.caller_number);
  const other = outgoing ? partyName(call.called_name, call.called_number || call.dialled) : partyName(call.caller_name, call.caller_number);
  const Icon = outgoing ? IconPhoneOutgoing : IconPhoneIncoming;
  return (
    <Group gap="xs" wrap="wrap">
      {own && <Icon size={16} aria-label={outgoing ? t("records.outgoing") : t("records.incoming")} role="img" />}
      <Anchor component={Link} to={`/call-records/${call.id}`} size="sm" fw={600}>
        {own ? other || t("records.unknown") : <Parties call={call} />}
      </Anchor>
      <Text size="sm" c="dimmed" title={dateTime(call.start, true)}>
        {ago(call.start)}
      </Text>
      {call.duration_ms !== null ? <Text size="sm">{duration(call.duration_ms)}</Text> : <Disposition value={call.disposition} />}
    </Group>
  );
}

/** "Alice (101) → Bruno (102)" */
export function Parties({ call }: { call: Pick<CallRecord, "caller_name" | "caller_number" | "called_name" | "called_number" | "dialled"> }) {
  return (
    <span>
      {partyName(call.caller_name, call.caller_number)} → {partyName(call.called_name, call.called_number || call.dialled)}
    </span>
  );
}
