import { Alert, Badge, Button, Group, Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { trunkStateQuery } from "@/api/planning";
import type { Ratio, TrunkState } from "@/api/planning";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { ago, dateTime, number } from "@/i18n/format";
import { tellProblem } from "@/kind/use-undo";

const FULL = 0.9;

/** "Available", "Unavailable" or "Disabled": whether routes use the trunk now. */
export function TrunkBadge({ state }: { state: TrunkState }) {
  const { t } = useTranslation();
  if (!state.enabled) return <Badge color="gray" variant="light">{t("trunks.disabled")}</Badge>;
  return state.usable ? <Badge color="green" variant="light">{t("trunks.usable")}</Badge> : <Badge color="red" variant="light">{t("trunks.unusable")}</Badge>;
}

export function ratioText(ratio: Ratio, none: string): string {
  return ratio.percent === null ? none : `${number(ratio.percent)} % (${number(ratio.answered)}/${number(ratio.calls)})`;
}

/** How a trunk is doing: registration, latency, channels, answered calls, what failed last. */
export function TrunkStatus({ id }: { id: number }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(trunkStateQuery(id, i18n.language));
  return (
    <>
      <Card title={t("trunks.status")}>
        <Loaded query={query} rows={4}>
          {(state) => (
            <Stack>
              <Registration state={state} />
              <Watched state={state} />
              <SimpleGrid cols={2}>
                <Channels title={t("trunks.in")} used={state.channels.in} max={state.channels.max_in} ratio={state.answer_seizure_ratio.in} />
                <Channels title={t("trunks.out")} used={state.channels.out} max={state.channels.max_out} ratio={state.answer_seizure_ratio.out} />
              </SimpleGrid>
            </Stack>
          )}
        </Loaded>
      </Card>
      {query.data && <Failures state={query.data} />}
      {query.data?.registration && query.data.registration.history.length > 0 && <History state={query.data} />}
    </>
  );
}

function Registration({ state }: { state: TrunkState }) {
  const { t } = useTranslation();
  const may = useMay();
  const cache = useQueryClient();
  const retry = useMutation({
    mutationFn: () => post(`/trunks/${state.id}/register`, {}),
    onError: (error) => tellProblem(error),
    onSettled: () => cache.invalidateQueries({ queryKey: ["trunks"] }),
  });
  const registration = state.registration;
  return (
    <Stack gap="xs">
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <TrunkBadge state={state} />
        <Text size="sm">{registration ? registration.sentence : t("trunks.unwatched")}</Text>
      </Group>
      {registration && registration.state !== "none" && (
        <>
          <Text size="sm" c="dimmed">
            {t("trunks.since", { ago: ago(registration.since) })}
            {registration.state === "registered" && registration.expires && ` ${t("trunks.until", { time: dateTime(registration.expires) })}`}
            {registration.state !== "registered" && registration.next_try && ` ${t("trunks.nextTry", { time: dateTime(registration.next_try, true) })}`}
          </Text>
          {may("trunk:write") && (
            <Group>
              <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} loading={retry.isPending} onClick={() => retry.mutate()}>
                {t("trunks.register")}
              </Button>
            </Group>
          )}
        </>
      )}
    </Stack>
  );
}

function Watched({ state }: { state: TrunkState }) {
  const { t } = useTranslation();
  const { options } = state;
  if (!options) return null;
  const latency = options.latency_ms !== null && ` ${t("trunks.latency", { milliseconds: number(options.latency_ms) })}`;
  return (
    <Text size="sm">
      <Text span fw={600} size="sm">OPTIONS</Text>
      {" · "}
      {options.sentence}
      {latency}
      {options.at && <Text span c="dimmed" size="sm">{` · ${ago(options.at)}`}</Text>}
    </Text>
  );
}

function Channels({ title, used, max, ratio }: { title: string; used: number; max: number; ratio: Ratio }) {
  const { t } = useTranslation();
  const share = max > 0 ? Math.min(used / max, 1) : 0;
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>{title}</Text>
      <Text size="sm">{max > 0 ? t("trunks.channelsOf", { used: number(used), max: number(max) }) : t("trunks.channels", { used: number(used) })}</Text>
      {max > 0 && <Progress value={share * 100} color={share >= FULL ? "red" : "navy"} aria-label={title} />}
      <Text size="sm" c="dimmed">{t("trunks.answered", { ratio: ratioText(ratio, t("trunks.noCalls")) })}</Text>
    </Stack>
  );
}

function Failures({ state }: { state: TrunkState }) {
  const { t } = useTranslation();
  return (
    <Card title={t("trunks.failures")}>
      {state.failures.length === 0 && <Text c="dimmed" size="sm">{t("trunks.noFailures")}</Text>}
      <Stack gap="sm">
        {state.failures.map((failure, index) => (
          <Stack key={index} gap={0}>
            <Text size="sm"><span className="mono">{failure.number}</span>{" · "}{failure.sentence}</Text>
            <Text size="sm" c="dimmed">{dateTime(failure.at, true)}{failure.status !== null && ` · SIP ${failure.status}`}</Text>
          </Stack>
        ))}
      </Stack>
    </Card>
  );
}

function History({ state }: { state: TrunkState }) {
  const { t } = useTranslation();
  return (
    <Card title={t("trunks.history")}>
      <Stack gap="sm">
        {state.registration?.history.map((event, index) => (
          <Stack key={index} gap={0}>
            {event.failure ? (
              <Alert color="red" variant="light" py={4} icon={<IconAlertTriangle aria-hidden />}>{event.sentence}</Alert>
            ) : (
              <Text size="sm">{event.sentence}</Text>
            )}
            <Text size="sm" c="dimmed">{dateTime(event.at, true)}</Text>
          </Stack>
        ))}
      </Stack>
    </Card>
  );
}
