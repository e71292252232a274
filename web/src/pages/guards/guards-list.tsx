import { Anchor, Badge, Box, Stack, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { tollQuery } from "@/api/planning";
import type { TollAccount } from "@/api/planning";
import type { Item, KindSpec } from "@/api/types";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { useListState } from "@/components/use-list";
import { ago, number } from "@/i18n/format";
import { CreateDrawer } from "@/kind/create-drawer";
import { KindList } from "@/kind/kind-list";
import { TollRelease } from "./toll-release";

/** The guards, and under them who calls the outside how much and who is blocked. */
export function GuardsList({ kind }: { kind: KindSpec }) {
  const navigate = useNavigate();
  const state = useListState();
  const open = (item: Item) => `/config/${kind.plural}/${item.id}`;
  return (
    <>
      <KindList kind={kind} href={open} onCreate={() => state.set({ create: true })} />
      <Box mt="lg">
        <Accounts />
      </Box>
      <CreateDrawer kind={kind} opened={state.search.create === true} onClose={() => state.set({ create: undefined })} onCreated={(item) => void navigate({ href: open(item) })} />
    </>
  );
}

function Accounts() {
  const { t, i18n } = useTranslation();
  const query = useQuery(tollQuery(i18n.language));
  const figure = (name: "in_progress" | "hour" | "international_hour" | "premium_hour", minor = false) => ({
    name, title: t(`toll.${name}`), numeric: true, minor, render: (account: TollAccount) => number(account[name]),
  });
  return (
    <Card title={t("toll.accounts")} flush>
      <DataTable
        label={t("toll.accounts")}
        query={query}
        rowKey={(account) => `${account.kind}.${account.id}`}
        pageSize={100}
        columns={[
          {
            name: "label",
            title: t("toll.who"),
            render: (account) => (
              <Anchor component={Link} to={account.kind === "user" ? `/users/${account.id}` : `/config/trunks/${account.id}`} fw={600} size="sm">
                {account.label || `#${account.id}`}
              </Anchor>
            ),
          },
          figure("in_progress"),
          figure("hour"),
          figure("international_hour", true),
          figure("premium_hour", true),
          {
            name: "blocked",
            title: t("toll.state"),
            render: (account) =>
              account.blocked ? (
                <Stack gap={2} align="flex-start">
                  <Badge color="red" variant="light">{t("toll.blocked")}</Badge>
                  <Text size="sm">{account.blocked.sentence}</Text>
                  <Text size="sm" c="dimmed">{ago(account.blocked.since)}</Text>
                </Stack>
              ) : (
                <Badge color="green" variant="light">{t("toll.free")}</Badge>
              ),
          },
          { name: "release", title: t("calls.action"), render: (account) => account.blocked && <TollRelease account={account} /> },
        ]}
        empty={<Empty icon={<IconShieldCheck />} title={t("toll.none")} help={t("toll.noneHelp")} />}
      />
    </Card>
  );
}
