import type { MetricQueryResult, NoData } from "../contract/index.ts";
import type { SeriesOrigin } from "../telemetry/index.ts";

type MissingTime = MetricQueryResult["missing"][number];

interface TimeRange {
  readonly from: number;
  readonly to: number;
}

interface Metric {
  readonly namespace: string;
  readonly metricName: string;
}

/** Knows how final and how complete the points of an origin are; times are epoch milliseconds. */
export interface FinalitySource {
  describe(
    origin: SeriesOrigin & Metric,
    range: TimeRange,
  ): Promise<{ readonly settledTo: number; readonly missing: readonly MissingTime[] }>;
  /** Why there is not a single point. */
  explain(
    question: Metric &
      TimeRange & { statistic: string; integrationId?: string; accountId?: string; region?: string },
  ): Promise<NoData>;
}

export interface SeriesFinality {
  readonly settledTo: number;
}

/** Times that an answer lists as missing; a chart could not show more. */
const missingMax = 1_000;

/** Asks about each origin once, however many series come from it. */
export function createOriginReader(finality: FinalitySource, metric: Metric, range: TimeRange) {
  const asked = new Map<string, ReturnType<FinalitySource["describe"]>>();
  const describe = (origin: SeriesOrigin) => {
    const key = JSON.stringify([origin.integrationId, origin.accountId, origin.region, origin.periodSeconds]);
    let answer = asked.get(key);
    if (!answer) {
      answer = finality.describe({ ...origin, ...metric }, range);
      asked.set(key, answer);
    }
    return answer;
  };
  return {
    /** A group is settled as far as the last of its origins is. */
    describe: async (origins: readonly SeriesOrigin[]): Promise<SeriesFinality> => {
      const all = await Promise.all(origins.map(describe));
      return { settledTo: all.reduce((least, { settledTo }) => Math.min(least, settledTo), range.to) };
    },
    /** Of all origins that were asked about, in the order of time. */
    missing: async (): Promise<MissingTime[]> => {
      const all = (await Promise.all(asked.values())).flatMap(({ missing }) => missing);
      // Origins that differ in their period only were read together.
      const distinct = new Map(all.map((time) => [JSON.stringify(time), time]));
      return [...distinct.values()].sort((a, b) => a.from - b.from || a.to - b.to).slice(0, missingMax);
    },
  };
}
