import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, post } from "./client";

export interface NamedObject {
  kind: string;
  id: number;
  label: string;
}

export const USER_STATES = ["registered", "unregistered", "busy", "dnd", "no_answer"] as const;
export const TRUNK_STATES = ["down", "congestion"] as const;

export interface Assumption {
  user?: number;
  trunk?: number;
  state: string;
}

/** A call that is imagined. at: the company's time, YYYY-MM-DDTHH:MM; absent: now. */
export interface Question {
  from: { user?: number; line?: number; trunk?: number; caller_number?: string };
  dialled: string;
  at?: string;
  assume?: Assumption[];
}

export interface Stage {
  title: string;
  sentence: string;
  steps: { rule: string; met: boolean; sentence: string; objects: NamedObject[] }[];
  outcome: string | null;
}

export interface SipNumbers {
  trunk: number;
  name: string;
  number: string;
  caller_number: string;
  caller_name: string;
  anonymous: boolean;
  /** What the INVITE would carry; name and value. */
  headers?: { name: string; value: string }[];
}

export interface Simulation {
  outcome: "reached" | "feature" | "asks_code" | "refused" | "endless";
  sentence: string;
  stages: Stage[];
  graph: {
    nodes: { id: string; kind: string; object: NamedObject | null; label: string; state: "passed" | "refused" | "end" }[];
    edges: { from: string; to: string; label: string }[];
  };
  sip: SipNumbers[];
}

export type Severity = "block" | "error" | "warning" | "hint";

export interface Finding {
  severity: Severity;
  code: string;
  sentence: string;
  objects: NamedObject[];
  fix: { sentence: string; changes: { kind: string; op: string; id: number; fields: Record<string, unknown> }[] } | null;
}

/** Begins with "config": each change asks again, so an open page tells what the change did to the call. */
export const simulationQuery = (question: Question, language: string) =>
  queryOptions({
    queryKey: ["config", "simulation", question, language],
    queryFn: () => post<Simulation>("/routing/simulations", question),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const findingsQuery = (language: string) =>
  queryOptions({
    queryKey: ["config", "findings", language],
    queryFn: () => get<{ revision: number; items: Finding[] }>("/configuration/findings"),
    placeholderData: keepPreviousData,
  });
