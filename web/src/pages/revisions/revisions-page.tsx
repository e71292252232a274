import { Anchor, Button, Group, Select, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import type { Revision } from "@/api/types";
import { Card } from "@/components/card";
import { Empty } from "@/components/empty";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { SearchBox } from "@/components/search-box";
import { useListState } from "@/components/use-list";
import { ago, dateTime } from "@/i18n/format";
import { Difference, useSummary } from "@/kind/difference";
import { useSchema } from "@/kind/schema";

const PAGE = 30;
const OBJECTS_SHOWN = 3;

interface RevisionPage {
  items: Revision[];
  next: number | null;
}

/** Who changed what, when and why; each change can be read and taken back. */
export function RevisionsPage() {
  const { t } = useTranslation();
  const { kinds } = useSchema();
  const { search, set } = useListState();
  const kind = search.kind === undefined ? undefined : String(search.kind);
  const author = search.author === undefined ? undefined : String(search.author);
  const query = useInfiniteQuery({
    queryKey: ["config", "revisions", "list", kind, author],
    queryFn: ({ pageParam }) => get<RevisionPage>("/revisions", { limit: PAGE, before: pageParam ?? undefined, kind, author }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return (
    <Page title={t("nav.revisions")} help={t("history.help")}>
      <Group gap="sm" align="flex-end">
        <Select label={t("history.kind")} clearable value={kind ?? null} onChange={(value) => set({ kind: value ?? undefined })} searchable
          data={kinds.map((each) => ({ value: each.name, label: each.plural_title }))} clearButtonProps={{ "aria-label": t("action.clear") }} />
        <SearchBox labelled label={t("history.author")} value={author ?? ""} onChange={(text) => set({ author: text })} />
      </Group>
      <Loaded query={query as never} rows={8}>
        {(data: { pages: RevisionPage[] }) => {
          const revisions = data.pages.flatMap((page) => page.items);
          if (revisions.length === 0) return <Card><Empty title={t("history.none")} help={t("history.noneHelp")} /></Card>;
          return (
            <Stack>
              {revisions.map((revision) => (
                <RevisionCard key={revision.number} revision={revision} />
              ))}
              {query.hasNextPage && (
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t("history.older")}
                </Button>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}

function RevisionCard({ revision }: { revision: Revision }) {
  const { t } = useTranslation();
  const summary = useSummary();
  const changes = Array.isArray(revision.difference) ? revision.difference : [];
  return (
    <Card>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Stack gap={2} style={{ flex: "1 1 260px" }}>
            <Anchor component={Link} to={`/revisions/${revision.number}`} fw={650} className="wrap">
              {revision.message || summary(changes)}
            </Anchor>
            <Text size="sm" c="dimmed">
              {t("history.by", { author: revision.author, number: revision.number })} · <span title={dateTime(revision.at, true)}>{ago(revision.at)}</span>
            </Text>
          </Stack>
        </Group>
        <Difference changes={changes} limit={OBJECTS_SHOWN} />
      </Stack>
    </Card>
  );
}
