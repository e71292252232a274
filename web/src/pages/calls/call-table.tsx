import { ActionIcon, Badge, Button, Stack, Table, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconPhoneOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { remove } from "@/api/client";
import type { Call, CallLeg, Page } from "@/api/types";
import { useMay } from "@/app/session";
import { ScrollBox } from "@/components/scroll-box";
import { useNow } from "@/components/use-now";
import { clock, number, timeOfDay } from "@/i18n/format";
import { tellProblem } from "@/kind/use-undo";
import { partyName } from "../records/call-line";

/** MOS in hundredths: above the first hardly anybody complains, below the second most do. */
const GOOD = 400;
const FAIR = 310;
const COLORS: Record<string, string> = { ringing: "orange", up: "green", answered: "green", talking: "green", hold: "grape", held: "grape" };

export function CallState({ state }: { state: string }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[state.toLowerCase()] ?? "gray"} variant="light">
      {t(`callState.${state.toLowerCase()}`, { defaultValue: state })}
    </Badge>
  );
}

function useHangUp() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const hangUp = useMutation({
    mutationFn: (id: string) => remove(`/calls/${encodeURIComponent(id)}`),
    onMutate: (id) => {
      const before = cache.getQueryData<Page<Call>>(["calls"]);
      cache.setQueryData<Page<Call>>(["calls"], (page) => page && { items: page.items.filter((call) => call.id !== id), total: page.total - 1 });
      return before;
    },
    onError: (error, _id, before) => {
      cache.setQueryData(["calls"], before);
      tellProblem(error, t("calls.hangUpFailed"));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: ["calls"] }),
  });
  return (call: Call) =>
    modals.openConfirmModal({
      title: t("calls.hangUpTitle"),
      children: <Text>{t("calls.hangUpHelp", { caller: partyName(call.caller_name, call.caller_number), called: call.dialled })}</Text>,
      labels: { confirm: t("calls.hangUp"), cancel: t("action.cancel") },
      confirmProps: { color: "red" },
      onConfirm: () => hangUp.mutate(call.id),
    });
}

function Leg({ leg, compact }: { leg: CallLeg | undefined; compact: boolean }) {
  if (!leg) return <Text c="dimmed" size="sm">—</Text>;
  return (
    <Stack gap={0}>
      <Text size="sm" fw={600}>{partyName(leg.name, leg.number || leg.peer)}</Text>
      {!compact && <Text size="xs" c="dimmed" className="wrap">{leg.address ?? leg.peer}</Text>}
    </Stack>
  );
}

/** How well people hear each other now: the worse side counts. */
function Score({ legs }: { legs: CallLeg[] }) {
  const scores = legs.flatMap((leg) => (leg.quality ? [leg.quality.mos_hundredths] : []));
  if (scores.length === 0) return <>—</>;
  const worst = Math.min(...scores);
  return <Badge variant="light" color={worst >= GOOD ? "green" : worst >= FAIR ? "orange" : "red"}>{number(Math.round(worst / 10) / 10)}</Badge>;
}

export function CallTable({ calls, compact = false }: { calls: Call[]; compact?: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const now = useNow();
  const hangUp = useHangUp();
  return (
    <ScrollBox label={t("nav.calls")}>
      <Table verticalSpacing="sm" horizontalSpacing="md" className="stacking">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t("calls.caller")}</Table.Th>
            <Table.Th scope="col">{t("calls.called")}</Table.Th>
            <Table.Th scope="col">{t("calls.state")}</Table.Th>
            {!compact && <Table.Th scope="col" className="hide-narrow">{t("calls.codec")}</Table.Th>}
            {!compact && <Table.Th scope="col" className="hide-narrow" title={t("calls.qualityHelp")}>{t("calls.quality")}</Table.Th>}
            <Table.Th scope="col">{t("calls.since")}</Table.Th>
            {may("call:hangup") && <Table.Th scope="col">{t("calls.action")}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {calls.map((call) => {
            const caller = call.legs.find((leg) => leg.role === "caller");
            const called = call.legs.filter((leg) => leg.role === "called");
            const codecs = [...new Set(call.legs.map((leg) => leg.codec).filter(Boolean))];
            return (
              <Table.Tr key={call.id}>
                <Table.Td data-label={t("calls.caller")}>{caller ? <Leg leg={caller} compact={compact} /> : partyName(call.caller_name, call.caller_number)}</Table.Td>
                <Table.Td data-label={t("calls.called")}>
                  {called.length > 0 ? called.map((leg) => <Leg key={leg.channel} leg={leg} compact={compact} />) : <Text size="sm">{call.dialled}</Text>}
                </Table.Td>
                <Table.Td data-label={t("calls.state")}><CallState state={call.state} /></Table.Td>
                {!compact && <Table.Td className="hide-narrow">{codecs.join(" / ") || "—"}</Table.Td>}
                {!compact && <Table.Td className="hide-narrow" title={t("calls.qualityHelp")}><Score legs={call.legs} /></Table.Td>}
                <Table.Td data-label={t("calls.since")} title={timeOfDay(call.since)}>{clock(now - new Date(call.answered ?? call.since).getTime())}</Table.Td>
                {may("call:hangup") && (
                  <Table.Td data-label={t("calls.action")}>
                    {compact ? (
                      <ActionIcon variant="light" color="red" onClick={() => hangUp(call)} aria-label={t("calls.hangUp")} title={t("calls.hangUp")}>
                        <IconPhoneOff size={16} />
                      </ActionIcon>
                    ) : (
                      <Button size="xs" variant="light" color="red" leftSection={<IconPhoneOff size={14} aria-hidden />} onClick={() => hangUp(call)}>
                        {t("calls.hangUp")}
                      </Button>
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </ScrollBox>
  );
}
