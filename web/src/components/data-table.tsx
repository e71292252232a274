import { Box, Group, Pagination, Skeleton, Table, Text, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "@/api/types";
import { number } from "@/i18n/format";
import { ProblemAlert } from "./problem-alert";
import { ScrollBox } from "./scroll-box";

export interface Column<T> {
  name: string;
  title: string;
  render: (row: T) => ReactNode;
  sortable?: boolean;
  /** Left out on a telephone. */
  minor?: boolean;
  numeric?: boolean;
}

interface Props<T> {
  label: string;
  query: UseQueryResult<Page<T>>;
  columns: Column<T>[];
  rowKey: (row: T) => string | number;
  href?: (row: T) => string;
  empty: ReactNode;
  order?: string;
  direction?: "asc" | "desc";
  onOrder?: (order: string, direction: "asc" | "desc") => void;
  page?: number;
  pageSize?: number;
  onPage?: (page: number) => void;
}

/** A list whose searching, sorting and paging the daemon does: ten thousand rows cost what fifty do. */
export function DataTable<T>(props: Props<T>) {
  const { label, query, columns, rowKey, href, empty, order, direction = "asc", onOrder, page = 1, pageSize = 50, onPage } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />;
  const total = query.data?.total ?? 0;
  if (query.data && total === 0) return <>{empty}</>;
  const pages = Math.ceil(total / pageSize);
  const from = (page - 1) * pageSize + 1;
  return (
    <Box aria-busy={query.isFetching} style={{ opacity: query.isPlaceholderData ? 0.6 : 1, transition: "opacity 120ms" }}>
      <ScrollBox label={label}>
        <Table verticalSpacing="sm" horizontalSpacing="md" aria-label={label} className="stacking">
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <HeadCell key={column.name} column={column} active={order === column.name} direction={direction} onOrder={onOrder} />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.data
              ? query.data.items.map((row) => {
                  const to = href?.(row);
                  return (
                    <Table.Tr
                      key={rowKey(row)}
                      data-link={to ? "" : undefined}
                      onClick={(event) => {
                        if (!to || (event.target as HTMLElement).closest("a,button,input,label")) return;
                        if (window.getSelection()?.toString()) return;
                        void navigate({ href: to });
                      }}
                    >
                      {columns.map((column) => (
                        <Table.Td key={column.name} data-label={column.title} className={[column.minor && "hide-narrow", column.numeric && "numeric"].filter(Boolean).join(" ")}>
                          {column.render(row)}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  );
                })
              : Array.from({ length: 8 }, (_, index) => (
                  <Table.Tr key={index}>
                    {columns.map((column) => (
                      <Table.Td key={column.name} className={column.minor ? "hide-narrow" : ""}>
                        <Skeleton h={18} w="70%" />
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
          </Table.Tbody>
        </Table>
      </ScrollBox>
      <Group justify="space-between" p="md">
        <Text size="sm" c="dimmed" role="status">
          {query.data ? t("table.range", { from: number(from), to: number(Math.min(from + pageSize - 1, total)), total: number(total) }) : t("state.loading")}
        </Text>
        {onPage && pages > 1 && (
          <Pagination
            total={pages}
            value={page}
            onChange={onPage}
            size="sm"
            siblings={1}
            getControlProps={(control) => ({ "aria-label": t(`table.${control}`) })}
            getItemProps={(each) => ({ "aria-label": t("table.page", { page: each }) })}
          />
        )}
      </Group>
    </Box>
  );
}

function HeadCell<T>({ column, active, direction, onOrder }: { column: Column<T>; active: boolean; direction: "asc" | "desc"; onOrder?: Props<T>["onOrder"] }) {
  const className = [column.minor && "hide-narrow", column.numeric && "numeric"].filter(Boolean).join(" ");
  if (!column.sortable || !onOrder) {
    return (
      <Table.Th scope="col" className={className}>
        {column.title}
      </Table.Th>
    );
  }
  const Icon = !active ? IconArrowsSort : direction === "asc" ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th scope="col" className={className} aria-sort={active ? (direction === "asc" ? "ascending" : "descending") : undefined}>
      <UnstyledButton onClick={() => onOrder(column.name, active && direction === "asc" ? "desc" : "asc")} fw={700} fz="sm">
        <Group gap={4} wrap="nowrap">
          {column.title}
          <Icon size={14} color={active ? undefined : "var(--mantine-color-dimmed)"} aria-hidden />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
