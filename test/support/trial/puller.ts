/** One statistic of one metric as it was stored: start of the period in epoch milliseconds, and the value. */
export type StoredPoints = ReadonlyMap<number, number>;

/** The series of one statistic of one metric name, by `seriesKey` of their dimensions. */
export type StoredSeries = ReadonlyMap<string, StoredPoints>;

export interface StoredQuery {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something that collects metrics and can be stopped, killed and started again: our engine, or a model of another. */
export interface Puller {
  start(): Promise<void>;
  /** As a service manager does it: what is under way may be ended first. */
  stop(): Promise<void>;
  /** Without warning, in the middle of the calls of the next poll; it is started again at once. */
  killDuringNextPoll(): void;
  /** When there is something to do next, epoch milliseconds. */
  nextAt(): Promise<number>;
  /** Does what is due, to its end. */
  work(): Promise<void>;
  stored(query: StoredQuery): Promise<StoredSeries>;
}

export function seriesKey(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
}
