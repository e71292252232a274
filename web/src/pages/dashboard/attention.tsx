import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import { tollQuery, trunkStatesQuery } from "@/api/planning";
import { failuresQuery, itemQuery, listQuery, registrationsQuery } from "@/api/queries";
import type { Ban, Page } from "@/api/types";
import { useMay } from "@/app/session";
import { PageLink } from "@/components/page-link";
import { Loaded } from "@/components/loaded";
import { ago } from "@/i18n/format";
import { TollRelease } from "../guards/toll-release";

const SHOWN_MAX = 6;

interface Matter {
  key: string;
  text: string;
  detail?: string;
  href: string;
  action?: ReactNode;
}

/** What somebody should look at, most pressing first. */
export function Attention({ nothing }: { nothing: ReactNode }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const failures = useQuery({ ...failuresQuery(20), enabled: may("registration:read") });
  const phones = useQuery({ ...registrationsQuery("", 500), enabled: may("registration:read") });
  const lines = useQuery({ ...listQuery("lines", { limit: 200 }), enabled: may("line:read") });
  const bans = useQuery({ queryKey: ["bans"], queryFn: () => get<Page<Ban>>("/bans", { limit: 100 }), enabled: may("ban:read") });
  const general = useQuery({ ...itemQuery("general", null), enabled: may("general:read") });
  const toll = useQuery({ ...tollQuery(i18n.language), enabled: may("toll_guard:read") });
  const trunks = useQuery({ ...trunkStatesQuery(i18n.language), enabled: may("trunk:read") });
  const main = may("registration:read") ? failures : general;
  return (
    <Loaded query={main as UseQueryResult<unknown>}>
      {() => {
        const matters: Matter[] = [];
        if (general.data?.item.setup_done === false) matters.push({ key: "setup", text: t("attention.setup"), href: "/setup" });
        for (const account of toll.data?.items ?? []) {
          if (!account.blocked) continue;
          matters.push({
            key: `toll.${account.kind}.${account.id}`,
            text: `${account.label} : ${account.blocked.sentence}`,
            detail: ago(account.blocked.since),
            href: "/config/toll_guards",
            action: <TollRelease account={account} />,
          });
        }
        for (const trunk of trunks.data?.items ?? []) {
          if (!trunk.enabled || trunk.usable || !trunk.registration) continue;
          const why = trunk.options?.state === "unreachable" ? trunk.options.sentence : trunk.registration.sentence;
          matters.push({ key: `trunk.${trunk.id}`, text: t("attention.trunk", { name: trunk.label }), detail: why, href: `/config/trunks/${trunk.id}` });
        }
        for (const failure of (failures.data?.items ?? []).slice(0, SHOWN_MAX)) {
          const line = lines.data?.items.find((each) => each.name === failure.account);
          matters.push({
            key: `failure.${failure.account}.${failure.reason}.${failure.source}`,
            text: `${failure.account} : ${failure.message}`,
            detail: t("attention.failure", { count: failure.count, ago: ago(failure.last), source: failure.source ?? "?" }),
            href: line ? `/lines/${line.id}` : `/lines?q=${encodeURIComponent(failure.account)}`,
          });
        }
        const registered = new Set((phones.data?.items ?? []).map((each) => each.line_id));
        const silent = (lines.data?.items ?? []).filter((line) => line.enabled !== false && (line.host ?? "dynamic") === "dynamic" && !registered.has(line.id));
        if (phones.data && silent.length > 0) matters.push({ key: "silent", text: t("attention.silent", { count: silent.length }), href: "/lines" });
        const banned = bans.data?.total ?? 0;
        if (banned > 0) matters.push({ key: "bans", text: t("attention.bans", { count: banned }), href: "/bans" });
        if (matters.length === 0) return nothing;
        return (
          <Stack gap="sm">
            {matters.map((matter) => (
              <Group key={matter.key} justify="space-between" wrap="nowrap" align="flex-start">
                <Stack gap={0}>
                  <PageLink href={matter.href} size="sm" fw={600}>{matter.text}</PageLink>
                  {matter.detail && <Text size="sm" c="dimmed">{matter.detail}</Text>}
                </Stack>
                {matter.action}
              </Group>
            ))}
          </Stack>
        );
      }}
    </Loaded>
  );
}
