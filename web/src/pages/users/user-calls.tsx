import { Stack, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { itemQuery, recordsQuery } from "@/api/queries";
import type { Item } from "@/api/types";
import { useMay } from "@/app/session";
import { PageLink } from "@/components/page-link";
import { Card } from "@/components/card";
import { CallLine } from "../records/call-line";

const SHOWN_MAX = 8;

/** The last calls of a person's numbers. */
export function UserCalls({ user }: { user: Item }) {
  const { t } = useTranslation();
  const may = useMay();
  const allowed = may("record:read");
  const ids = Array.isArray(user.extensions) ? user.extensions.filter((each): each is number => typeof each === "number").slice(0, 3) : [];
  const numbers = useQueries({ queries: ids.map((id) => itemQuery("extensions", id)) }).flatMap(({ data }) => (data ? String(data.item.exten) : []));
  const calls = useQueries({
    queries: numbers.flatMap((exten) => [
      { ...recordsQuery({ caller: exten, limit: SHOWN_MAX }), enabled: allowed },
      { ...recordsQuery({ called: exten, limit: SHOWN_MAX }), enabled: allowed },
    ]),
  });
  if (!allowed) return null;
  const found = new Map(calls.flatMap(({ data }) => data?.items ?? []).map((call) => [call.id, call]));
  const last = [...found.values()].sort((a, b) => b.start.localeCompare(a.start)).slice(0, SHOWN_MAX);
  return (
    <Card title={t("users.lastCalls")} actions={numbers[0] && <PageLink href={`/call-records?number=${numbers[0]}`} size="sm">{t("users.allCalls")}</PageLink>}>
      <Stack gap="xs">
        {last.map((call) => (
          <CallLine key={call.id} call={call} own={numbers} />
        ))}
        {last.length === 0 && <Text c="dimmed">{t("users.noCalls")}</Text>}
      </Stack>
    </Card>
  );
}
