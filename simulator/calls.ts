export interface Call {
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly status: number;
  /** AWS error code; undefined for a success. */
  readonly code: string | undefined;
}

/** What was asked of the simulator: the newest calls one by one, and counters over all of them. */
export interface Calls {
  readonly recent: readonly Call[];
  /** Calls of one operation, as in `count("monitoring", "ListMetrics")`, or of a service; refused ones included. */
  count(service: string, operation?: string): number;
  /** Calls of one operation that were answered with what they asked for. */
  answered(service: string, operation: string): number;
  /** Metrics requested by GetMetricData: what AWS bills, one for each query of each page. */
  readonly metricsRequested: number;
  record(call: Call): void;
  bill(metrics: number): void;
  reset(): void;
}

const recentMax = 10_000;

export function createCalls(): Calls {
  let recent: Call[] = [];
  let metricsRequested = 0;
  const counters = new Map<string, number>();
  const refusedOf = (operation: string) => `${operation}:refused`;
  const increment = (name: string) => counters.set(name, (counters.get(name) ?? 0) + 1);
  return {
    get recent() {
      return recent;
    },
    get metricsRequested() {
      return metricsRequested;
    },
    count: (service, operation) =>
      counters.get(operation === undefined ? service : `${service}:${operation}`) ?? 0,
    answered: (service, operation) => {
      const name = `${service}:${operation}`;
      return (counters.get(name) ?? 0) - (counters.get(refusedOf(name)) ?? 0);
    },
    record: (call) => {
      recent.push(call);
      // Dropping half at a time keeps the cost per call constant.
      if (recent.length > recentMax) recent = recent.slice(recentMax / 2);
      increment(call.service);
      const name = `${call.service}:${call.operation}`;
      increment(name);
      if (call.status !== 200 || call.code !== undefined) increment(refusedOf(name));
    },
    bill: (metrics) => {
      metricsRequested += metrics;
    },
    reset: () => {
      recent = [];
      metricsRequested = 0;
      counters.clear();
    },
  };
}
