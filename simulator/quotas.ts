/** Calls a second of an operation, as in `GetMetricData: 50`, and estimated points a second of GetMetricData. */
export interface Quotas {
  readonly callsPerSecond: Readonly<Record<string, number>>;
  readonly recentPointsPerSecond: number;
  readonly olderPointsPerSecond: number;
}

/** CloudWatch's defaults for one account and region. */
export const usualQuotas: Quotas = {
  callsPerSecond: { GetMetricData: 50, ListMetrics: 25, GetMetricStatistics: 400 },
  recentPointsPerSecond: 180_000,
  olderPointsPerSecond: 396_000,
};

/** A call of CloudWatch, before it is answered. */
export interface QuotaCall {
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  readonly atMs: number;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface QuotaGuard {
  /** Whether the call is within all quotas; only then is it counted against them. */
  admits(call: QuotaCall): boolean;
}

interface Bucket {
  left: number;
  atMs: number;
}

interface Demand {
  readonly key: string;
  readonly perSecond: number;
  readonly amount: number;
}

const recentMs = 3 * 3_600_000;

/** One bucket for each quota, account and region that holds what one second allows. */
export function createQuotaGuard(quotas: Quotas): QuotaGuard {
  const buckets = new Map<string, Bucket>();
  const refilled = ({ key, perSecond }: Demand, atMs: number): Bucket => {
    const bucket = buckets.get(key) ?? { left: perSecond, atMs };
    const elapsedMs = Math.max(0, atMs - bucket.atMs);
    bucket.left = Math.min(perSecond, bucket.left + (elapsedMs / 1000) * perSecond);
    bucket.atMs = atMs;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    admits: (call) => {
      const taken = demandsOf(quotas, call).map((demand) => ({
        demand,
        bucket: refilled(demand, call.atMs),
      }));
      // A call that needs more than a second's worth waits for a full bucket and leaves it in debt.
      if (taken.some(({ bucket, demand }) => bucket.left < Math.min(demand.amount, demand.perSecond)))
        return false;
      for (const { bucket, demand } of taken) bucket.left -= demand.amount;
      return true;
    },
  };
}

function demandsOf(quotas: Quotas, call: QuotaCall): Demand[] {
  const place = `${call.accountId}/${call.region}`;
  const perSecond = quotas.callsPerSecond[call.operation];
  const demands: Demand[] =
    perSecond === undefined ? [] : [{ key: `${place}/${call.operation}`, perSecond, amount: 1 }];
  if (call.operation !== "GetMetricData") return demands;
  const { points, startMs } = estimatePoints(call.input);
  const recent = call.atMs - startMs <= recentMs;
  return [
    ...demands,
    {
      key: `${place}/points/${recent ? "recent" : "older"}`,
      perSecond: recent ? quotas.recentPointsPerSecond : quotas.olderPointsPerSecond,
      amount: points,
    },
  ];
}

interface Estimated {
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly MetricDataQueries?: readonly { readonly MetricStat?: { readonly Period?: number } }[];
}

/** AWS counts what the range and the period could hold, not the points that exist. */
function estimatePoints(input: Estimated): { points: number; startMs: number } {
  const startMs = input.StartTime?.getTime() ?? 0;
  const rangeMs = Math.max(0, (input.EndTime?.getTime() ?? 0) - startMs);
  const points = (input.MetricDataQueries ?? []).reduce(
    (total, { MetricStat: stat }) => total + Math.ceil(rangeMs / ((stat?.Period || 60) * 1000)),
    0,
  );
  return { points, startMs };
}
