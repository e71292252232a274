import { Group, Stack, Text } from "@mantine/core";
import { number } from "@/i18n/format";

interface Series {
  name: string;
  color: string;
  values: (number | null)[];
}

interface Props {
  title: string;
  unit: string;
  /** Seconds since the beginning. */
  x: number[];
  series: Series[];
  min: number;
  max?: number;
}

const WIDTH = 560;
const HEIGHT = 130;
const LEFT = 40;
const BOTTOM = 20;

/** A round number at or above: 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

/** One or two curves over the time of a call. */
export function LineChart({ title, unit, x, series, min, max }: Props) {
  const all = series.flatMap((each) => each.values).filter((value): value is number => value !== null);
  const top = max ?? roundUp(Math.max(...all, 1));
  const end = Math.max(x.at(-1) ?? 1, 1);
  const px = (seconds: number) => LEFT + ((WIDTH - LEFT - 8) * seconds) / end;
  const py = (value: number) => 8 + (HEIGHT - BOTTOM - 8) * (1 - (Math.min(value, top) - min) / (top - min));
  const path = (values: (number | null)[]) => {
    let open = false;
    return values.map((value, index) => {
      if (value === null) {
        open = false;
        return "";
      }
      const command = open ? "L" : "M";
      open = true;
      return `${command}${px(x[index] ?? 0).toFixed(1)} ${py(value).toFixed(1)}`;
    }).join("");
  };
  const levels = [min, (min + top) / 2, top];
  const said = series.map((each) => {
    const values = each.values.filter((value): value is number => value !== null);
    return values.length === 0 ? each.name : `${each.name} : ${number(Math.min(...values))} – ${number(Math.max(...values))} ${unit}`;
  }).join(" ; ");
  return (
    <Stack gap={2}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">{title}</Text>
        {series.length > 1 && (
          <Group gap="sm">
            {series.map((each) => (
              <Group key={each.name} gap={4}>
                <span style={{ width: 14, height: 3, background: `var(--mantine-color-${each.color}-6)` }} aria-hidden />
                <Text size="xs">{each.name}</Text>
              </Group>
            ))}
          </Group>
        )}
      </Group>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} style={{ width: "100%", maxHeight: 220, fontSize: 11 }} role="img" aria-label={`${title}. ${said}`}>
        {levels.map((level) => (
          <g key={level}>
            <line x1={LEFT} x2={WIDTH - 8} y1={py(level)} y2={py(level)} stroke="var(--mantine-color-default-border)" />
            <text x={LEFT - 6} y={py(level) + 4} textAnchor="end" fill="var(--mantine-color-dimmed)">{number(Math.round(level * 100) / 100)}</text>
          </g>
        ))}
        {[0, end / 2, end].map((seconds) => (
          <text key={seconds} x={px(seconds)} y={HEIGHT - 4} textAnchor={seconds === 0 ? "start" : seconds === end ? "end" : "middle"} fill="var(--mantine-color-dimmed)">
            {`${number(Math.round(seconds))} s`}
          </text>
        ))}
        {series.map((each) => (
          <path key={each.name} d={path(each.values)} fill="none" stroke={`var(--mantine-color-${each.color}-6)`} strokeWidth={2} strokeLinejoin="round" />
        ))}
      </svg>
    </Stack>
  );
}
