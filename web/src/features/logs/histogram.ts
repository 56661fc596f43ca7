import type { LogHistogram } from "@nephoscope/contract";
import { formatMinute, formatStamp } from "../../ui/zoned-time.ts";

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** One bar for each step of the range, empty ones included; the first and the last are cut at the range's ends. */
export function barsOf({ stepMs, buckets }: LogHistogram, range: { from: number; to: number }): Bar[] {
  if (stepMs <= 0 || range.to <= range.from) return [];
  const counts = new Map(buckets.map(({ startMs, count }) => [startMs, count]));
  // The server's steps may begin anywhere; one that it told shows where.
  const phase = (buckets[0]?.startMs ?? 0) % stepMs;
  const first = Math.floor((range.from - phase) / stepMs) * stepMs + phase;
  const bars: Bar[] = [];
  for (let start = first; start < range.to; start += stepMs) {
    bars.push({
      from: Math.max(start, range.from),
      to: Math.min(start + stepMs, range.to),
      count: counts.get(start) ?? 0,
    });
  }
  return bars;
}

/** The range between two places of a drag, each a share of the width; undefined for what was only a click. */
export function rangeOfDrag(
  range: { from: number; to: number },
  start: number,
  end: number,
  leastShare = 0.01,
): { from: number; to: number } | undefined {
  const [low, high] = start < end ? [start, end] : [end, start];
  if (high - low < leastShare) return undefined;
  const at = (share: number) => Math.round(range.from + (range.to - range.from) * clamp(share));
  const [from, to] = [at(low), at(high)];
  return to > from ? { from, to } : undefined;
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));

const tickSteps = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/** Round times within a range, at most so many. `offsetMs` is the zone's, so that days begin at its midnight. */
export function ticksOf(range: { from: number; to: number }, most: number, offsetMs = 0): number[] {
  const step = tickSteps.find((candidate) => (range.to - range.from) / candidate <= most) ?? 2_592_000_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((range.from + offsetMs) / step) * step - offsetMs; at < range.to; at += step) {
    ticks.push(at);
  }
  return ticks;
}

const day = 86_400_000;

/** Texts of ticks, as short as tells them apart. */
export function tickLabels(ticks: readonly number[], utc: boolean): string[] {
  const [first = 0, second = first + day] = ticks;
  const gap = second - first;
  const span = (ticks.at(-1) ?? first) - first;
  return ticks.map((at) => {
    if (gap < 60_000) return formatStamp(at, utc).slice(11, 19);
    if (gap < day && span < day) return formatStamp(at, utc).slice(11, 16);
    return gap < day ? formatMinute(at, utc) : (formatMinute(at, utc).split(",")[0] ?? "");
  });
}

/** The next of 1, 2 and 5 times a power of ten: where an axis of counts ends. */
export function roundUp(count: number): number {
  if (count <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(count));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= count) ?? count;
}
