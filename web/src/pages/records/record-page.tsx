import { Anchor, Grid, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { recordQuery } from "@/api/queries";
import type { FullCallRecord } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { NotFound } from "@/components/not-found";
import { Page } from "@/components/page";
import { dateTime, duration, timeOfDay } from "@/i18n/format";
import { Disposition, Parties, partyName } from "./call-line";
import { Ladder } from "./ladder";
import { QualityCharts } from "./quality-charts";

/** One call, explained: who, when, how it ended, every message and every decision. */
export function RecordPage() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false });
  const query = useQuery(recordQuery(Number(id)));
  if (!(Number(id) > 0)) return <NotFound />;
  const call = query.data;
  return (
    <Page
      title={call ? t("records.title", { caller: partyName(call.caller_name, call.caller_number), called: partyName(call.called_name, call.called_number || call.dialled) }) : t("records.call")}
      trail={<Anchor component={Link} to="/call-records">{t("nav.records")}</Anchor>}
    >
      <Loaded query={query} rows={8}>
        {(record) => (
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 6 }}>
              <Summary call={record} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 6 }}>
              <Decisions call={record} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xl: 6 }}>
              <Card title={t("records.ladder")}>
                {record.trace ? <Ladder trace={record.trace} /> : <Text c="dimmed">{t("records.noTrace")}</Text>}
              </Card>
            </Grid.Col>
            <Grid.Col span={{ base: 12, xl: 6 }}>
              <QualityCharts legs={record.legs} />
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function Summary({ call }: { call: FullCallRecord }) {
  const { t } = useTranslation();
  const may = useMay();
  const rows: [string, React.ReactNode][] = [
    [t("records.parties"), <Parties key="p" call={call} />],
    [t("records.dialled"), call.dialled],
    [t("records.start"), dateTime(call.start, true)],
    [t("records.answer"), call.answer ? timeOfDay(call.answer) : "—"],
    [t("records.end"), timeOfDay(call.end)],
    [t("records.duration"), duration(call.duration_ms) || "—"],
    [t("records.disposition"), <Disposition key="d" value={call.disposition} />],
    [t("records.cause"), t("records.causeText", { cause: call.cause, text: t(`cause.${call.cause}`, { defaultValue: "" }) })],
    [t("records.hungUpBy"), t(`hungUpBy.${call.hung_up_by}`, { defaultValue: call.hung_up_by })],
    [
      t("records.revision"),
      may("history:read") && call.config_revision > 0 ? (
        <Anchor key="r" component={Link} to={`/revisions/${call.config_revision}`}>{t("history.revision", { number: call.config_revision })}</Anchor>
      ) : (
        call.config_revision
      ),
    ],
    ["UUID", <span key="u" className="mono">{call.uuid}</span>],
  ];
  return (
    <Card title={t("records.summary")}>
      <Table withRowBorders={false} verticalSpacing={4} aria-label={t("records.summary")}>
        <Table.Tbody>
          {rows.map(([title, value]) => (
            <Table.Tr key={title}>
              <Table.Th scope="row" fw={400} c="dimmed" w="42%">{title}</Table.Th>
              <Table.Td className="wrap">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function Decisions({ call }: { call: FullCallRecord }) {
  const { t } = useTranslation();
  const decisions = (call.trace?.entries ?? []).filter((entry) => entry.kind === "decision");
  return (
    <Card title={t("records.decisions")}>
      {decisions.length === 0 ? (
        <Text c="dimmed">{t("records.noDecisions")}</Text>
      ) : (
        <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: "none" }}>
          {decisions.map((entry, index) => (
            <Group key={index} component="li" gap="sm" align="flex-start" wrap="nowrap">
              <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>{timeOfDay(entry.at, true)}</Text>
              <Text size="sm" className="wrap">{entry.who ? `${entry.who} : ` : ""}{entry.text}</Text>
            </Group>
          ))}
        </Stack>
      )}
    </Card>
  );
}
