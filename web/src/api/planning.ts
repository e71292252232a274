import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get } from "./client";
import type { Page } from "./types";

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

const TOLL_MS = 10_000;
const MOMENT_MS = 30_000;

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
