import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MapContext, MapRange } from "@/api/plan";
import { Card } from "@/components/card";
import { PageLink } from "@/components/page-link";
import { number } from "@/i18n/format";

/** One context: its ranges as bars, who can dial into it, and whether its phones reach help. */
export function ContextMap({ context }: { context: MapContext }) {
  const { t } = useTranslation();
  const others = context.dialled_from.filter((each) => each.id !== context.id);
  const link = (each: { id: number; name: string }) => <PageLink key={each.id} href={`/config/contexts/${each.id}`} size="sm" underline="always">{each.name}</PageLink>;
  return (
    <Card
      title={context.label || context.name}
      actions={<PageLink href={`/numbering-map?view=numbers&context=${context.id}`} size="sm">{t("map.seeNumbers", { count: context.numbers + context.patterns })}</PageLink>}
    >
      <Stack gap="md">
        <Group gap="xs">
          {!context.enabled && <Badge color="gray" variant="light">{t("map.disabled")}</Badge>}
          <Badge variant="default" tt="none">{t("map.phones", { count: context.phones })}</Badge>
          <Badge variant="default" tt="none">{t("map.numbers", { count: context.numbers })}</Badge>
          {context.patterns > 0 && <Badge variant="default" tt="none">{t("map.patterns", { count: context.patterns })}</Badge>}
          {context.shadowed > 0 && <Badge color="red" variant="light" tt="none">{t("map.shadowed", { count: context.shadowed })}</Badge>}
        </Group>
        {context.ranges.length === 0 ? <Text c="dimmed" size="sm">{t("map.noRanges")}</Text> : context.ranges.map((range) => <Range key={`${range.use}.${range.start}`} range={range} />)}
        {context.includes.length > 0 && <Group gap={6}><Text size="sm" c="dimmed">{t("map.includes")}</Text>{context.includes.map(link)}</Group>}
        {others.length > 0 && <Group gap={6}><Text size="sm" c="dimmed">{t("map.dialledFrom")}</Text>{others.map(link)}</Group>}
        {context.phones > 0 && context.help !== null && (
          <Group gap="xs" wrap="nowrap" align="flex-start">
            {context.help.proven ? <IconShieldCheck size={18} color="var(--mantine-color-green-7)" aria-hidden /> : <IconShieldX size={18} color="var(--mantine-color-red-7)" aria-hidden />}
            <Text size="sm">{t("map.helpIs", { sentence: context.help.sentence })}</Text>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function Range({ range }: { range: MapRange }) {
  const { t } = useTranslation();
  const share = range.size > 0 ? Math.min(100, (range.used / range.size) * 100) : 0;
  const words = t("map.range", { used: number(range.used), size: number(range.size), free: number(range.free) });
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>{t(`map.use.${range.use}`, { defaultValue: range.use })} <span className="mono">{range.start}–{range.end}</span></Text>
        <Text size="sm" c="dimmed">{words}</Text>
      </Group>
      <div className="range-bar" role="img" aria-label={`${range.start}–${range.end}: ${words}`}>{share > 0 && <span style={{ width: `${share}%` }} data-full={share > 90 ? "" : undefined} />}</div>
      <Group gap="md">
        {range.next && <Text size="sm" c="dimmed">{t("map.next", { next: range.next })}</Text>}
        {range.emergency.length > 0 && <Text size="sm" c="dimmed">{t("map.keptFree", { numbers: range.emergency.join(", ") })}</Text>}
      </Group>
      {range.overlaps.map((other, index) => (
        <Group key={index} gap={6} wrap="nowrap">
          <IconAlertTriangle size={16} color="var(--mantine-color-orange-8)" aria-hidden />
          <Text size="sm">{t("map.overlaps", { name: other.name, start: other.start, end: other.end })}</Text>
        </Group>
      ))}
    </Stack>
  );
}
