import { unit } from "./hash.ts";
import type { Slot } from "./slot.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How long after its usual publication a point can still arrive or change. */
export const settledAfterMs = 60 * hourMs;

/** A part of the points, and between which delays they arrive. */
export interface DelayBand {
  readonly part: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Points that arrive after their usual publication, or arrive too low at first. */
export interface LatePoints {
  /** Parts of all points; what they leave of 1 arrives at once. */
  readonly delays: readonly DelayBand[];
  /** Part of the points whose first version lacks some samples. */
  readonly revisedRate: number;
}

/** Most points at once, some in minutes, few in hours, rare ones up to 60 hours late. */
export const usualLatePoints: LatePoints = {
  delays: [
    { part: 0.06, fromMs: minuteMs, toMs: 15 * minuteMs },
    { part: 0.01, fromMs: 15 * minuteMs, toMs: 6 * hourMs },
    { part: 0.001, fromMs: 6 * hourMs, toMs: settledAfterMs },
  ],
  revisedRate: 0.03,
};

/** What can be read of a natural period, all statistics alike: nothing, some of its samples, or all of them. */
export type Arrival =
  | { readonly kind: "absent" | "final" }
  | { readonly kind: "first"; readonly part: number };

const absent: Arrival = { kind: "absent" };
const final: Arrival = { kind: "final" };

export function checkLatePoints({ delays, revisedRate }: LatePoints): void {
  const parts = delays.reduce((total, { part }) => total + part, 0);
  if (!(delays.every(isBand) && parts <= 1 && revisedRate >= 0 && revisedRate <= 1))
    throw new Error("Late points need parts of at most 1 in all, and delays between 0 and 60 hours.");
}

function isBand({ fromMs, part, toMs }: DelayBand): boolean {
  return part >= 0 && fromMs >= 0 && fromMs <= toMs && toMs <= settledAfterMs;
}

/** The arrival of natural period `index` as seen `sincePublishedMs` after its usual publication. */
export function arrivalAt(late: LatePoints, seed: number, index: number, sincePublishedMs: number): Arrival {
  if (sincePublishedMs >= settledAfterMs) return final;
  const delayMs = delayOf(late.delays, unit(seed ^ 0x3c6ef372, index));
  if (sincePublishedMs < delayMs) return absent;
  if (unit(seed ^ 0x1f83d9ab, index) >= late.revisedRate) return final;
  const settledMs = revisedAfterMs(delayMs, unit(seed ^ 0x510e527f, index));
  if (sincePublishedMs >= settledMs) return final;
  return { kind: "first", part: 0.2 + 0.7 * unit(seed ^ 0x2be0cd19, index) };
}

function delayOf(delays: readonly DelayBand[], drawn: number): number {
  let below = 0;
  for (const { fromMs, part, toMs } of delays) {
    if (drawn < below + part) return fromMs + ((drawn - below) / part) * (toMs - fromMs);
    below += part;
  }
  return 0;
}

/** Cubed, so that most corrections come soon after the first version and rare ones days later. */
function revisedAfterMs(delayMs: number, drawn: number): number {
  const soonest = Math.min(delayMs + minuteMs, settledAfterMs);
  return soonest + (settledAfterMs - soonest) * drawn ** 3;
}

/** The period before its last samples came in: fewer of them, around the same mean. */
export function firstVersion(slot: Slot, part: number): Slot {
  const count = Math.max(1, Math.floor(slot.count * part));
  const mean = slot.sum / slot.count;
  // A single sample is its own minimum, maximum and every percentile.
  if (count === 1) return { min: mean, max: mean, sum: mean, count, quantile: () => mean };
  return { ...slot, sum: mean * count, count };
}
