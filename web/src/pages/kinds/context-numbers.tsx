import { Anchor, Badge, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { numbersQuery } from "@/api/queries";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { useSchema } from "@/kind/schema";

const USES = ["user", "group", "ivr", "queue", "conference_room", "incall"];
const SHOWN_MAX = 60;

/** Which numbers of a context are taken, and which are free. */
export function ContextNumbers({ context }: { context: number }) {
  const { t } = useTranslation();
  const { kinds } = useSchema();
  const [use, setUse] = useState("user");
  const query = useQuery(numbersQuery(context, use));
  const pathOf = (kind: string, id: number) => {
    const plural = kinds.find((each) => each.name === kind)?.plural ?? kind;
    return kind === "user" || kind === "line" ? `/${plural}/${id}` : `/config/${plural}/${id}`;
  };
  return (
    <Card title={t("numbers.title")}>
      <Stack>
        <div style={{ overflowX: "auto" }}>
          <SegmentedControl value={use} onChange={setUse} aria-label={t("numbers.use")} data={USES.map((value) => ({ value, label: t(`numbers.${value}`) }))} />
        </div>
        <Loaded query={query}>
          {(numbers) => (
            <>
              {numbers.ranges.length === 0 && <Text c="dimmed">{t("numbers.noRange")}</Text>}
              {numbers.ranges.map((range) => (
                <Text key={range.start}>{t("numbers.range", { start: range.start, end: range.end || range.start, used: range.used, size: range.size })}</Text>
              ))}
              {numbers.next && (
                <Text>
                  {t("numbers.next")} <b>{numbers.next}</b>
                </Text>
              )}
              {numbers.used.length > 0 && (
                <Group gap={6}>
                  {numbers.used.slice(0, SHOWN_MAX).map((used) => (
                    <Badge key={`${used.exten}.${used.id}`} variant="default" fw={500} radius="sm" size="lg">
                      <Anchor component={Link} to={pathOf(used.kind, used.id)} size="sm">
                        {used.exten} {used.name !== used.exten && used.name}
                      </Anchor>
                    </Badge>
                  ))}
                  {numbers.used.length > SHOWN_MAX && <Text size="sm">{t("difference.more", { count: numbers.used.length - SHOWN_MAX })}</Text>}
                </Group>
              )}
            </>
          )}
        </Loaded>
      </Stack>
    </Card>
  );
}
