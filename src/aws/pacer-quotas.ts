/** What AWS allows in one account and region, as far as it is the same for everyone. */
export interface PacerQuotas {
  /** Calls a second, by operation. */
  readonly callsPerSecond: Readonly<Record<string, number>>;
  /** For operations that are not named above. */
  readonly otherCallsPerSecond: number;
  /** Estimated points a second of GetMetricData calls that start within the last three hours. */
  readonly recentPointsPerSecond: number;
  /** The same for calls that start earlier. */
  readonly olderPointsPerSecond: number;
}

/**
 * AWS's defaults. Those of CloudWatch are from its quota page; the tagging API publishes none and throttles users of more than
 * a few calls a second, and IAM's are shared by all that an account does.
 */
export const awsQuotas: PacerQuotas = {
  callsPerSecond: {
    GetMetricData: 50,
    ListMetrics: 25,
    GetMetricStatistics: 400,
    GetResources: 5,
    ListAccountAliases: 5,
  },
  otherCallsPerSecond: 10,
  recentPointsPerSecond: 180_000,
  olderPointsPerSecond: 396_000,
};

const recentMs = 3 * 3_600_000;

/** What AWS counts a GetMetricData call as: what its ranges and periods could hold, not the points that exist. */
export interface EstimatedPoints {
  readonly count: number;
  /** Start of the range, epoch milliseconds. */
  readonly fromMs: number;
}

export function estimatePoints(
  queries: readonly { readonly periodSeconds: number }[],
  range: { readonly from: number; readonly to: number },
): EstimatedPoints {
  const rangeMs = Math.max(0, range.to - range.from);
  const count = queries.reduce((sum, query) => sum + Math.ceil(rangeMs / (query.periodSeconds * 1000)), 0);
  return { count, fromMs: range.from };
}

/** The quota of points that a call falls under. */
export function ageOf(points: EstimatedPoints, nowMs: number): "recent" | "older" {
  return nowMs - points.fromMs <= recentMs ? "recent" : "older";
}
