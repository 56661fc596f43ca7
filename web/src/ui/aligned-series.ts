/** One line of a chart; `values` are as many as the chart has times, null where there is no data. */
export interface ChartLine {
  label: string;
  color: string;
  values: (number | null)[];
}

export type Point = readonly [at: number, value: number];

/**
 * Puts series on one time axis. Buckets without data become null, so that a gap is drawn as a gap and not as a straight
 * line across it.
 */
export function alignSeries(
  series: readonly (readonly Point[])[],
  stepMillis: number,
): { times: number[]; values: (number | null)[][] } {
  const times = new Set<number>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const points of series) {
    for (const [at] of points) {
      times.add(at);
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  }
  // The bound keeps a wrong step from filling the memory of the page.
  if (stepMillis > 0 && (last - first) / stepMillis < 20_000)
    for (let at = first; at < last; at += stepMillis) times.add(at);
  const sorted = [...times].sort((left, right) => left - right);
  const position = new Map(sorted.map((at, index) => [at, index]));
  const values = series.map((points) => {
    const row = new Array<number | null>(sorted.length).fill(null);
    for (const [at, value] of points) row[position.get(at) ?? 0] = value;
    return row;
  });
  return { times: sorted, values };
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
