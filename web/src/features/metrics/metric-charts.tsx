import { Stack, Text } from "@mantine/core";
import type { Run } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { integrationNamesQuery, troubledRunsQuery } from "../../api/integrations.ts";
import { useCan } from "../../api/session.ts";
import { TimeSeriesChart } from "../../ui/time-series-chart.tsx";
import { ChartKey } from "./chart-key.tsx";
import { ChartMarks, type Missing } from "./chart-marks.tsx";
import type { ChartModel } from "./chart-model.ts";
import type { ExploredMetric } from "./explore.ts";
import { MetricLegend } from "./metric-legend.tsx";
import { MetricTable } from "./metric-table.tsx";
import { MissingTimes } from "./missing-times.tsx";
import type { MetricsSearch, SearchChange } from "./search.ts";

interface MetricChartsProps {
  search: MetricsSearch;
  metrics: ExploredMetric[];
  charts: ChartModel[];
  refreshing: boolean;
  height: number;
  onChange: (next: SearchChange) => void;
}

export function MetricCharts(props: MetricChartsProps) {
  const { search, metrics, charts, refreshing } = props;
  const [from, to] = [metrics[0]?.result.from ?? 0, metrics[0]?.result.to ?? 1];
  const missing = missingOf(metrics, from, to);
  const { runs, names } = useTroubledRuns(metrics, from, to);
  return (
    <Stack gap="md" style={{ opacity: refreshing ? 0.55 : 1, transition: "opacity 120ms" }}>
      {search.view !== "table" && (
        <ChartKey
          changing={charts.some(({ lines }) => lines.some((line) => line.changingFrom !== null))}
          weekBefore={charts.some(({ lines }) => lines.some((line) => line.faded))}
          owed={missing.some(({ lost }) => !lost)}
          lost={missing.some(({ lost }) => lost)}
          runs={runs.length > 0}
        />
      )}
      {charts.map((chart) => (
        <Stack key={chart.units.join(" ")} gap="xs">
          {charts.length > 1 && (
            <Text size="xs" c="dimmed" fw={600}>
              {chart.units[0] ?? "No unit"}
            </Text>
          )}
          {search.view === "table" ? (
            <MetricTable times={chart.times} lines={chart.lines} />
          ) : (
            <OneChart {...props} chart={chart} from={from} to={to}>
              <ChartMarks from={from} to={to} missing={missing} runs={runs} names={names} />
            </OneChart>
          )}
        </Stack>
      ))}
      <MissingTimes missing={missing} />
    </Stack>
  );
}

interface OneChartProps extends MetricChartsProps {
  chart: ChartModel;
  from: number;
  to: number;
  children: React.ReactNode;
}

function OneChart({ chart, charts, from, to, height, onChange, children }: OneChartProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);
  const names = [...new Set(chart.lines.map(({ label }) => label))];
  return (
    <>
      <TimeSeriesChart
        label={`${chart.lines.length} series over time: ${names.slice(0, 5).join(", ")}`}
        times={chart.times}
        lines={chart.lines}
        units={chart.units}
        from={from}
        to={to}
        height={height}
        hidden={hidden}
        onZoom={(start, end) => onChange({ range: undefined, from: start, to: end })}
        onCursor={setCursor}
      >
        {children}
      </TimeSeriesChart>
      <MetricLegend
        lines={chart.lines}
        hidden={hidden}
        onHidden={setHidden}
        cursor={cursor}
        time={cursor === null ? undefined : chart.times[cursor]}
        hint={chart === charts.at(-1)}
      />
    </>
  );
}

/** More than these would only shade the whole chart. */
const missingMost = 100;

/** Times without points within the range, each once however many metrics lack it, in order. */
function missingOf(metrics: readonly ExploredMetric[], from: number, to: number): Missing[] {
  const found = new Map<string, Missing>();
  for (const { result } of metrics)
    for (const one of result.missing) if (one.from < to && one.to > from) found.set(JSON.stringify(one), one);
  return [...found.values()].sort((a, b) => a.from - b.from).slice(0, missingMost);
}

const minuteMillis = 60_000;

/** Runs that did not succeed in the range, of the integrations whose points are shown where that is known. */
function useTroubledRuns(metrics: readonly ExploredMetric[], from: number, to: number) {
  const can = useCan();
  // Whole minutes, so that a range which moves with the clock does not ask at every drawing.
  const range = {
    from: Math.floor(from / minuteMillis) * minuteMillis,
    to: Math.ceil(to / minuteMillis) * minuteMillis,
  };
  const runs = useQuery({ ...troubledRunsQuery(range), enabled: can("runs:List") });
  const names = useQuery({ ...integrationNamesQuery, enabled: can("integrations:List") });
  const labels = metrics.flatMap(({ result }) => result.series.map((series) => series.labels.integrationId));
  const shown = labels.includes(undefined) ? undefined : new Set(labels);
  const items: Run[] = runs.data?.items ?? [];
  return {
    runs: items.filter(
      ({ integrationId, startedAt }) =>
        (shown === undefined || shown.has(integrationId)) &&
        Date.parse(startedAt) >= from &&
        Date.parse(startedAt) < to,
    ),
    names: names.data ?? new Map<string, string>(),
  };
}
