import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ProblemAlert } from "./problem-alert";

interface Props<T> {
  query: UseQueryResult<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** Skeleton, refusal or the data of a query. Data that was there stays while it is asked for again, also when that fails. */
export function Loaded<T>({ query, rows = 3, children }: Props<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />;
  return (
    <Stack role="status" aria-label={t("state.loading")}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} h={36} />
      ))}
    </Stack>
  );
}
