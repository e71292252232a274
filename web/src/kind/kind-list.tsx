import { Anchor, Button, Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "@/api/queries";
import type { Item, KindSpec } from "@/api/types";
import { useMay } from "@/app/session";
import { Card } from "@/components/card";
import { DataTable } from "@/components/data-table";
import type { Column } from "@/components/data-table";
import { Empty } from "@/components/empty";
import { Page } from "@/components/page";
import { SearchBox } from "@/components/search-box";
import { PAGE_SIZE, useListState } from "@/components/use-list";
import { ValueView } from "./value-view";
import { columnsOf, nameOf, shownValue } from "./values";

interface Props {
  kind: KindSpec;
  href: (item: Item) => string;
  /** Columns of a page that knows more than the declaration. */
  extra?: Column<Item>[];
  columns?: Column<Item>[];
  filters?: ReactNode;
  filter?: Record<string, string | number | undefined>;
  onCreate: () => void;
  actions?: ReactNode;
}

/** The list of any kind. */
export function KindList({ kind, href, extra = [], columns, filters, filter, onCreate, actions }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const state = useListState();
  const query = useQuery(listQuery(kind.plural, { ...state.query, ...filter }));
  const declared = columns ?? columnsOf(kind).map((field, index): Column<Item> => ({
    name: field.name,
    title: field.title,
    sortable: true,
    minor: index > 1,
    render: (item) =>
      index === 0 ? (
        <Anchor component={Link} to={href(item)} fw={600} size="sm">
          {typeof item[field.name] === "string" && item[field.name] ? String(item[field.name]) : nameOf(kind, item)}
        </Anchor>
      ) : (
        <ValueView field={field} value={shownValue(kind.name, item[field.name])} />
      ),
  }));
  const create = may(`${kind.name}:write`) && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onCreate}>
      {t("action.new", { kind: kind.title })}
    </Button>
  );
  const searching = state.q !== "" || Object.values(filter ?? {}).some((value) => value !== undefined);
  return (
    <Page title={kind.plural_title} help={kind.help} actions={<>{actions}{create}</>}>
      <Card flush>
        <Group p="md" gap="sm">
          <SearchBox value={state.q} onChange={(q) => state.set({ q, page: undefined })} label={t("search.in", { kind: kind.plural_title })} />
          {filters}
        </Group>
        <DataTable
          label={kind.plural_title}
          query={query}
          columns={[...declared, ...extra]}
          rowKey={(item) => item.id}
          href={href}
          order={state.order}
          direction={state.direction}
          onOrder={(order, direction) => state.set({ order, direction, page: undefined })}
          page={state.page}
          pageSize={PAGE_SIZE}
          onPage={(page) => state.set({ page: page === 1 ? undefined : page })}
          empty={
            searching ? (
              <Empty title={t("empty.found")} help={t("empty.foundHelp")} action={<Button variant="default" onClick={() => state.set({ q: undefined, page: undefined })}>{t("action.clearSearch")}</Button>} />
            ) : (
              <Empty title={t("empty.none", { kind: kind.plural_title })} help={kind.help} action={create} />
            )
          }
        />
      </Card>
    </Page>
  );
}
