import { TRUNK_STATES, USER_STATES } from "@/api/simulation";
import type { Assumption, Question } from "@/api/simulation";

/** Who calls, in a page's address: u3 is user 3, t1:0612345678 somebody at the trunk 1. */
export interface SimulatorSearch {
  from?: string;
  to?: string;
  at?: string;
  /** u3.busy,t1.down */
  assume?: string;
}

const CALLER = /^([ut])([1-9]\d{0,9})(?::(.{0,64}))?$/;
const ASSUMPTION = /^([ut])([1-9]\d{0,9})\.([a-z_]{1,16})$/;

export interface Caller {
  user?: number;
  trunk?: number;
  number: string;
}

export function callerOf(text: string | undefined): Caller {
  const found = CALLER.exec(text ?? "");
  if (!found) return { number: "" };
  return found[1] === "u" ? { user: Number(found[2]), number: "" } : { trunk: Number(found[2]), number: found[3] ?? "" };
}

export function textOfCaller({ user, trunk, number }: Caller): string | undefined {
  if (user !== undefined) return `u${user}`;
  return trunk === undefined ? undefined : `t${trunk}:${number}`;
}

export function assumptionsOf(text: string | undefined): Assumption[] {
  return (text ?? "").split(",").flatMap((part): Assumption[] => {
    const found = ASSUMPTION.exec(part);
    if (!found) return [];
    const states: readonly string[] = found[1] === "u" ? USER_STATES : TRUNK_STATES;
    if (!states.includes(found[3]!)) return [];
    return [{ [found[1] === "u" ? "user" : "trunk"]: Number(found[2]), state: found[3]! }];
  });
}

export function textOfAssumptions(assumptions: Assumption[]): string | undefined {
  return assumptions.map((each) => (each.user !== undefined ? `u${each.user}` : `t${each.trunk}`) + `.${each.state}`).join(",") || undefined;
}

/** The question that an address asks; nothing while somebody or something is missing. */
export function questionOf(search: SimulatorSearch): Question | null {
  const caller = callerOf(search.from);
  const dialled = (search.to ?? "").trim();
  if (!dialled || (caller.user === undefined && caller.trunk === undefined)) return null;
  const assume = assumptionsOf(search.assume);
  return {
    from: caller.user !== undefined ? { user: caller.user } : { trunk: caller.trunk, ...(caller.number ? { caller_number: caller.number } : {}) },
    dialled,
    ...(search.at ? { at: search.at } : {}),
    ...(assume.length > 0 ? { assume } : {}),
  };
}
