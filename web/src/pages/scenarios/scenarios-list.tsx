import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { scenarioRunsQuery } from "@/api/plan";
import type { Item, KindSpec } from "@/api/types";
import { useListState } from "@/components/use-list";
import { CreateDrawer } from "@/kind/create-drawer";
import { KindList } from "@/kind/kind-list";

/** The scenarios, each with what it gives on the plan of now; run again with each change, and when somebody asks. */
export function ScenariosList({ kind }: { kind: KindSpec }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const list = useListState();
  const runs = useQuery(scenarioRunsQuery(i18n.language));
  const open = (item: Item) => `/config/${kind.plural}/${item.id}`;
  const result = {
    name: "result",
    title: t("scenarios.result"),
    render: (item: Item) => {
      const run = runs.data?.items.find((each) => each.scenario === item.id);
      if (!run) return null;
      return (
        <Stack gap={2} align="flex-start">
          <Badge color={run.passed ? "green" : "red"} variant="light">{t(run.passed ? "scenarios.passed" : "scenarios.failed")}</Badge>
          <Text size="xs" c="dimmed" maw={360}>{run.happened}</Text>
        </Stack>
      );
    },
  };
  const again = (
    <Group gap="sm">
      {runs.data && <Text size="sm" role="status">{t("scenarios.passedCount", { count: runs.data.passed })}, {t("scenarios.failedCount", { count: runs.data.failed })}</Text>}
      <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={runs.isFetching} onClick={() => void runs.refetch()}>{t("scenarios.run")}</Button>
    </Group>
  );
  return (
    <>
      <KindList kind={kind} href={open} extra={[result]} onCreate={() => list.set({ create: true })} actions={again} />
      <CreateDrawer kind={kind} opened={list.search.create === true} onClose={() => list.set({ create: undefined })} onCreated={(item) => void navigate({ href: open(item) })} />
    </>
  );
}
