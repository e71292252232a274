import { Box, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TraceEntry } from "@/api/types";
import { timeOfDay } from "@/i18n/format";

const COLUMN = 250;
const LEFT = 100;
const ROW = 34;
const HEAD = 46;
const TEXT_MAX = 31;

interface Trace {
  dropped: number;
  participants: string[];
  entries: TraceEntry[];
}

function short(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

/** What is written on an arrow: the method or the status, without what every message has. */
export function label(text: string): string {
  return text.replace(/^SIP\/2\.0 /, "").replace(/ SIP\/2\.0$/, "");
}

/** The messages between us and each phone, as a drawing; and the same as a list for who cannot see it. */
export function Ladder({ trace }: { trace: Trace }) {
  const { t } = useTranslation();
  const [list, setList] = useState(false);
  // The system stands in the middle: the caller on its left, those that are called on its right.
  const [first, ...others] = trace.participants;
  const columns = [first ?? "", "XiVO", ...others];
  const width = LEFT + COLUMN * columns.length;
  const height = HEAD + ROW * (trace.entries.length + 1);
  const xOf = (name: string) => LEFT + COLUMN * (columns.indexOf(name) + 0.5);
  return (
    <Stack gap="sm">
      {trace.dropped > 0 && <Text size="sm" c="dimmed">{t("records.dropped", { count: trace.dropped })}</Text>}
      <Button variant="default" size="xs" onClick={() => setList(!list)} style={{ alignSelf: "flex-start" }} aria-pressed={list}>
        {list ? t("records.asDrawing") : t("records.asList")}
      </Button>
      {list ? (
        <Stack gap={4} component="ol" p={0} m={0} style={{ listStyle: "none" }}>
          {trace.entries.map((entry, index) => (
            <Text key={index} size="sm" component="li" className="mono">
              {timeOfDay(entry.at, true)} {t(`trace.${entry.kind}`, { defaultValue: entry.kind })} {entry.who} {entry.text}
            </Text>
          ))}
        </Stack>
      ) : (
        <Box style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label={t("records.ladder")}>
          <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={t("records.ladderHelp", { count: trace.entries.length })} style={{ fontSize: 12, display: "block" }}>
            {columns.map((name) => (
              <g key={name}>
                <line x1={xOf(name)} x2={xOf(name)} y1={HEAD} y2={height} stroke="var(--mantine-color-default-border)" strokeWidth={name === "XiVO" ? 3 : 1.5} />
                <rect x={xOf(name) - 90} y={8} width={180} height={28} rx={8} fill="var(--mantine-color-default-hover)" stroke="var(--mantine-color-default-border)" />
                <text x={xOf(name)} y={27} textAnchor="middle" fontWeight={650} fill="var(--mantine-color-text)">
                  <title>{name}</title>
                  {short(name, 26)}
                </text>
              </g>
            ))}
            {trace.entries.map((entry, index) => (
              <Entry key={index} entry={entry} y={HEAD + ROW * (index + 1)} width={width} from={xOf(entry.who)} system={xOf("XiVO")} known={columns.includes(entry.who)} />
            ))}
          </svg>
        </Box>
      )}
    </Stack>
  );
}

function Entry({ entry, y, width, from, system, known }: { entry: TraceEntry; y: number; width: number; from: number; system: number; known: boolean }) {
  const message = entry.kind === "received" || entry.kind === "sent";
  const time = (
    <text x={4} y={y + 4} fill="var(--mantine-color-dimmed)">{timeOfDay(entry.at, true)}</text>
  );
  if (!message || !known) {
    const color = entry.kind === "bug" ? "var(--mantine-color-error)" : "var(--mantine-color-dimmed)";
    return (
      <g>
        {time}
        <rect x={LEFT + 6} y={y - 11} width={width - LEFT - 12} height={22} rx={6} fill="var(--mantine-color-default-hover)" />
        <text x={LEFT + 16} y={y + 4} fill={entry.kind === "decision" ? "var(--mantine-color-text)" : color}>
          <title>{entry.text}</title>
          {short(entry.who ? `${entry.who} : ${entry.text}` : entry.text, Math.floor((width - LEFT - 40) / 6.6))}
        </text>
      </g>
    );
  }
  const [start, end] = entry.kind === "received" ? [from, system] : [system, from];
  const status = /^SIP\/2\.0 (\d)|^(\d)\d\d /.exec(entry.text);
  const digit = status?.[1] ?? status?.[2];
  const color = !digit ? "var(--mantine-color-anchor)" : digit === "1" ? "var(--mantine-color-dimmed)" : digit === "2" ? "light-dark(#2b8a3e, #69db7c)" : "var(--mantine-color-error)";
  return (
    <g style={{ color }}>
      {time}
      <line x1={start} x2={end} y1={y + 6} y2={y + 6} stroke="currentColor" strokeWidth={1.6} />
      <path d={`M${end} ${y + 6}l${end > start ? -9 : 9} -5v10z`} fill="currentColor" />
      <text x={(start + end) / 2} y={y} textAnchor="middle" fill="currentColor" fontWeight={550}>
        <title>{entry.text}</title>
        {short(label(entry.text), TEXT_MAX)}
      </text>
    </g>
  );
}
