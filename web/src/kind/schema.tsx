import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { schemaQuery } from "@/api/queries";
import type { KindSpec, Schema } from "@/api/types";
import { PageSkeleton } from "@/components/page-skeleton";
import { ProblemAlert } from "@/components/problem-alert";

const Context = createContext<Schema>({ kinds: [], destinations: [] });

/** The declared kinds, with their titles in the language of the moment. */
export function useSchema(): Schema {
  return useContext(Context);
}

/** The kind of that name or plural. */
export function useKind(name: string): KindSpec | undefined {
  return useSchema().kinds.find((kind) => kind.name === name || kind.plural === name);
}

export function SchemaGate({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const { data, error, refetch } = useQuery({ ...schemaQuery(i18n.language), placeholderData: (previous) => previous });
  if (data) return <Context value={data}>{children}</Context>;
  if (error) return <ProblemAlert error={error} m="xl" retry={() => void refetch()} />;
  return <PageSkeleton />;
}
