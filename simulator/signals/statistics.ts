import type { Slot } from "./slot.ts";

/** Computes one statistic over the natural periods of one answer period; undefined where no data lies. */
export type Statistic = (slots: readonly Slot[], weight: number) => number | undefined;

const parsed = new Map<string, Statistic>();
/** More than anybody asks for; callers choose the names. */
const parsedMax = 1_000;

/** Turns `Average`, `p99.9`, `tm90`, `TM(10%:90%)` … into a statistic; undefined if CloudWatch would refuse it. */
export function parseStatistic(name: string): Statistic | undefined {
  const known = parsed.get(name) ?? parse(name);
  if (known && parsed.size < parsedMax) parsed.set(name, known);
  return known;
}

function parse(name: string): Statistic | undefined {
  const basic = basicStatistics.get(name);
  if (basic) return onlyWithData(basic);
  if (name === "IQM") return onlyWithData((slots) => trimmedMean(slots, 0.25, 0.75));
  const short = /^(p|tm|wm|tc|ts)(\d{1,3}(?:\.\d{1,10})?)$/.exec(name);
  if (short) return ranged(short[1] ?? "", 0, Number(short[2]));
  const long = /^(TM|WM|TC|TS)\((\d{0,3}(?:\.\d+)?)%?:(\d{0,3}(?:\.\d+)?)%\)$/.exec(name);
  if (!long) return undefined;
  return ranged((long[1] ?? "").toLowerCase(), Number(long[2] || 0), Number(long[3] || 100));
}

const basicStatistics = new Map<string, (slots: readonly Slot[], weight: number) => number>(
  Object.entries({
    SampleCount: (slots: readonly Slot[], weight: number) => totalOf(slots, "count") * weight,
    Sum: (slots: readonly Slot[], weight: number) => totalOf(slots, "sum") * weight,
    Average: (slots: readonly Slot[]) => totalOf(slots, "sum") / totalOf(slots, "count"),
    Minimum: (slots: readonly Slot[]) => Math.min(...slots.map((slot) => slot.min)),
    Maximum: (slots: readonly Slot[]) => Math.max(...slots.map((slot) => slot.max)),
  }),
);

function ranged(kind: string, lowPercent: number, highPercent: number): Statistic | undefined {
  if (lowPercent >= highPercent && kind !== "p") return undefined;
  if (highPercent > 100) return undefined;
  const low = lowPercent / 100;
  const high = highPercent / 100;
  const statistics: Readonly<Record<string, (slots: readonly Slot[], weight: number) => number>> = {
    p: (slots) => percentile(slots, high),
    tm: (slots) => trimmedMean(slots, low, high),
    wm: (slots) =>
      low * percentile(slots, low) +
      (high - low) * trimmedMean(slots, low, high) +
      (1 - high) * percentile(slots, high),
    tc: (slots, weight) => totalOf(slots, "count") * weight * (high - low),
    ts: (slots, weight) => totalOf(slots, "count") * weight * (high - low) * trimmedMean(slots, low, high),
  };
  const statistic = statistics[kind];
  return statistic && onlyWithData(statistic);
}

function onlyWithData(statistic: (slots: readonly Slot[], weight: number) => number): Statistic {
  return (slots, weight) => (slots.length === 0 ? undefined : statistic(slots, weight));
}

/** Weighted by samples, so that it is monotone in `p` and lies between minimum and maximum. */
function percentile(slots: readonly Slot[], p: number): number {
  if (p <= 0) return Math.min(...slots.map((slot) => slot.min));
  if (p >= 1) return Math.max(...slots.map((slot) => slot.max));
  let weighted = 0;
  for (const slot of slots) weighted += slot.quantile(p) * slot.count;
  return weighted / totalOf(slots, "count");
}

const trimSteps = 16;

function trimmedMean(slots: readonly Slot[], low: number, high: number): number {
  let sum = 0;
  for (let i = 0; i < trimSteps; i++) sum += percentile(slots, low + ((high - low) * (i + 0.5)) / trimSteps);
  return sum / trimSteps;
}

function totalOf(slots: readonly Slot[], field: "sum" | "count"): number {
  let total = 0;
  for (const slot of slots) total += slot[field];
  return total;
}
