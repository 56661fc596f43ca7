import type { Calls } from "./calls.ts";

/** What CloudWatch's API would cost, from the calls that were answered; refused ones are free. */
export interface Bill {
  readonly metricsRequested: number;
  /** Answered calls of the operations that are billed by the call. */
  readonly requests: Readonly<Record<string, number>>;
  /** Requests of this bill that the monthly free tier covers. */
  readonly freeRequests: number;
  readonly dollars: number;
}

const dollarsPerThousand = 0.01;
const freeRequestsMax = 1_000_000;
/** GetMetricData is billed by the metric and has no free tier. */
const billedByCall = ["ListMetrics", "GetMetricStatistics", "DescribeAlarms"];

/** Counts since the calls were last reset; resetting them at the start of a month starts its free tier. */
export function billOf(calls: Calls): Bill {
  const requests = Object.fromEntries(
    billedByCall.map((operation) => [operation, calls.answered("monitoring", operation)]),
  );
  const total = Object.values(requests).reduce((sum, count) => sum + count, 0);
  const freeRequests = Math.min(total, freeRequestsMax);
  const { metricsRequested } = calls;
  return {
    metricsRequested,
    requests,
    freeRequests,
    dollars: ((metricsRequested + total - freeRequests) / 1000) * dollarsPerThousand,
  };
}
