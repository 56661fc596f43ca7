import type { Simulator } from "../../../simulator/index.ts";
import { type Puller, seriesKey } from "./puller.ts";
import { dayMs, type Span } from "./schedule.ts";

export interface ComparedMetrics {
  readonly accountId: string;
  readonly region: string;
  readonly namespaces: readonly string[];
  readonly statistics: readonly string[];
  /** Of all metrics that are not slower by nature. */
  readonly periodSeconds: number;
}

export interface Comparison {
  readonly points: number;
  readonly equal: number;
  readonly missing: number;
  readonly wrong: number;
  /** Stored although AWS never had them. */
  readonly invented: number;
  /** Wrong and missing points by series, the worst first, to look into. */
  readonly worst: readonly { readonly series: string; readonly missing: number; readonly wrong: number }[];
}

/** A store may round the last digit of a text. */
const relativeTolerance = 1e-12;

/** All that a collector stored of a time against what the simulated AWS says it had to be. */
export async function compareWithTruth(
  simulator: Simulator,
  puller: Pick<Puller, "stored">,
  compared: ComparedMetrics,
  { fromMs, toMs }: Span,
): Promise<Comparison> {
  const total = { points: 0, equal: 0, missing: 0, wrong: 0, invented: 0 };
  const bySeries = new Map<string, { missing: number; wrong: number }>();
  for (const group of groupsOf(simulator, compared)) {
    const { namespace, name, periodSeconds } = group;
    const stepMs = Math.max(dayMs, periodSeconds * 1000);
    for (const statistic of compared.statistics) {
      for (let from = Math.ceil(fromMs / stepMs) * stepMs - stepMs; from < toMs; from += stepMs) {
        const span = { fromMs: Math.max(from, fromMs), toMs: Math.min(from + stepMs, toMs) };
        if (span.fromMs >= span.toMs) continue;
        const stored = await puller.stored({
          namespace,
          name,
          statistic,
          periodSeconds,
          ...alignedTo(span, periodSeconds),
        });
        for (const dimensions of group.dimensions) {
          const truth = simulator.truth(
            { ...compared, namespace, name, dimensions, statistic, periodSeconds },
            span.fromMs,
            span.toMs,
          );
          const key = seriesKey(Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])));
          const points = stored.get(key) ?? new Map<number, number>();
          const found = compareSeries(truth, points, span);
          for (const field of Object.keys(total) as (keyof typeof total)[]) total[field] += found[field];
          if (found.missing + found.wrong === 0) continue;
          const label = `${namespace} ${name} ${statistic} ${key}`;
          const known = bySeries.get(label) ?? { missing: 0, wrong: 0 };
          bySeries.set(label, { missing: known.missing + found.missing, wrong: known.wrong + found.wrong });
        }
      }
    }
  }
  const worst = [...bySeries]
    .map(([series, counts]) => ({ series, ...counts }))
    .sort((a, b) => b.missing + b.wrong - a.missing - a.wrong)
    .slice(0, 5);
  return { ...total, worst };
}

function alignedTo({ fromMs, toMs }: Span, periodSeconds: number): Span {
  const periodMs = periodSeconds * 1000;
  return { fromMs: Math.floor(fromMs / periodMs) * periodMs, toMs: Math.ceil(toMs / periodMs) * periodMs };
}

type Truth = ReturnType<Simulator["truth"]>;

function compareSeries(truth: Truth, stored: ReadonlyMap<number, number>, { fromMs, toMs }: Span) {
  const counts = { points: truth.length, equal: 0, missing: 0, wrong: 0, invented: 0 };
  for (const { atMs, value } of truth) {
    const found = stored.get(atMs);
    if (found === undefined) counts.missing++;
    else if (isSame(found, value)) counts.equal++;
    else counts.wrong++;
  }
  const inSpan = [...stored.keys()].filter((atMs) => atMs >= fromMs && atMs < toMs).length;
  counts.invented = Math.max(0, inSpan - counts.equal - counts.wrong);
  return counts;
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= relativeTolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

/** Metrics of one name, which are read together. */
function groupsOf(simulator: Simulator, { accountId, namespaces, periodSeconds, region }: ComparedMetrics) {
  const groups = new Map<string, Group>();
  for (const metric of simulator.world.catalogue(accountId, region).metrics) {
    if (!namespaces.includes(metric.namespace)) continue;
    const key = `${metric.namespace} ${metric.name}`;
    const group = groups.get(key) ?? {
      namespace: metric.namespace,
      name: metric.name,
      periodSeconds: periodOf(metric.periodSeconds, periodSeconds),
      dimensions: [],
    };
    group.dimensions.push(metric.dimensions);
    groups.set(key, group);
  }
  return groups.values();
}

interface Group {
  readonly namespace: string;
  readonly name: string;
  readonly periodSeconds: number;
  readonly dimensions: (readonly { readonly Name: string; readonly Value: string }[])[];
}

/** Metrics with a few points a day are asked for as they are. */
function periodOf(naturalSeconds: number, wantedSeconds: number): number {
  return naturalSeconds > 3_600 ? Math.max(naturalSeconds, wantedSeconds) : wantedSeconds;
}
