import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RecordLeg } from "@/api/types";
import { Card } from "@/components/card";
import { LineChart } from "@/components/line-chart";
import { number } from "@/i18n/format";

/** How each leg sounded: figures over the whole call, and how they moved. */
export function QualityCharts({ legs }: { legs: RecordLeg[] }) {
  const { t } = useTranslation();
  const measured = legs.filter((leg) => leg.statistics && (leg.statistics.packets_received > 0 || leg.statistics.packets_sent > 0));
  return (
    <Card title={t("quality.title")}>
      {measured.length === 0 ? (
        <Text c="dimmed">{t("quality.none")}</Text>
      ) : (
        <SimpleGrid cols={{ base: 1, md: measured.length > 1 ? 2 : 1 }} spacing="xl">
          {measured.map((leg) => (
            <LegQuality key={leg.number} leg={leg} />
          ))}
        </SimpleGrid>
      )}
    </Card>
  );
}

function LegQuality({ leg }: { leg: RecordLeg }) {
  const { t } = useTranslation();
  const figures = leg.statistics;
  if (!figures) return null;
  const quality = figures.quality;
  const points = quality?.at_s ?? [];
  const expected = figures.packets_received + figures.packets_lost;
  const loss = expected > 0 ? (100 * figures.packets_lost) / expected : 0;
  const known: [string, string][] = [
    [t("quality.mos"), figures.mos_hundredths === null ? "—" : number(figures.mos_hundredths / 100)],
    [t("quality.loss"), `${number(Math.round(loss * 100) / 100)} %`],
    [t("quality.jitter"), `${number(Math.round(figures.jitter_us / 100) / 10)} ms`],
    [t("quality.roundTrip"), figures.round_trip_us > 0 ? `${number(Math.round(figures.round_trip_us / 100) / 10)} ms` : "—"],
    [t("quality.packets"), `${number(figures.packets_received)} / ${number(figures.packets_sent)}`],
  ];
  return (
    <Stack gap="sm" style={{ minWidth: 0 }}>
      <Text fw={650} className="wrap">
        {t(`role.${leg.role}`, { defaultValue: leg.role })} · {leg.codec || "—"} · <span className="mono">{leg.remote}</span>
      </Text>
      <Group gap="lg">
        {known.map(([title, value]) => (
          <Stack key={title} gap={0}>
            <Text size="xs" c="dimmed">{title}</Text>
            <Text fw={650}>{value}</Text>
          </Stack>
        ))}
      </Group>
      {quality && points.length > 1 ? (
        <>
          <LineChart title={t("quality.mosOverTime")} unit="" x={points} series={[{ name: t("quality.mos"), color: "navy", values: quality.mos_hundredths.map((value) => (value === 0 ? null : value / 100)) }]} min={1} max={4.5} />
          <LineChart title={t("quality.lossOverTime")} unit="%" x={points} series={[
            { name: t("quality.heard"), color: "red", values: quality.loss_permille.map((value) => value / 10) },
            { name: t("quality.theirs"), color: "orange", values: quality.remote_loss_permille.map((value) => value / 10) },
          ]} min={0} />
          <LineChart title={t("quality.jitterOverTime")} unit="ms" x={points} series={[
            { name: t("quality.jitter"), color: "grape", values: quality.jitter_ms },
            { name: t("quality.roundTrip"), color: "teal", values: quality.round_trip_ms },
          ]} min={0} />
        </>
      ) : (
        <Text size="sm" c="dimmed">{t("quality.short")}</Text>
      )}
    </Stack>
  );
}
