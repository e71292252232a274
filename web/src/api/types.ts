import type { components } from "./generated/schema";

type Schemas = components["schemas"];

/** The schema of kinds (GET /schema): what lists and forms are made of. */
export type FieldType =
  | "text" | "integer" | "boolean" | "text_list" | "choice" | "reference" | "secret"
  | "reference_list" | "rows" | "destination";

export interface Choice {
  value: string;
  title: string;
}

export interface FieldSpec {
  name: string;
  type: FieldType;
  title: string;
  help?: string;
  group?: string;
  required?: boolean;
  read_only?: boolean;
  write_only?: boolean;
  unique?: boolean;
  listed?: boolean;
  advanced?: boolean;
  min?: number;
  max?: number;
  pattern?: string;
  characters?: string;
  choices?: Choice[];
  reference?: string;
  unit?: string;
  default?: unknown;
  example?: unknown;
  fields?: FieldSpec[];
}

export interface KindSpec {
  name: string;
  plural: string;
  title: string;
  plural_title: string;
  help?: string;
  key?: string;
  singleton?: boolean;
  groups?: { name: string; title: string }[];
  owned?: { member: string; kind: string; field: string }[];
  fields: FieldSpec[];
}

export interface DestinationSpec {
  type: string;
  title: string;
  help?: string;
  fields: FieldSpec[];
}

export interface Schema {
  kinds: KindSpec[];
  destinations: DestinationSpec[];
}

/** An object of any kind: its fields by name. */
export type Item = { id: number; revision: number } & Record<string, unknown>;

export interface Page<T = Item> {
  items: T[];
  total: number;
}

export interface FieldChange {
  name: string;
  title: string;
  before?: unknown;
  after?: unknown;
}

export interface ObjectChange {
  kind: string;
  id: number;
  op: "create" | "update" | "delete";
  name: string;
  fields: FieldChange[];
}

export interface Revision {
  number: number;
  at: string;
  author: string;
  message: string;
  difference: ObjectChange[];
}

export interface Applied {
  revision: number;
  dry_run: boolean;
  ids: number[];
  difference: ObjectChange[];
}

export interface Session {
  account: string;
  account_id?: number | null;
  role?: string | null;
  role_label?: string | null;
  rights?: string[];
  language?: string;
  totp?: boolean;
  expires?: string;
  csrf?: string | null;
}

export type Registration = Schemas["Registration"];

export type RegistrationFailure = Schemas["RegistrationFailure"];

export interface RegistrationAdvice {
  state: "registered" | "never" | "expired" | "refused" | "disabled" | "fixed";
  sentence: string;
  advice: { sentence: string; change?: { kind: string; id: number; fields: Record<string, unknown> } }[];
  contacts: Registration[];
  failures: RegistrationFailure[];
}

export type CallLeg = Call["legs"][number];

export type Call = Schemas["Call"];

export type CallRecord = Schemas["CallRecordSummary"];

export interface Quality {
  at_s: number[];
  loss_permille: number[];
  jitter_ms: number[];
  round_trip_ms: number[];
  remote_loss_permille: number[];
  mos_hundredths: number[];
}

export interface LegStatistics {
  packets_received: number;
  packets_sent: number;
  packets_lost: number;
  jitter_us: number;
  round_trip_us: number;
  mos_hundredths: number | null;
  quality?: Quality;
}

export interface RecordLeg {
  number: number;
  role: string;
  line: number | null;
  channel: string;
  remote: string;
  codec: string;
  start: string;
  answer: string | null;
  end: string;
  cause: number;
  sip_status: number | null;
  statistics: LegStatistics | null;
}

export interface TraceEntry {
  at: string;
  kind: string;
  who: string;
  text: string;
}

export interface FullCallRecord extends CallRecord {
  legs: RecordLeg[];
  trace: { dropped: number; participants: string[]; entries: TraceEntry[] } | null;
}

export type Ban = Schemas["Ban"];

export interface Token {
  id: number;
  label: string;
  scopes: string[];
  created?: string;
  expires?: string | null;
  last_used?: string | null;
  token?: string;
}

export interface AuditEntry {
  id: number;
  at: string;
  account: string;
  event: string;
  source: string | null;
  detail: string;
}

export interface Numbers {
  ranges: { start: string; end: string; size: number; used: number }[];
  used: { exten: string; kind: string; id: number; name: string }[];
  free: { start: string; end: string }[];
  next: string | null;
}
