import { Alert, Anchor, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { itemQuery } from "@/api/queries";
import type { KindSpec } from "@/api/types";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { KindForm } from "./kind-form";
import { nameOf } from "./values";

/** The revision that the page's address asks for; undefined: as it is now. */
export function useAt(): number | undefined {
  const { at } = useSearch({ strict: false }) as { at?: number };
  return Number(at) > 0 ? Number(at) : undefined;
}

/** An object as it was at a revision: to read, not to change. */
export function PastObject({ kind, id, at, href }: { kind: KindSpec; id: number; at: number; href: string }) {
  const { t } = useTranslation();
  const query = useQuery(itemQuery(kind.plural, id, at));
  return (
    <Page title={query.data ? nameOf(kind, query.data.item) : kind.title} narrow>
      <Alert icon={<IconHistory aria-hidden />} color="navy" title={t("history.past", { number: at })}>
        <Text size="sm">
          {t("history.pastHelp")} <Anchor component={Link} to={href} size="sm">{t("history.present")}</Anchor> · <Anchor component={Link} to={`/revisions/${at}`} size="sm">{t("history.revision", { number: at })}</Anchor>
        </Text>
      </Alert>
      <Loaded query={query} rows={8}>
        {({ item }) => <KindForm kind={kind} item={item} disabled onSave={() => Promise.resolve(false)} buttons={() => null} />}
      </Loaded>
    </Page>
  );
}
