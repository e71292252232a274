import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type {
  Call, CallRecord, FullCallRecord, Item, Numbers, Page, Registration, RegistrationAdvice, RegistrationFailure, Revision,
  Schema, Session,
} from "./types";

export interface ListQuery {
  search?: string;
  order?: string;
  direction?: "asc" | "desc";
  limit?: number;
  offset?: number;
  [filter: string]: string | number | undefined;
}

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: () => get<Session>("/session"),
  retry: false,
  staleTime: 60_000,
});

export const schemaQuery = (language: string) =>
  queryOptions({
    queryKey: ["schema", language],
    queryFn: () => get<Schema>("/schema"),
    staleTime: Infinity,
  });

/** Every query of configuration begins with "config": the event of a new revision refreshes them all. */
export const listQuery = (plural: string, query: ListQuery) =>
  queryOptions({
    queryKey: ["config", plural, "list", query],
    queryFn: ({ signal }) => get<Page>(`/${plural}`, query, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export interface Loaded {
  item: Item;
  etag: string | null;
}

export const itemQuery = (plural: string, id: number | null, at?: number) =>
  queryOptions({
    queryKey: ["config", plural, "item", id, at ?? null],
    queryFn: async (): Promise<Loaded> => {
      const answer = await send<Item>("get", id === null ? `/${plural}` : `/${plural}/${id}`, { query: { at } });
      return { item: answer.data, etag: answer.etag };
    },
    staleTime: 10_000,
  });

export const numbersQuery = (context: number, use: string) =>
  queryOptions({
    queryKey: ["config", "numbers", context, use],
    queryFn: () => get<Numbers>(`/contexts/${context}/numbers`, { use }),
    staleTime: 0,
  });

export const revisionsQuery = (query: { limit?: number; before?: number; kind?: string; object?: number; author?: string }) =>
  queryOptions({
    queryKey: ["config", "revisions", query],
    queryFn: () => get<{ items: Revision[]; next: number | null }>("/revisions", query),
    placeholderData: keepPreviousData,
  });

export const revisionQuery = (number: number) =>
  queryOptions({ queryKey: ["config", "revisions", number], queryFn: () => get<Revision>(`/revisions/${number}`) });

export const callsQuery = queryOptions({
  queryKey: ["calls"],
  queryFn: () => get<Page<Call>>("/calls", { limit: 500 }),
  placeholderData: keepPreviousData,
});

export const registrationsQuery = (search = "", limit = 500, offset = 0) =>
  queryOptions({
    queryKey: ["registrations", search, limit, offset],
    queryFn: () => get<Page<Registration>>("/registrations", { search, limit, offset }),
    placeholderData: keepPreviousData,
  });

export const failuresQuery = (limit = 200) =>
  queryOptions({
    queryKey: ["registrations", "failures", limit],
    queryFn: () => get<Page<RegistrationFailure>>("/registrations/failures", { limit }),
  });

export const adviceQuery = (line: number, language: string) =>
  queryOptions({
    queryKey: ["registrations", "advice", line, language],
    queryFn: () => get<RegistrationAdvice>(`/lines/${line}/registration`),
  });

export const recordsQuery = (query: Record<string, string | number | undefined>) =>
  queryOptions({
    queryKey: ["records", query],
    queryFn: ({ signal }) => get<Page<CallRecord>>("/call-records", query, signal),
    placeholderData: keepPreviousData,
  });

export const recordQuery = (id: number) =>
  queryOptions({ queryKey: ["records", id], queryFn: () => get<FullCallRecord>(`/call-records/${id}`) });
