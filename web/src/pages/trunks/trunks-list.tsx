import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { trunkStatesQuery } from "@/api/planning";
import type { Item, KindSpec } from "@/api/types";
import type { Column } from "@/components/data-table";
import { useListState } from "@/components/use-list";
import { number } from "@/i18n/format";
import { KindList } from "@/kind/kind-list";
import { CreateTrunk } from "./create-trunk";
import { TrunkBadge, ratioText } from "./trunk-status";

/** The trunks, and how each is doing now. */
export function TrunksList({ kind }: { kind: KindSpec }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const list = useListState();
  const states = useQuery(trunkStatesQuery(i18n.language));
  const of = (item: Item) => states.data?.items.find((each) => each.id === item.id);
  const count = (used: number, max: number) => (max > 0 ? `${number(used)}/${number(max)}` : number(used));
  const extra: Column<Item>[] = [
    {
      name: "state",
      title: t("lines.state"),
      render: (item) => {
        const state = of(item);
        return state && (
          <Stack gap={2} align="flex-start">
            <TrunkBadge state={state} />
            {state.enabled && state.registration && <Text size="xs" c="dimmed" maw={320}>{state.registration.sentence}</Text>}
          </Stack>
        );
      },
    },
    {
      name: "channels",
      title: t("trunks.inUse"),
      render: (item) => {
        const channels = of(item)?.channels;
        return channels && (
          <Group gap="xs" className="nowrap">
            <Text size="sm">{t("trunks.inShort", { count: count(channels.in, channels.max_in) })}</Text>
            <Text size="sm">{t("trunks.outShort", { count: count(channels.out, channels.max_out) })}</Text>
          </Group>
        );
      },
    },
    {
      name: "ratio",
      title: t("trunks.ratio"),
      minor: true,
      render: (item) => {
        const state = of(item);
        return state && <Text size="sm">{ratioText(state.answer_seizure_ratio.out, "—")}</Text>;
      },
    },
    {
      name: "latency",
      title: t("trunks.latencyTitle"),
      minor: true,
      numeric: true,
      render: (item) => {
        const latency = of(item)?.options?.latency_ms;
        return latency === null || latency === undefined ? null : <Text size="sm">{`${number(latency)} ms`}</Text>;
      },
    },
  ];
  const open = (item: Item) => `/config/${kind.plural}/${item.id}`;
  return (
    <>
      <KindList kind={kind} href={open} extra={extra} onCreate={() => list.set({ create: true })} />
      <CreateTrunk kind={kind} opened={list.search.create === true} onClose={() => list.set({ create: undefined })} onCreated={(item) => void navigate({ href: open(item) })} />
    </>
  );
}
