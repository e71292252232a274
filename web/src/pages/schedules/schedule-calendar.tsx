import { ActionIcon, Button, Group, SegmentedControl, Stack, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import { calendarQuery, scheduleStateQuery } from "@/api/planning";
import type { CalendarDay, CalendarSpan, ScheduleCalendar as Calendar } from "@/api/planning";
import { Card } from "@/components/card";
import { Loaded } from "@/components/loaded";
import { ScrollBox } from "@/components/scroll-box";
import { dayName } from "@/i18n/format";
import { addDays, addMonths, isDate, isTime, MINUTES, moved, nowIn, placeOfSpan, shown, timeOf } from "./days";
import { StateWords } from "./schedule-now";

type View = "month" | "week";
interface Moment {
  date: string;
  time: string;
}

const STEP = 15;

/** When a schedule is open, day by day; a click or the arrow keys ask what happens at a minute. */
export function ScheduleCalendar({ id }: { id: number }) {
  const { t, i18n } = useTranslation();
  const [view, setView] = useState<View>("month");
  const [at, setAt] = useState<Moment>(() => nowIn(undefined));
  const range = shown(view, at.date);
  const query = useQuery(calendarQuery(id, i18n.language, range.from, range.days));
  const page = (by: number) => setAt({ ...at, date: view === "month" ? addMonths(at.date, by) : addDays(at.date, 7 * by) });
  return (
    <Card title={t("schedule.calendar")}>
      <Stack>
        <Group justify="space-between">
          <Group gap="xs">
            <ActionIcon variant="default" size="lg" onClick={() => page(-1)} aria-label={t(`schedule.previous.${view}`)}><IconChevronLeft size={18} /></ActionIcon>
            <ActionIcon variant="default" size="lg" onClick={() => page(1)} aria-label={t(`schedule.next.${view}`)}><IconChevronRight size={18} /></ActionIcon>
            <Button variant="default" size="sm" onClick={() => setAt(nowIn(query.data?.timezone))}>{t("schedule.today")}</Button>
            <Text fw={600} aria-live="polite" tt="capitalize">{dayName(at.date, "month")}</Text>
          </Group>
          <SegmentedControl aria-label={t("schedule.view")} value={view} onChange={(next) => setView(next as View)}
            data={[{ value: "month", label: t("schedule.month") }, { value: "week", label: t("schedule.week") }]} />
        </Group>
        <Loaded query={query} rows={6}>
          {(calendar) => (
            <>
              <Days calendar={calendar} view={view} at={at} onMove={setAt} />
              <Legend />
            </>
          )}
        </Loaded>
        <AtMinute id={id} at={at} zone={query.data?.timezone} onMove={setAt} />
      </Stack>
    </Card>
  );
}

/** What a day is, read aloud. */
function useDayWords() {
  const { t } = useTranslation();
  return (day: CalendarDay) =>
    [dayName(day.date, "full"), day.holiday, ...day.spans.map((span) => `${span.from}–${span.to} ${t(`schedule.state.${span.state}`)}`)].filter(Boolean).join(", ");
}

function Days({ calendar, view, at, onMove }: { calendar: Calendar; view: View; at: Moment; onMove: (at: Moment) => void }) {
  const { t } = useTranslation();
  const words = useDayWords();
  const box = useRef<HTMLDivElement>(null);
  const byKey = useRef(false);
  const today = nowIn(calendar.timezone).date;
  useEffect(() => {
    if (!byKey.current) return;
    byKey.current = false;
    box.current?.querySelector<HTMLButtonElement>(`[data-date="${at.date}"]`)?.focus();
  }, [at.date, calendar]);

  function press(event: KeyboardEvent) {
    const next = moved(event.key, view, at);
    if (!next) return;
    event.preventDefault();
    byKey.current = true;
    onMove(next);
  }

  function click(event: MouseEvent, date: string) {
    // Enter and space are clicks at no place: they keep the time.
    const bar = event.currentTarget.querySelector(".day-bar")?.getBoundingClientRect();
    if (event.detail === 0 || !bar || view === "month") return onMove({ ...at, date });
    const minute = ((event.clientY - bar.top) / bar.height) * MINUTES;
    onMove({ date, time: timeOf(Math.round(minute / STEP) * STEP) });
  }

  const known = calendar.days.some((day) => day.date === at.date);
  return (
    <ScrollBox label={t("schedule.calendar")} minWidth={view === "week" ? 520 : undefined}>
      <div className={`calendar calendar-${view}`} role="group" aria-label={t("schedule.calendarHelp")} ref={box} onKeyDown={press}>
        {calendar.days.slice(0, 7).map((day) => <Text key={day.date} size="xs" c="dimmed" ta="center" aria-hidden>{dayName(day.date, "weekday")}</Text>)}
        {calendar.days.map((day, index) => (
          <button
            key={day.date}
            type="button"
            className="day"
            data-date={day.date}
            data-other={view === "month" && !day.date.startsWith(at.date.slice(0, 7)) ? "" : undefined}
            data-today={day.date === today ? "" : undefined}
            aria-pressed={day.date === at.date}
            aria-current={day.date === today ? "date" : undefined}
            tabIndex={day.date === at.date || (!known && index === 0) ? 0 : -1}
            onClick={(event) => click(event, day.date)}
          >
            <VisuallyHidden>{words(day)}</VisuallyHidden>
            <span className="day-number" aria-hidden>{Number(day.date.slice(8))}</span>
            {day.holiday && <span className="day-holiday" aria-hidden>{day.holiday}</span>}
            <span className="day-bar" aria-hidden>
              {day.spans.map((span) => <Span key={span.from} span={span} view={view} />)}
              {view === "week" && day.date === at.date && <span className="day-cursor" style={{ top: `${(timeShare(at.time)) * 100}%` }} />}
            </span>
          </button>
        ))}
      </div>
    </ScrollBox>
  );
}

const timeShare = (time: string) => placeOfSpan({ from: time, to: time, state: "open", sentence: "" }).start;

function Span({ span, view }: { span: CalendarSpan; view: View }) {
  const { start, size } = placeOfSpan(span);
  const style = view === "week" ? { top: `${start * 100}%`, height: `${size * 100}%` } : { left: `${start * 100}%`, width: `${size * 100}%` };
  return (
    <span className="day-span" data-state={span.state} style={style}>
      {view === "week" && size > 1 / 24 && <span className="day-time">{`${span.from}–${span.to}`}</span>}
    </span>
  );
}

function Legend() {
  const { t } = useTranslation();
  return (
    <Group gap="md">
      {(["open", "closed", "exception", "holiday"] as const).map((state) => (
        <Group key={state} gap={6} wrap="nowrap">
          <span className="day-key" data-state={state} aria-hidden />
          <Text size="sm">{t(`schedule.state.${state}`)}</Text>
        </Group>
      ))}
    </Group>
  );
}

/** "What happens at this minute?" A moment that is typed half stays as it is typed. */
function AtMinute({ id, at, zone, onMove }: { id: number; at: Moment; zone?: string; onMove: (at: Moment) => void }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(scheduleStateQuery(id, i18n.language, `${at.date}T${at.time}`));
  return (
    <Stack gap="sm" component="section" aria-label={t("schedule.minute")}>
      <Text fw={600}>{t("schedule.minute")}</Text>
      <Group align="flex-end">
        <TextInput type="date" label={t("schedule.date")} value={at.date} onChange={(event) => isDate(event.currentTarget.value) && onMove({ ...at, date: event.currentTarget.value })} />
        <TextInput type="time" label={t("schedule.time")} value={at.time} onChange={(event) => isTime(event.currentTarget.value) && onMove({ ...at, time: event.currentTarget.value })} />
        {zone && <Text size="sm" c="dimmed">{t("schedule.zone", { zone })}</Text>}
      </Group>
      <div aria-live="polite">
        <Loaded query={query} rows={1}>{(state) => <StateWords state={state} />}</Loaded>
      </div>
    </Stack>
  );
}
