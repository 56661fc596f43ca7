/**
 * One line of a chart, with as many values as the chart has times: null where data is missing, undefined where this line
 * has no point because it is sampled more coarsely than another.
 */
export interface ChartLine {
  label: string;
  color: string;
  values: (number | null | undefined)[];
  /** As CloudWatch names it. */
  unit: string | null;
  /** 0 for the axis on the left, 1 for that on the right. */
  axis: number;
  /** Place of the first value that may still change; null when none may. */
  changingFrom: number | null;
  /** Drawn behind the others, as something to compare with. */
  faded: boolean;
}

export type Point = readonly [at: number, value: number];

/**
 * Puts series on one time axis. Neighbouring points are joined; where a series has been silent for longer than its own
 * rhythm there is a null, so that a gap is drawn as a gap and not as a straight line across it.
 */
export function alignSeries(
  series: readonly (readonly Point[])[],
  stepMillis: number,
): { times: number[]; values: (number | null | undefined)[][] } {
  const gaps = series.map((points) => gapsOf(points, stepMillis));
  const times = new Set<number>();
  for (const points of series) for (const [at] of points) times.add(at);
  for (const marks of gaps) for (const at of marks) times.add(at);
  const sorted = [...times].sort((left, right) => left - right);
  const position = new Map(sorted.map((at, index) => [at, index]));
  const values = series.map((points, index) => {
    const row = new Array<number | null | undefined>(sorted.length).fill(undefined);
    for (const at of gaps[index] ?? []) row[position.get(at) ?? 0] = null;
    for (const [at, value] of points) row[position.get(at) ?? 0] = value;
    return row;
  });
  return { times: sorted, values };
}

/** Times right after the last point before each silence. */
function gapsOf(points: readonly Point[], stepMillis: number): number[] {
  const distances = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));
  const rhythm = Math.max(stepMillis, medianOf(distances));
  return distances.flatMap((distance, index) =>
    distance > rhythm * 1.5 ? [(points[index]?.[0] ?? 0) + rhythm] : [],
  );
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0;
}

/**
 * Takes a line apart into what is settled and what may still change. The last settled value is in both, so that the two
 * meet.
 */
export function splitChanging(
  values: ChartLine["values"],
  changingFrom: number | null,
): { settled: ChartLine["values"]; changing: ChartLine["values"] | null } {
  if (changingFrom === null) return { settled: values, changing: null };
  const isValue = (value: number | null | undefined) => value !== null && value !== undefined;
  if (!values.slice(changingFrom).some(isValue)) return { settled: values, changing: null };
  const joint = values.slice(0, changingFrom).findLastIndex((value) => value !== undefined);
  return {
    settled: values.map((value, index) => (index < changingFrom ? value : undefined)),
    changing: values.map((value, index) => (index >= changingFrom || index === joint ? value : undefined)),
  };
}

const palette = [
  "#2f8fc4",
  "#e0823d",
  "#3aa876",
  "#d1556b",
  "#8b6fd1",
  "#b1932a",
  "#2aa3a3",
  "#c45fa8",
  "#7d9b2f",
  "#6f7f94",
  "#4f6fd8",
  "#b5623f",
];

/** Colours that stand out on white and on slate; beyond the palette, hues far apart. */
export function seriesColor(index: number): string {
  return palette[index] ?? `hsl(${(index * 137.5) % 360} 52% 52%)`;
}

/** The same colour, letting through what lies behind it. */
export function fadedColor(color: string): string {
  return color.startsWith("#") ? `${color}8c` : color.replace(")", " / 55%)");
}

/** Places of points that no line reaches, because both neighbours are missing: they need a dot to be seen. */
export function isolatedPoints(values: ChartLine["values"]): number[] {
  const present = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  return present
    .filter(
      ({ value }, place) =>
        value !== null &&
        (present[place - 1]?.value ?? null) === null &&
        (present[place + 1]?.value ?? null) === null,
    )
    .map(({ index }) => index);
}
