import type { FedSeries, FeedPosition } from "../../telemetry/index.ts";

/** Points for one request, with the place of the last of them. */
export interface Batch {
  readonly series: readonly FedSeries[];
  readonly points: number;
  readonly last: FeedPosition;
}

export interface BatchBounds {
  readonly pointsMax: number;
  /** Of names, values and labels before they are compressed, roughly. */
  readonly bytesMax: number;
}

/** What Prometheus itself sends at a time by default; and a body that every receiver takes. */
export const defaultBounds: BatchBounds = { pointsMax: 2_000, bytesMax: 2_000_000 };

const bytesPerPoint = 20;

/** Requests in the order of the series; the points of a series stay in the order of time, over requests too. */
export function* batchesOf(
  series: readonly FedSeries[],
  bounds: BatchBounds = defaultBounds,
): Generator<Batch> {
  let taken: FedSeries[] = [];
  let [points, bytes] = [0, 0];
  for (const one of series) {
    const labels = labelBytes(one);
    for (let from = 0; from < one.points.length; ) {
      if (points > 0 && (points >= bounds.pointsMax || bytes + labels > bounds.bytesMax)) {
        yield toBatch(taken, points);
        taken = [];
        points = 0;
        bytes = 0;
      }
      const slice = one.points.slice(from, from + bounds.pointsMax - points);
      taken.push({ ...one, points: slice });
      from += slice.length;
      points += slice.length;
      bytes += labels + slice.length * bytesPerPoint;
    }
  }
  if (points > 0) yield toBatch(taken, points);
}

/** Two halves of a batch, in order; nothing for a single point. */
export function halve({ series, points }: Batch): Batch[] {
  if (points < 2) return [];
  return [...batchesOf(series, { pointsMax: Math.ceil(points / 2), bytesMax: Number.POSITIVE_INFINITY })];
}

function toBatch(series: readonly FedSeries[], points: number): Batch {
  const last = series.at(-1) as FedSeries;
  return { series, points, last: { seriesId: last.seriesId, seconds: last.points.at(-1)?.[0] as number } };
}

function labelBytes({ namespace, metricName, dimensions, tags }: FedSeries): number {
  let bytes = 150 + namespace.length + metricName.length;
  for (const map of [dimensions, tags]) {
    for (const [name, value] of Object.entries(map)) bytes += name.length + value.length + 20;
  }
  return bytes;
}
