import { Alert, Badge, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { scheduleStateQuery } from "@/api/planning";
import type { OpenState, ScheduleState } from "@/api/planning";
import type { Item, KindSpec } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { tellProblem } from "@/kind/use-undo";
import { useChange } from "@/kind/use-save";
import { ValueView } from "@/kind/value-view";

export const STATE_BADGES: Record<OpenState, string> = {
  unscheduled: "gray", open: "green", forced_open: "green", closed: "gray", forced_closed: "red", exception: "orange", holiday: "grape",
};

export function OpenBadge({ state }: { state: OpenState }) {
  const { t } = useTranslation();
  return <Badge color={STATE_BADGES[state] ?? "gray"} variant="light">{t(`schedule.state.${state}`)}</Badge>;
}

/** A state in words, and where calls go then. */
export function StateWords({ state }: { state: ScheduleState }) {
  const { t } = useTranslation();
  const goes = state.destination && state.destination.type !== "none";
  return (
    <Stack gap={4}>
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <OpenBadge state={state.state} />
        <Text size="sm">{state.sentence}</Text>
      </Group>
      {!state.open && (
        <Text size="sm" c="dimmed">
          {goes ? <>{t("schedule.goes")} <ValueView value={state.destination} /></> : t("schedule.refused")}
        </Text>
      )}
    </Stack>
  );
}

/** Open or closed at this moment, for a list. */
export function OpenNow({ id }: { id: number }) {
  const { i18n } = useTranslation();
  const { data } = useQuery(scheduleStateQuery(id, i18n.language));
  return data && <OpenBadge state={data.state} />;
}

/** What holds now, and the buttons that force it. */
export function ScheduleNow({ kind, item }: { kind: KindSpec; item: Item }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const narrow = useMediaQuery("(max-width: 36em)");
  const cache = useQueryClient();
  const change = useChange(kind);
  const query = useQuery(scheduleStateQuery(item.id, i18n.language));
  const mode = String(item.mode ?? "automatic");
  const force = (next: string) =>
    change.mutate({ id: item.id, fields: { mode: next }, etag: null }, {
      onError: (error) => tellProblem(error),
      onSettled: () => void cache.invalidateQueries({ queryKey: ["config", "schedules"] }),
    });
  return (
    <Card title={t("schedule.now")}>
      <Stack>
        <Loaded query={query} rows={2}>{(state) => <StateWords state={state} />}</Loaded>
        {may("schedule:write") && (
          <SegmentedControl
            aria-label={t("schedule.mode")}
            value={mode}
            onChange={force}
            disabled={change.isPending}
            orientation={narrow ? "vertical" : "horizontal"}
            data={["automatic", "open", "closed"].map((value) => ({ value, label: t(`schedule.force.${value}`) }))}
          />
        )}
        {mode !== "automatic" && <Alert color="orange" variant="light" py="xs">{t("schedule.forcedHelp")}</Alert>}
        {item.enabled === false && <Alert color="gray" variant="light" py="xs">{t("schedule.disabledHelp")}</Alert>}
      </Stack>
    </Card>
  );
}
