import type { Behaviour } from "./behaviour.ts";

/** The statistics of one natural period: what CloudWatch would have aggregated from raw samples. */
export interface Slot {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
  /** Value below which the part `p` (0 to 1) of the samples lies. */
  quantile(p: number): number;
}

export function createSlot(behaviour: Behaviour, level: number, samples: number): Slot {
  if (behaviour.kind === "tally") return createTally(level);
  if (behaviour.kind === "duration") return createDuration(level, samples, behaviour.spread ?? 0.5);
  return createGauge(behaviour, level, samples);
}

/** Every event is one sample of value 1; a quiet period is one sample of value 0, as services report it. */
function createTally(events: number): Slot {
  const value = events > 0 ? 1 : 0;
  return { min: value, max: value, sum: events, count: Math.max(1, events), quantile: () => value };
}

function createGauge(behaviour: Behaviour, level: number, samples: number): Slot {
  const room = Math.min(
    level - (behaviour.floor ?? 0),
    (behaviour.ceiling ?? Number.POSITIVE_INFINITY) - level,
  );
  const reach =
    samples <= 1 || behaviour.whole ? 0 : Math.max(0, Math.min(level * (behaviour.spread ?? 0.1), room));
  return {
    min: level - reach,
    max: level + reach,
    sum: level * samples,
    count: samples,
    // Symmetrical and denser in the middle, so that the median is the mean.
    quantile: (p) => {
      const x = 2 * p - 1;
      return level + reach * Math.sign(x) * Math.abs(x) ** 1.5;
    },
  };
}

/** Beyond 3.2 standard deviations lies less than one sample in a thousand. */
const deviationsMax = 3.2;

function createDuration(mean: number, samples: number, sigma: number): Slot {
  const median = mean / Math.exp(sigma ** 2 / 2);
  const quantile = (p: number) => median * Math.exp(sigma * deviations(p));
  return { min: quantile(0), max: quantile(1), sum: mean * samples, count: samples, quantile };
}

/** Inverse of the normal distribution by the logistic curve: off by 0.1 at most, and in one line. */
function deviations(p: number): number {
  if (p <= 0) return -deviationsMax;
  if (p >= 1) return deviationsMax;
  return Math.max(-deviationsMax, Math.min(deviationsMax, Math.log(p / (1 - p)) / 1.702));
}
