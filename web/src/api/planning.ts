import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "./client";
import type { Page } from "./types";

/** What happened to a registration, in the daemon's words. */
export interface TrunkEvent {
  at: string;
  event: string;
  sentence: string;
  failure: boolean;
}

export interface Ratio {
  calls: number;
  answered: number;
  percent: number | null;
}

export interface TrunkState {
  id: number;
  name: string;
  label: string;
  enabled: boolean;
  /** Routes make use of it. */
  usable: boolean;
  registration: {
    state: "none" | "unregistered" | "registering" | "registered" | "rejected";
    sentence: string;
    since: string;
    registered_at: string | null;
    expires: string | null;
    next_try: string | null;
    interval: number;
    last_error: TrunkEvent | null;
    /** Newest first. */
    history: TrunkEvent[];
  } | null;
  options: { state: "unwatched" | "unknown" | "reachable" | "unreachable"; sentence: string; latency_ms: number | null; at: string | null } | null;
  channels: { in: number; out: number; max_in: number; max_out: number };
  answer_seizure_ratio: { in: Ratio; out: Ratio };
  failures: { at: string; number: string; cause: number; status: number | null; sentence: string }[];
}

export interface TrunkTemplate {
  name: string;
  title: string;
  help: string;
  /** Empty: anywhere. */
  country: string;
  fields: Record<string, unknown>;
  /** What only the customer knows. */
  ask: string[];
}

export type OpenState = "unscheduled" | "open" | "forced_open" | "closed" | "forced_closed" | "exception" | "holiday";

export interface ScheduleState {
  at: string;
  state: OpenState;
  open: boolean;
  sentence: string;
  until: string | null;
  opens: string | null;
  destination: Record<string, unknown> | null;
}

export interface CalendarSpan {
  /** HH:MM */
  from: string;
  /** HH:MM, included */
  to: string;
  state: OpenState;
  sentence: string;
}

export interface CalendarDay {
  date: string;
  holiday: string | null;
  spans: CalendarSpan[];
}

export interface ScheduleCalendar {
  timezone: string;
  mode: "automatic" | "open" | "closed";
  days: CalendarDay[];
}

export interface TollAccount {
  kind: "user" | "trunk";
  id: number;
  label: string;
  in_progress: number;
  hour: number;
  international_hour: number;
  premium_hour: number;
  blocked: { since: string; reason: string; guard: { id: number; label: string } | null; limit: number; count: number; sentence: string } | null;
}

/** Registrations and latencies change without an event that says so. */
const TRUNKS_MS = 5_000;
const TOLL_MS = 10_000;
const MOMENT_MS = 30_000;

export const trunkStatesQuery = (language: string) =>
  queryOptions({
    queryKey: ["trunks", "states", language],
    queryFn: () => get<Page<TrunkState>>("/trunks/states", { limit: 500 }),
    refetchInterval: TRUNKS_MS,
  });

export const trunkStateQuery = (id: number, language: string) =>
  queryOptions({
    queryKey: ["trunks", "state", id, language],
    queryFn: () => get<TrunkState>(`/trunks/${id}/state`),
    refetchInterval: TRUNKS_MS,
  });

export const trunkTemplatesQuery = (language: string) =>
  queryOptions({
    queryKey: ["trunks", "templates", language],
    queryFn: () => get<Page<TrunkTemplate>>("/trunk-templates"),
    staleTime: Infinity,
  });

/** Begins with "config": a change of the schedule asks again. at: in the schedule's own time; absent: now. */
export const scheduleStateQuery = (id: number, language: string, at?: string) =>
  queryOptions({
    queryKey: ["config", "schedules", "state", id, language, at ?? null],
    queryFn: () => get<ScheduleState>(`/schedules/${id}/state`, { at }),
    placeholderData: keepPreviousData,
    refetchInterval: at === undefined ? MOMENT_MS : false,
  });

export const calendarQuery = (id: number, language: string, from: string, days: number) =>
  queryOptions({
    queryKey: ["config", "schedules", "calendar", id, language, from, days],
    queryFn: () => get<ScheduleCalendar>(`/schedules/${id}/calendar`, { from, days }),
    placeholderData: keepPreviousData,
  });

export const tollQuery = (language: string) =>
  queryOptions({
    queryKey: ["toll", language],
    queryFn: () => get<Page<TollAccount>>("/toll-guards/state", { limit: 100 }),
    refetchInterval: TOLL_MS,
  });
