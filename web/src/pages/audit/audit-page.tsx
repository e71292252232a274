import { Badge, Button, Group, Select, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import type { AuditEntry } from "@/api/types";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ScrollBox } from "@/components/scroll-box";
import { SearchBox } from "@/components/search-box";
import { useListState } from "@/components/use-list";
import { dateTime } from "@/i18n/format";

const PAGE = 100;
const EVENTS = ["login", "login-refused", "logout", "session-ended", "forbidden", "password-changed", "totp-changed", "recovery-codes-made", "token-created", "token-removed", "token-used-first", "secret-revealed", "toll-released"];
const REFUSALS = new Set(["login-refused", "forbidden"]);

interface AuditPart {
  items: AuditEntry[];
  next: number | null;
}

/** Who signed in or was refused, and who looked at a secret. */
export function AuditPage() {
  const { t } = useTranslation();
  const { search, set } = useListState();
  // The event's names are those of api/access/audit_book.
  const account = search.account === undefined ? undefined : String(search.account);
  const event = search.event === undefined ? undefined : String(search.event);
  const query = useInfiniteQuery({
    queryKey: ["audit", account, event],
    queryFn: ({ pageParam }) => get<AuditPart>("/audit", { limit: PAGE, before: pageParam ?? undefined, account, event }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const nameOfEvent = (name: string) => t(`audit.event.${name.replaceAll("-", "_")}`, { defaultValue: name });
  return (
    <Page title={t("nav.audit")} help={t("audit.help")}>
      <Group gap="sm" align="flex-end">
        <SearchBox labelled label={t("audit.account")} value={account ?? ""} onChange={(text) => set({ account: text })} />
        <Select label={t("audit.what")} clearable value={event ?? null} onChange={(value) => set({ event: value ?? undefined })} data={EVENTS.map((value) => ({ value, label: nameOfEvent(value) }))} clearButtonProps={{ "aria-label": t("action.clear") }} />
      </Group>
      <Loaded query={query as never} rows={8}>
        {(data: { pages: AuditPart[] }) => {
          const entries = data.pages.flatMap((page) => page.items);
          return (
            <Card flush>
              {entries.length === 0 ? (
                <Empty title={t("audit.none")} />
              ) : (
                <ScrollBox label={t("nav.audit")}>
                  <Table verticalSpacing="sm" horizontalSpacing="md" className="stacking">
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th scope="col">{t("audit.when")}</Table.Th>
                        <Table.Th scope="col">{t("audit.account")}</Table.Th>
                        <Table.Th scope="col">{t("audit.what")}</Table.Th>
                        <Table.Th scope="col" className="hide-narrow">{t("audit.source")}</Table.Th>
                        <Table.Th scope="col" className="hide-narrow">{t("audit.detail")}</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {entries.map((entry) => (
                        <Table.Tr key={entry.id}>
                          <Table.Td data-label={t("audit.when")}>{dateTime(entry.at, true)}</Table.Td>
                          <Table.Td data-label={t("audit.account")}>{entry.account || "—"}</Table.Td>
                          <Table.Td data-label={t("audit.what")}><Badge variant="light" color={REFUSALS.has(entry.event) ? "red" : "navy"}>{nameOfEvent(entry.event)}</Badge></Table.Td>
                          <Table.Td data-label={t("audit.source")} className="mono">{entry.source ?? "—"}</Table.Td>
                          <Table.Td data-label={t("audit.detail")}><Text size="sm" className="wrap">{entry.detail}</Text></Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </ScrollBox>
              )}
            </Card>
          );
        }}
      </Loaded>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t("history.older")}</Button>}
    </Page>
  );
}
