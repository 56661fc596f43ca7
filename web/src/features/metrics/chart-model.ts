import type { MetricQueryResult } from "@nephoscope/contract";
import { alignSeries, type ChartLine, type Point } from "../../ui/aligned-series.ts";
import { type ExploredMetric, weekMillis } from "./explore.ts";
import { nameSeries } from "./series-labels.ts";

/** What stands on one pair of axes. */
export interface ChartModel {
  /** One or two; the second has its axis on the right. */
  units: (string | null)[];
  /** Epoch milliseconds, ascending. */
  times: number[];
  lines: ChartLine[];
}

/** Units that share a chart; more than these are drawn as one chart each. */
const unitsOfOneChart = 2;

interface Series {
  /** Keeps its colour; the same for both weeks. */
  key: string;
  label: string;
  unit: string | null;
  points: readonly Point[];
  stepMillis: number;
  /** From this time on points may still change. */
  changesFrom: number;
  weekBefore: boolean;
}

/** The charts of what was found; `colorsOf` gives the colours of the keys that it is told. */
export function buildCharts(
  metrics: readonly ExploredMetric[],
  colorsOf: (keys: string[]) => (key: string) => string,
): ChartModel[] {
  const series = seriesOf(metrics);
  const colorOf = colorsOf([...new Set(series.map(({ key }) => key))]);
  const units = [...new Set(series.map(({ unit }) => unit))];
  const groups = units.length <= unitsOfOneChart ? [units] : units.map((unit) => [unit]);
  return groups
    .filter((group) => group.length > 0)
    .map((group) =>
      chartOf(
        group,
        series.filter(({ unit }) => group.includes(unit)),
        colorOf,
      ),
    );
}

function chartOf(
  units: (string | null)[],
  series: readonly Series[],
  colorOf: (key: string) => string,
): ChartModel {
  const { times, values } = alignSeries(
    series.map(({ points }) => points),
    Math.min(...series.map(({ stepMillis }) => stepMillis)),
  );
  const lines = series.map((one, index): ChartLine => {
    const first = times.findIndex((at) => at >= one.changesFrom);
    return {
      label: one.label,
      color: colorOf(one.key),
      values: values[index] ?? [],
      unit: one.unit,
      axis: units.indexOf(one.unit),
      changingFrom: one.weekBefore || first === -1 ? null : first,
      faded: one.weekBefore,
    };
  });
  return { units, times, lines };
}

function seriesOf(metrics: readonly ExploredMetric[]): Series[] {
  const several = metrics.length > 1;
  const taken = new Map<string, number>();
  return metrics.flatMap(({ part, result, weekBefore }) => {
    const metricName = part.metric ?? "";
    const own = several ? `${metricName} ${part.stat ?? ""}` : metricName;
    const nameOf = namesOf([result, weekBefore], metricName);
    const toSeries = (from: MetricQueryResult, shift: number) =>
      from.series.map((one): Series => {
        const id = JSON.stringify(one.labels);
        const name = nameOf.get(id) ?? metricName;
        const label = several && name !== metricName ? `${own} · ${name}` : several ? own : name;
        const stepMillis = from.stepSeconds * 1000;
        return {
          key: `${part.ns} ${metricName} ${part.stat} ${id}`,
          label: unlike(taken, shift > 0 ? `${label} · week before` : label),
          unit: unitOf(from.unit),
          points: shift === 0 ? one.points : one.points.map(([at, value]) => [at + shift, value] as const),
          stepMillis,
          // A bucket is settled once its end is; what starts after this ends later.
          changesFrom: one.settledTo - stepMillis + 1,
          weekBefore: shift > 0,
        };
      });
    return [...toSeries(result, 0), ...(weekBefore === null ? [] : toSeries(weekBefore, weekMillis))];
  });
}

/** CloudWatch says `None` where others say nothing. */
const unitOf = (unit: string | null) => (unit === "None" ? null : unit);

/** Names by labels, the same for both weeks. */
function namesOf(results: readonly (MetricQueryResult | null)[], metricName: string): Map<string, string> {
  const sets = new Map<string, Record<string, string>>();
  for (const result of results)
    for (const { labels } of result?.series ?? []) sets.set(JSON.stringify(labels), labels);
  const { names } = nameSeries([...sets.values()], metricName);
  return new Map([...sets.keys()].map((id, index) => [id, names[index] ?? metricName]));
}

/** Lines are told apart by their labels, so the second of the same name gets a number. */
function unlike(taken: Map<string, number>, label: string): string {
  const times = (taken.get(label) ?? 0) + 1;
  taken.set(label, times);
  return times === 1 ? label : `${label} (${times})`;
}
