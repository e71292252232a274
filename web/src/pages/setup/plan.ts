import type { Item } from "@/api/types";

/** What the wizard asks, before it is a transaction. */
export interface Answers {
  language: "fr" | "en";
  company: string;
  country: string;
  timezone: string;
  ranges: PlanRange[];
  people: string;
  phones: boolean;
}

export interface PlanRange {
  use: "user" | "group" | "ivr" | "queue" | "conference_room";
  start: string;
  end: string;
}

export interface Person {
  firstname: string;
  lastname: string;
  email: string;
  exten: string;
}

export interface Change {
  kind: string;
  op: "create" | "update";
  id: number;
  fields: Record<string, unknown>;
}

/** The numbering plan that a company of three digits begins with. */
export const PROPOSAL: PlanRange[] = [
  { use: "user", start: "100", end: "199" },
  { use: "group", start: "200", end: "299" },
  { use: "ivr", start: "300", end: "399" },
  { use: "queue", start: "400", end: "499" },
  { use: "conference_room", start: "500", end: "599" },
];

/** Why a range cannot be one: the name of a text, or "". */
export function rangeProblem(range: PlanRange, all: PlanRange[]): string {
  const { start, end } = range;
  if (start === "" && end === "") return "";
  if (!/^\d{1,16}$/.test(start) || !/^\d{1,16}$/.test(end)) return "setup.rangeDigits";
  if (start.length !== end.length) return "setup.rangeLength";
  if (start > end) return "setup.rangeOrder";
  const clash = all.some((other) => other !== range && other.start.length === start.length && other.start !== "" && other.start <= end && start <= other.end);
  return clash ? "setup.rangeOverlap" : "";
}

/** The number that follows, with as many digits. */
function after(number: string): string {
  return String(BigInt(number) + 1n).padStart(number.length, "0");
}

/**
 * People as typed or pasted, one a line: "Alice Martin 101 alice@example.com", or with commas, semicolons or tabs. Whoever has no
 * number gets the next free one of the range, but for those of `never`: numbers for help.
 */
export function readPeople(text: string, range: PlanRange | undefined, never: readonly string[] = []): Person[] {
  const people = text.split("\n").map((line) => line.trim()).filter(Boolean).map(readPerson);
  const taken = new Set(people.map((person) => person.exten).filter(Boolean));
  let next = range?.start ?? "";
  // 100 is often kept for the front desk: people begin at 101.
  if (next.endsWith("0") && next !== "") next = after(next);
  for (const person of people) {
    if (person.exten || next === "") continue;
    while (taken.has(next) || never.includes(next)) next = after(next);
    if (range && (next.length > range.end.length || next > range.end)) break;
    person.exten = next;
    taken.add(next);
  }
  return people;
}

function readPerson(line: string): Person {
  const separated = /[,;\t]/.test(line);
  const parts = line.split(separated ? /[,;\t]/ : /\s+/).map((part) => part.trim().replace(/^"|"$/g, ""));
  const email = parts.find((part) => part.includes("@")) ?? "";
  const exten = parts.find((part) => /^\d{2,16}$/.test(part)) ?? "";
  const names = parts.filter((part) => part !== "" && part !== email && part !== exten);
  const [firstname = "", ...rest] = separated && names.length === 1 ? (names[0] ?? "").split(/\s+/) : names;
  return { firstname, lastname: rest.join(" "), email, exten };
}

const SECRET_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const SECRET_SIZE = 20;

function secret(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(SECRET_SIZE)), (byte) => SECRET_CHARACTERS[byte % SECRET_CHARACTERS.length]).join("");
}

const rangesFor = (ranges: PlanRange[], use: PlanRange["use"]) => ranges.filter((range) => range.use === use && range.start !== "").map(({ start, end }) => ({ start, end }));

/** Everything the wizard does, as one transaction. New objects are meant by negative ids until they exist. */
export function changesOf(answers: Answers, context: Item, people: Person[]): Change[] {
  const changes: Change[] = [
    {
      kind: "general",
      op: "update",
      id: 1,
      fields: { company: answers.company, language: answers.language === "fr" ? "fr_FR" : "en_US", country: answers.country, timezone: answers.timezone, setup_done: true },
    },
    {
      kind: "context",
      op: "update",
      id: context.id,
      fields: {
        user_ranges: rangesFor(answers.ranges, "user"),
        group_ranges: rangesFor(answers.ranges, "group"),
        ivr_ranges: rangesFor(answers.ranges, "ivr"),
        queue_ranges: rangesFor(answers.ranges, "queue"),
        conference_room_ranges: rangesFor(answers.ranges, "conference_room"),
      },
    },
  ];
  let temporary = -1;
  for (const person of people) {
    const user = temporary--;
    const { firstname, lastname, email, exten } = person;
    changes.push({
      kind: "user",
      op: "create",
      id: user,
      fields: { firstname, ...(lastname ? { lastname } : {}), ...(email ? { email } : {}), language: answers.language === "fr" ? "fr_FR" : "en_US" },
    });
    if (exten) {
      changes.push({ kind: "extension", op: "create", id: temporary--, fields: { exten, context: context.id, destination: { type: "user", user } } });
      if (answers.phones) {
        changes.push({ kind: "line", op: "create", id: temporary--, fields: { name: exten, secret: secret(), user, context: context.id } });
      }
    }
  }
  return changes;
}
