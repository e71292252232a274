import { Badge, Group, Select, Text } from "@mantine/core";
import { IconNumbers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { mapNumbersQuery } from "@/api/plan";
import type { MapContext, MapNumber } from "@/api/plan";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { SearchBox } from "@/components/search-box";
import { PAGE_SIZE, useListState } from "@/components/use-list";
import { number } from "@/i18n/format";
import { ObjectLink } from "@/kind/object-link";
import { ValueView } from "@/kind/value-view";

const STATES = ["reached", "shadowed", "disabled", "unreachable"] as const;
const COLORS: Record<MapNumber["state"], string> = { reached: "green", shadowed: "red", disabled: "gray", unreachable: "red" };

/** Everything that can be dialled, where it leads, and what hides it. */
export function MapNumbers({ contexts }: { contexts: MapContext[] }) {
  const { t, i18n } = useTranslation();
  const state = useListState();
  const filter = (name: string) => (state.search[name] === undefined ? null : String(state.search[name]));
  const query = useQuery(mapNumbersQuery(i18n.language, {
    context: filter("context") ?? undefined, state: filter("state") ?? undefined, search: state.q || undefined, limit: PAGE_SIZE, offset: (state.page - 1) * PAGE_SIZE,
  }));
  return (
    <Card flush>
      <Group p="md" gap="sm">
        <SearchBox value={state.q} onChange={(q) => state.set({ q, page: undefined })} label={t("map.search")} />
        <Select aria-label={t("map.context")} placeholder={t("map.context")} clearable clearButtonProps={{ "aria-label": t("action.clear") }} value={filter("context")}
          onChange={(context) => state.set({ context: context ?? undefined, page: undefined })} data={contexts.map((each) => ({ value: String(each.id), label: each.label || each.name }))} />
        <Select aria-label={t("map.state")} placeholder={t("map.state")} clearable clearButtonProps={{ "aria-label": t("action.clear") }} value={filter("state")}
          onChange={(next) => state.set({ state: next ?? undefined, page: undefined })} data={STATES.map((value) => ({ value, label: t(`map.states.${value}`) }))} />
      </Group>
      <DataTable
        label={t("map.view.numbers")}
        query={query}
        rowKey={(row) => `${row.context?.id}.${row.type}.${row.exten}.${row.object.id}`}
        page={state.page}
        onPage={(page) => state.set({ page: page === 1 ? undefined : page })}
        columns={[
          { name: "exten", title: t("map.number"), render: (row) => <Group gap="xs"><span className="mono">{row.exten}</span>{row.type !== "number" && <Badge variant="default" tt="none">{t(`map.type.${row.type}`)}</Badge>}</Group> },
          { name: "destination", title: t("map.leadsTo"), render: (row) => <LeadsTo row={row} /> },
          { name: "context", title: t("map.context"), minor: true, render: (row) => row.context?.name },
          { name: "phones", title: t("map.canDial"), numeric: true, minor: true, render: (row) => number(row.phones) },
          {
            name: "state", title: t("map.state"),
            render: (row) => (
              <Group gap="xs">
                <Badge color={COLORS[row.state]} variant="light">{t(`map.states.${row.state}`)}</Badge>
                {row.shadowed_by && <Text size="sm">{t("map.by")} <ObjectLink object={row.shadowed_by} size="sm" /></Text>}
              </Group>
            ),
          },
        ]}
        empty={<Empty icon={<IconNumbers />} title={t("empty.found")} help={t("empty.foundHelp")} />}
      />
    </Card>
  );
}

/** The destination of a number; of a route or a code, that itself. */
function LeadsTo({ row }: { row: MapNumber }) {
  return row.destination ? <ValueView value={row.destination} /> : <ObjectLink object={row.object} size="sm" />;
}
