import { Anchor, Grid, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconPhoneCall } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { callsQuery, itemQuery, listQuery, recordsQuery, registrationsQuery, revisionsQuery } from "@/api/queries";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ago, number } from "@/i18n/format";
import { useSummary } from "@/kind/difference";
import { CallTable } from "../calls/call-table";
import { CallLine } from "../records/call-line";
import { Attention } from "./attention";

function Figure({ title, value, detail, to }: { title: string; value: ReactNode; detail?: string; to: string }) {
  return (
    <Paper withBorder radius="lg" p="lg" component={Link} to={to} style={{ textDecoration: "none", color: "inherit" }}>
      <Text size="sm" c="dimmed">{title}</Text>
      <Text fz={34} fw={700} lh={1.2}>{value}</Text>
      {detail && <Text size="sm" c="dimmed">{detail}</Text>}
    </Paper>
  );
}

/** The state of the house at a glance. */
export function DashboardPage() {
  const { t } = useTranslation();
  const may = useMay();
  const summary = useSummary();
  const calls = useQuery({ ...callsQuery, enabled: may("call:read") });
  const phones = useQuery({ ...registrationsQuery("", 1), enabled: may("registration:read") });
  const lines = useQuery({ ...listQuery("lines", { limit: 1 }), enabled: may("line:read") });
  const users = useQuery({ ...listQuery("users", { limit: 1 }), enabled: may("user:read") });
  const general = useQuery({ ...itemQuery("general", null), enabled: may("general:read") });
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  const records = useQuery({ ...recordsQuery({ since: today.toISOString(), limit: 8 }), enabled: may("record:read") });
  const changes = useQuery({ ...revisionsQuery({ limit: 6 }), enabled: may("history:read") });
  const company = general.data?.item.company;
  const count = (value: number | undefined) => (value === undefined ? "…" : number(value));
  return (
    <Page title={typeof company === "string" && company ? company : t("nav.dashboard")}>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        {may("call:read") && <Figure title={t("dashboard.calls")} value={count(calls.data?.total)} detail={t("dashboard.now")} to="/calls" />}
        {may("registration:read") && <Figure title={t("dashboard.phones")} value={count(phones.data?.total)} detail={t("dashboard.ofLines", { count: lines.data?.total ?? 0 })} to="/lines" />}
        {may("user:read") && <Figure title={t("dashboard.users")} value={count(users.data?.total)} detail={t("dashboard.configured")} to="/users" />}
        {may("record:read") && <Figure title={t("dashboard.today")} value={count(records.data?.total)} detail={t("dashboard.finished")} to="/call-records" />}
      </SimpleGrid>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Stack gap="lg">
            <Card title={t("nav.calls")} flush actions={<Anchor component={Link} to="/calls" size="sm">{t("dashboard.allCalls")}</Anchor>}>
              <Loaded query={calls}>
                {({ items }) => (items.length === 0 ? <Empty icon={<IconPhoneCall />} title={t("calls.none")} help={t("calls.noneHelp")} /> : <CallTable calls={items.slice(0, 8)} compact />)}
              </Loaded>
            </Card>
            {may("record:read") && (
              <Card title={t("dashboard.lastCalls")} actions={<Anchor component={Link} to="/call-records" size="sm">{t("nav.records")}</Anchor>}>
                <Loaded query={records}>
                  {({ items }) => (
                    <Stack gap="xs">
                      {items.map((call) => <CallLine key={call.id} call={call} />)}
                      {items.length === 0 && <Text c="dimmed">{t("dashboard.noCalls")}</Text>}
                    </Stack>
                  )}
                </Loaded>
              </Card>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            <Card title={t("dashboard.attention")}>
              <Attention nothing={<Group gap="sm"><IconCircleCheck color="var(--mantine-color-green-7)" aria-hidden /><Text>{t("dashboard.nothing")}</Text></Group>} />
            </Card>
            {may("history:read") && (
              <Card title={t("dashboard.changes")} actions={<Anchor component={Link} to="/revisions" size="sm">{t("dashboard.history")}</Anchor>}>
                <Loaded query={changes}>
                  {({ items }) => (
                    <Stack gap="sm">
                      {items.map((revision) => (
                        <Stack key={revision.number} gap={0}>
                          <Anchor component={Link} to={`/revisions/${revision.number}`} size="sm" fw={600}>
                            {revision.message || summary(revision.difference ?? [])}
                          </Anchor>
                          <Text size="sm" c="dimmed">
                            {revision.author} · {ago(revision.at)}
                          </Text>
                        </Stack>
                      ))}
                      {items.length === 0 && <Text c="dimmed">{t("history.none")}</Text>}
                    </Stack>
                  )}
                </Loaded>
              </Card>
            )}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
