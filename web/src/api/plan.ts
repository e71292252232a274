import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";
import type { Finding, NamedObject } from "./simulation";
import type { Page } from "./types";

/** A scenario that was run: what it wants, and what happened. */
export interface ScenarioRun {
  scenario: number;
  name: string;
  hold: boolean;
  passed: boolean;
  expected: string;
  happened: string;
}

export interface ScenarioRuns {
  revision: number;
  draft: boolean;
  passed: number;
  failed: number;
  items: ScenarioRun[];
}

export interface Impact {
  object: NamedObject;
  sentence: string;
  references: { kind: string; id: number; label: string; field: string; title: string }[];
  numbers: (NamedObject & { sentence: string })[];
  callers: { context: number; name: string; phones: number; sentence: string }[];
  scenarios: ScenarioRun[];
  findings: Finding[];
}

export interface NamedId {
  id: number;
  name: string;
}

export interface MapRange {
  use: string;
  start: string;
  end: string;
  size: number;
  used: number;
  free: number;
  next: string | null;
  emergency: string[];
  overlaps: { context: number; name: string; use: string; start: string; end: string }[];
}

export interface MapContext {
  id: number;
  name: string;
  label: string;
  type: string;
  enabled: boolean;
  includes: NamedId[];
  dialled_from: (NamedId & { phones: number })[];
  phones: number;
  numbers: number;
  patterns: number;
  disabled: number;
  shadowed: number;
  ranges: MapRange[];
  /** Null: no phone's calls begin in it. */
  help: { proven: boolean; sentence: string } | null;
}

export interface NumberingMap {
  revision: number;
  totals: { numbers: number; phones: number; without_help: number; findings: number };
  contexts: MapContext[];
}

export interface MapNumber {
  exten: string;
  type: "number" | "pattern" | "route" | "code";
  object: NamedObject;
  /** Null: a code, which every context has. */
  context: NamedId | null;
  destination: Record<string, unknown> | null;
  state: "reached" | "shadowed" | "disabled" | "unreachable";
  shadowed_by: NamedObject | null;
  phones: number;
}

export interface HelpProof {
  line: NamedId;
  user: NamedId | null;
  context: NamedId | null;
  proven: boolean;
  calls: { number: string; reached: boolean; route: NamedId | null; trunk: NamedId | null; dialled: string; sentence: string }[];
}

// All begin with "config": a change of the configuration asks again.

export const emergencyNumbersQuery = (country: string) =>
  queryOptions({
    queryKey: ["config", "emergency", country],
    queryFn: () => get<{ numbers: string[] }>("/numbering/emergency_numbers", { country }),
    placeholderData: keepPreviousData,
  });

export const scenarioRunsQuery = (language: string) =>
  queryOptions({
    queryKey: ["config", "scenarios", "runs", language],
    queryFn: () => post<ScenarioRuns>("/scenarios/runs", {}),
    placeholderData: keepPreviousData,
  });

export const impactQuery = (kind: string, id: number, language: string) =>
  queryOptions({
    queryKey: ["config", "impact", kind, id, language],
    queryFn: () => get<Impact>("/configuration/impact", { kind, id }),
    retry: false,
  });

export const numberingMapQuery = (language: string) =>
  queryOptions({
    queryKey: ["config", "numbering", "map", language],
    queryFn: () => get<NumberingMap>("/numbering/map"),
    placeholderData: keepPreviousData,
  });

export const mapNumbersQuery = (language: string, query: Record<string, unknown>) =>
  queryOptions({
    queryKey: ["config", "numbering", "numbers", language, query],
    queryFn: () => get<Page<MapNumber>>("/numbering/map/numbers", query),
    placeholderData: keepPreviousData,
  });

export const helpProofsQuery = (language: string, query: Record<string, unknown>) =>
  queryOptions({
    queryKey: ["config", "numbering", "emergency", language, query],
    queryFn: () => get<Page<HelpProof> & { proven: number; unproven: number }>("/numbering/map/emergency", query),
    placeholderData: keepPreviousData,
  });
