import { Badge, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { helpProofsQuery } from "@/api/plan";
import type { HelpProof } from "@/api/plan";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { PageLink } from "@/components/page-link";
import { SearchBox } from "@/components/search-box";
import { PAGE_SIZE, useListState } from "@/components/use-list";

/** For each phone: whether each emergency number is reached, and by which trunk. */
export function HelpProofs() {
  const { t, i18n } = useTranslation();
  const state = useListState();
  const proven = state.search.proven === undefined ? "" : String(state.search.proven);
  const query = useQuery(helpProofsQuery(i18n.language, { proven: proven || undefined, search: state.q || undefined, limit: PAGE_SIZE, offset: (state.page - 1) * PAGE_SIZE }));
  return (
    <Card flush>
      <Group p="md" gap="sm">
        <SearchBox value={state.q} onChange={(q) => state.set({ q, page: undefined })} label={t("map.searchPhone")} />
        <SegmentedControl aria-label={t("map.view.help")} style={{ maxWidth: "100%", overflowX: "auto" }} value={proven} onChange={(next) => state.set({ proven: next || undefined, page: undefined })}
          data={[{ value: "", label: t("map.allPhones") }, { value: "true", label: t("map.proven") }, { value: "false", label: t("map.unproven") }]} />
        {query.data && <Text size="sm" c="dimmed" role="status">{t("map.provenCount", { proven: query.data.proven, unproven: query.data.unproven })}</Text>}
      </Group>
      <DataTable
        label={t("map.view.help")}
        query={query}
        rowKey={(row) => row.line.id}
        page={state.page}
        onPage={(page) => state.set({ page: page === 1 ? undefined : page })}
        columns={[
          { name: "line", title: t("map.phone"), render: (row) => <PageLink href={`/lines/${row.line.id}`} size="sm" fw={600}>{row.line.name}</PageLink> },
          { name: "user", title: t("map.user"), render: (row) => row.user && <PageLink href={`/users/${row.user.id}`} size="sm">{row.user.name}</PageLink> },
          { name: "context", title: t("map.context"), minor: true, render: (row) => row.context?.name },
          { name: "proven", title: t("map.help112"), render: (row) => <Proof proof={row} /> },
        ]}
        empty={<Empty icon={<IconShieldCheck />} title={t("empty.found")} help={t("empty.foundHelp")} />}
      />
    </Card>
  );
}

function Proof({ proof }: { proof: HelpProof }) {
  const { t } = useTranslation();
  const lost = proof.calls.filter((call) => !call.reached);
  const trunks = [...new Set(proof.calls.flatMap((call) => (call.trunk ? [call.trunk.name] : [])))];
  return (
    <Stack gap={2} align="flex-start">
      <Badge color={proof.proven ? "green" : "red"} variant="light">{t(proof.proven ? "map.proven" : "map.unproven")}</Badge>
      {proof.proven && trunks.length > 0 && <Text size="xs" c="dimmed">{t("map.through", { trunks: trunks.join(", ") })}</Text>}
      {lost.slice(0, 2).map((call) => <Text key={call.number} size="sm">{call.number} : {call.sentence}</Text>)}
      {lost.length > 2 && <Text size="xs" c="dimmed">{t("difference.more", { count: lost.length - 2 })}</Text>}
    </Stack>
  );
}
