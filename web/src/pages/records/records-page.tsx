import { Anchor, Button, Group, Select, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { API } from "@/api/client";
import { recordsQuery } from "@/api/queries";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { Page } from "@/components/page";
import { SearchBox } from "@/components/search-box";
import { PAGE_SIZE, useListState } from "@/components/use-list";
import { dateTime, duration } from "@/i18n/format";
import { Disposition, Parties, partyName } from "./call-line";

const DISPOSITIONS = ["answered", "no-answer", "busy", "failed", "cancelled"];

/** A day of the person's calendar as a moment. */
function moment(day: unknown, end: boolean): string | undefined {
  if (typeof day !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00`);
  if (end) date.setDate(date.getDate() + 1);
  return date.toISOString();
}

export function RecordsPage() {
  const { t } = useTranslation();
  const { search, set, page } = useListState();
  const text = (name: string) => (search[name] === undefined ? undefined : String(search[name]));
  const filter = {
    since: moment(search.from, false),
    until: moment(search.to, true),
    caller: text("caller"),
    called: text("called") ?? text("number"),
    disposition: text("disposition"),
  };
  const query = useQuery(recordsQuery({ ...filter, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }));
  const given = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const csv = `${API}/call-records.csv?${new URLSearchParams(given).toString()}`;
  return (
    <Page
      title={t("nav.records")}
      help={t("records.help")}
      actions={
        <Button component="a" href={csv} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {t("records.export")}
        </Button>
      }
    >
      <Card flush>
        <Group p="md" gap="sm" align="flex-end">
          <TextInput type="date" label={t("records.from")} value={text("from") ?? ""} onChange={(event) => set({ from: event.currentTarget.value, page: undefined })} />
          <TextInput type="date" label={t("records.to")} value={text("to") ?? ""} onChange={(event) => set({ to: event.currentTarget.value, page: undefined })} />
          <SearchBox labelled label={t("records.caller")} value={text("caller") ?? ""} onChange={(caller) => set({ caller, page: undefined })} />
          <SearchBox labelled label={t("records.called")} value={text("called") ?? text("number") ?? ""} onChange={(called) => set({ called, number: undefined, page: undefined })} />
          <Select label={t("records.disposition")} clearable value={text("disposition") ?? null} onChange={(value) => set({ disposition: value ?? undefined, page: undefined })}
            data={DISPOSITIONS.map((value) => ({ value, label: t(`disposition.${value.replace("-", "_")}`) }))} clearButtonProps={{ "aria-label": t("action.clear") }} />
        </Group>
        <DataTable
          label={t("nav.records")}
          query={query}
          rowKey={(call) => call.id}
          href={(call) => `/call-records/${call.id}`}
          columns={[
            { name: "start", title: t("records.start"), render: (call) => <Anchor component={Link} to={`/call-records/${call.id}`} size="sm" className="nowrap">{dateTime(call.start, true)}</Anchor> },
            { name: "parties", title: t("records.parties"), render: (call) => <Text size="sm" fw={600} component="div"><Parties call={call} /></Text> },
            { name: "disposition", title: t("records.disposition"), render: (call) => <Disposition value={call.disposition} /> },
            { name: "duration", title: t("records.duration"), minor: true, numeric: true, render: (call) => duration(call.duration_ms) || "—" },
            { name: "by", title: t("records.hungUpBy"), minor: true, render: (call) => t(`hungUpBy.${call.hung_up_by}`, { defaultValue: call.hung_up_by, who: partyName(call.caller_name, call.caller_number) }) },
          ]}
          page={page}
          pageSize={PAGE_SIZE}
          onPage={(next) => set({ page: next === 1 ? undefined : next })}
          empty={given.length > 0 ? <Empty title={t("empty.found")} help={t("empty.foundHelp")} /> : <Empty title={t("records.none")} help={t("records.noneHelp")} />}
        />
      </Card>
    </Page>
  );
}
