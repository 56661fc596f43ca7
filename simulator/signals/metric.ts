import { type Behaviour, levelAt, type SignalContext } from "./behaviour.ts";
import { hashText, unit } from "./hash.ts";
import { arrivalAt, firstVersion, type LatePoints } from "./lateness.ts";
import { createSlot, type Slot } from "./slot.ts";

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface SimulatedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly unit: string;
  /** Natural period: no finer points exist. */
  readonly periodSeconds: number;
  /** A point can be read this long after its period has ended. */
  readonly lagSeconds: number;
  readonly behaviour: Behaviour;
  readonly context: SignalContext;
  readonly seed: number;
  /** Points exist from here up to, not including, `untilMs`. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Name, namespace and sorted dimensions as one text: the identity of a metric. */
export function metricKey(namespace: string, name: string, dimensions: readonly Dimension[]): string {
  const [only, second] = dimensions;
  if (only && !second) return `${namespace}\u0001${name}\u0001${only.Name}\u0000${only.Value}`;
  const sorted = dimensions.map(({ Name, Value }) => `${Name}\u0000${Value}`).sort();
  return [namespace, name, ...sorted].join("\u0001");
}

/** `place` tells metrics apart that have the same name in another region. */
export function createMetric(metric: Omit<SimulatedMetric, "seed">, place: string): SimulatedMetric {
  const key = metricKey(metric.namespace, metric.name, metric.dimensions);
  return { ...metric, seed: (hashText(`${place}/${key}`) ^ metric.context.accountSeed) >>> 0 };
}

/** Above this many natural periods an answer's period is sampled evenly instead of read in full. */
const slotsPerPointMax = 288;

/**
 * The natural periods that make up [startMs, startMs + periodMs) and can be read at `nowMs`. A day of five-minute
 * points is read in full; longer spans are sampled, and `weight` says how many each one stands for.
 */
export function slotsBetween(
  metric: SimulatedMetric,
  startMs: number,
  periodMs: number,
  nowMs: number,
  late?: LatePoints,
): { slots: Slot[]; weight: number } {
  const { first, last, stride } = publishedPeriods(metric, startMs, periodMs, nowMs);
  const total = last - first + 1;
  if (total <= 0) return { slots: [], weight: 1 };
  const slots: Slot[] = [];
  for (let index = first; index <= last; index += stride) {
    const slot = arrivedSlotAt(metric, index, nowMs, late);
    if (slot) slots.push(slot);
  }
  return { slots, weight: total / Math.ceil(total / stride) };
}

/** Whether `slotsBetween` would find anything, without computing it. */
export function hasSlots(
  metric: SimulatedMetric,
  startMs: number,
  periodMs: number,
  nowMs: number,
  late?: LatePoints,
): boolean {
  const { first, last, stride } = publishedPeriods(metric, startMs, periodMs, nowMs);
  if (!late) return first <= last;
  for (let index = first; index <= last; index += stride)
    if (arrivalOf(metric, index, nowMs, late).kind !== "absent") return true;
  return false;
}

function arrivedSlotAt(
  metric: SimulatedMetric,
  index: number,
  nowMs: number,
  late: LatePoints | undefined,
): Slot | undefined {
  if (!late) return slotAt(metric, index);
  const arrival = arrivalOf(metric, index, nowMs, late);
  if (arrival.kind === "absent") return undefined;
  const slot = slotAt(metric, index);
  return arrival.kind === "first" ? firstVersion(slot, arrival.part) : slot;
}

function arrivalOf(metric: SimulatedMetric, index: number, nowMs: number, late: LatePoints) {
  const publishedMs = ((index + 1) * metric.periodSeconds + metric.lagSeconds) * 1000;
  return arrivalAt(late, metric.seed, index, nowMs - publishedMs);
}

/** Numbers of the first and the last natural period, counted from the epoch, and how far apart they are read. */
function publishedPeriods(
  metric: SimulatedMetric,
  startMs: number,
  periodMs: number,
  nowMs: number,
): { first: number; last: number; stride: number } {
  const naturalMs = metric.periodSeconds * 1000;
  const publishedUntil = Math.min(nowMs - metric.lagSeconds * 1000, metric.untilMs);
  const first = Math.ceil(Math.max(startMs, metric.fromMs) / naturalMs);
  const last =
    Math.min(Math.ceil((startMs + periodMs) / naturalMs), Math.floor(publishedUntil / naturalMs)) - 1;
  return { first, last, stride: Math.max(1, Math.ceil((last - first + 1) / slotsPerPointMax)) };
}

function slotAt(metric: SimulatedMetric, index: number): Slot {
  const atMs = index * metric.periodSeconds * 1000;
  const level = levelAt(metric.seed, metric.behaviour, metric.context, atMs);
  if (metric.behaviour.kind !== "tally") return createSlot(metric.behaviour, level, samplesAt(metric, atMs));
  // Rounding by chance keeps rare events rare instead of making them never.
  return createSlot(metric.behaviour, Math.floor(level + unit(metric.seed ^ 0x165667b1, index)), 1);
}

/** Events of a duration metric follow the same daily cycle as the load that causes them. */
function samplesAt({ behaviour, context, seed }: SimulatedMetric, atMs: number): number {
  const samples = behaviour.samples ?? 1;
  if (behaviour.kind !== "duration") return samples;
  const load: Behaviour = { kind: "gauge", base: samples, daily: 0.5, weekend: behaviour.weekend ?? 0.6 };
  return Math.max(1, Math.round(levelAt(seed ^ 0x2545f491, load, context, atMs)));
}
