import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";

/**
 * Models of how other collectors decide what to ask for and what to keep, written from their published sources and documents;
 * they are not those programs. Where a program leaves something to its settings, a model takes what its documents
 * recommend, and where the trial leaves room, it is used in the model's favour:
 *
 * - metrics are listed by namespace, not by metric name: fewer calls that could be throttled;
 * - the AWS SDK makes three attempts of each call;
 * - points keep the time that AWS gave them, though some write the time of the scrape unless told otherwise.
 */
export interface Model {
  readonly name: string;
  /** What it assumes, in a sentence, for the report. */
  readonly assumes: string;
  /** A store that takes no point older than or as old as its last one, as Prometheus does. */
  readonly appendOnly: boolean;
  /** A new process: what it remembers between polls is in the closure. */
  start(settings: ModelSettings): (aws: ModelAws, nowMs: number) => Promise<void>;
}

export interface ModelSettings {
  readonly namespaces: readonly string[];
  readonly statistics: readonly string[];
  readonly periodMs: number;
  readonly pollMs: number;
}

export interface ListedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface ModelAws {
  /** Pages of one namespace; throws in the middle when AWS refuses one. */
  listPages(namespace: string, options: { recentlyActive: boolean }): AsyncIterable<readonly ListedMetric[]>;
  /** One page. */
  getData(question: DataQuestion): Promise<DataPage>;
  /** Keeps these points of an answer. */
  keep(query: ModelQuery, points: readonly ModelPoint[]): void;
}

export interface ModelQuery {
  readonly metric: ListedMetric;
  readonly statistic: string;
}

export interface ModelPoint {
  readonly atMs: number;
  readonly value: number;
}

export interface DataQuestion {
  readonly queries: readonly MetricDataQuery[];
  readonly startMs: number;
  readonly endMs: number;
  readonly nextToken?: string | undefined;
}

export interface DataPage {
  readonly results: readonly MetricDataResult[];
  readonly nextToken: string | undefined;
}

export const queriesPerCall = 500;

/** Every statistic of every metric. */
export function queriesFor(metrics: readonly ListedMetric[], statistics: readonly string[]): ModelQuery[] {
  return metrics.flatMap((metric) => statistics.map((statistic) => ({ metric, statistic })));
}

export function batchesOf(queries: readonly ModelQuery[]): ModelQuery[][] {
  const count = Math.ceil(queries.length / queriesPerCall);
  return Array.from({ length: count }, (_, n) => queries.slice(n * queriesPerCall, (n + 1) * queriesPerCall));
}

export function toQuery({ metric, statistic }: ModelQuery, index: number, periodMs: number): MetricDataQuery {
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodMs / 1000,
      Stat: statistic,
    },
  };
}

/** Points of each query of a batch, newest first; none of them looks at a result's status. */
export function* pointsOf(
  batch: readonly ModelQuery[],
  results: readonly MetricDataResult[],
): Generator<{ query: ModelQuery; points: ModelPoint[] }> {
  for (const { Id = "", Timestamps = [], Values = [] } of results) {
    const query = batch[Number(Id.slice(1))];
    if (!query) continue;
    const points = Timestamps.map((time, index) => ({ atMs: time.getTime(), value: Values[index] ?? 0 }));
    yield { query, points: points.sort((a, b) => b.atMs - a.atMs) };
  }
}

/** The pages of a batch, followed to the end. */
export async function fetchAll(
  aws: ModelAws,
  batch: readonly ModelQuery[],
  { endMs, periodMs, startMs }: { startMs: number; endMs: number; periodMs: number },
): Promise<MetricDataResult[]> {
  const queries = batch.map((query, index) => toQuery(query, index, periodMs));
  const results: MetricDataResult[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.getData({ queries, startMs, endMs, nextToken });
    results.push(...page.results);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return results;
}

/** All metrics of the namespaces, or the error of the first page that could not be had. */
export async function listAll(
  aws: ModelAws,
  { namespaces }: ModelSettings,
  options: { recentlyActive: boolean },
): Promise<ListedMetric[]> {
  const listed: ListedMetric[] = [];
  for (const namespace of namespaces)
    for await (const page of aws.listPages(namespace, options)) listed.push(...page);
  return listed;
}
