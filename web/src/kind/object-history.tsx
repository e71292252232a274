import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { revisionsQuery } from "@/api/queries";
import type { KindSpec } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { PageLink } from "@/components/page-link";
import { ago, dateTime } from "@/i18n/format";

const SHOWN_MAX = 8;

/** Who changed this object, when and why. */
export function ObjectHistory({ kind, id }: { kind: KindSpec; id: number }) {
  const { t } = useTranslation();
  const may = useMay();
  const { pathname } = useLocation();
  const allowed = may("history:read");
  const query = useQuery({ ...revisionsQuery({ kind: kind.name, object: id, limit: SHOWN_MAX }), enabled: allowed });
  if (!allowed) return null;
  return (
    <Card title={t("history.ofObject")}>
      <Loaded query={query}>
        {({ items }) => (
          <Stack gap="xs">
            {items.map((revision) => (
              <Group key={revision.number} gap="sm" wrap="wrap">
                <Anchor component={Link} to={`/revisions/${revision.number}`} size="sm" fw={600}>
                  {t("history.revision", { number: revision.number })}
                </Anchor>
                <Text size="sm">{revision.author}</Text>
                <Text size="sm" c="dimmed" title={dateTime(revision.at, true)}>
                  {ago(revision.at)}
                </Text>
                <Text size="sm" className="wrap">
                  {revision.message}
                </Text>
                <PageLink href={`${pathname}?at=${revision.number}`} size="sm" aria-label={t("history.viewAt", { number: revision.number })}>
                  {t("history.view")}
                </PageLink>
              </Group>
            ))}
            {items.length === 0 && <Text c="dimmed">{t("history.none")}</Text>}
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}
