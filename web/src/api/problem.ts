import type { ScenarioRun } from "./plan";
import type { Finding } from "./simulation";
import type { ObjectChange } from "./types";

export interface ProblemItem {
  rule: string;
  message: string;
  field?: string;
  parameter?: string;
  object?: { kind?: string; id?: number; name?: string };
  other?: { kind?: string; id?: number; name?: string };
}

/** What another person did to the object since it was read. */
export interface OtherParty {
  revision: number;
  author: string;
  at: string;
  message: string;
  difference: ObjectChange[];
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  problems?: ProblemItem[];
  other?: OtherParty;
  /** Of a change that the plan refuses. */
  findings?: Finding[];
  broken_scenarios?: ScenarioRun[];
}

/** A refusal of the daemon (RFC 9457), or the network's: status 0 then. */
export class Problem extends Error {
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument) {
    super(document.detail || document.title);
    this.document = document;
  }

  get status() {
    return this.document.status;
  }

  /** "invalid" of urn:xivo:problem:invalid */
  get rule() {
    return this.document.type.split(":").at(-1) ?? "";
  }

  has(rule: string) {
    return this.rule === rule || (this.document.problems ?? []).some((item) => item.rule === rule);
  }

  /** The object was changed by somebody else since it was read. */
  get stale() {
    return this.document.other !== undefined || this.status === 412;
  }

  /** Messages by field; those of no field are under "". */
  byField(kind?: string): Record<string, string> {
    const messages: Record<string, string> = {};
    for (const item of this.document.problems ?? []) {
      const ours = !kind || !item.object?.kind || item.object.kind === kind;
      const field = ours && item.field ? item.field : "";
      messages[field] = messages[field] ? `${messages[field]} ${item.message}` : item.message;
    }
    return messages;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ type: "urn:xivo:problem:client", title: detail, detail, status: -1 });
}
