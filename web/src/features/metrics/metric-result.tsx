import { Card, Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRef } from "react";
import type { ChartLine } from "../../ui/aligned-series.ts";
import { useCharts } from "./charts.ts";
import type { ExploredMetric } from "./explore.ts";
import { MetricCharts } from "./metric-charts.tsx";
import { NoDataNotice, NoDataPanel } from "./no-data.tsx";
import { ResultHeader } from "./result-header.tsx";
import { ResultNotices } from "./result-notices.tsx";
import type { MetricsSearch, SearchChange } from "./search.ts";

interface MetricResultProps {
  search: MetricsSearch;
  /** What was found; undefined while it is asked for. */
  metrics: ExploredMetric[] | undefined;
  refreshing: boolean;
  onChange: (next: SearchChange) => void;
}

/** The charts or the table of what was found, and what can be done with them. */
export function MetricResult({ search, metrics, refreshing, onChange }: MetricResultProps) {
  const card = useRef<HTMLDivElement>(null);
  const small = useMediaQuery("(max-width: 700px)");
  const height = small ? 260 : 380;
  const charts = useCharts(metrics);
  const lines = charts.flatMap((chart): ChartLine[] => chart.lines);
  return (
    <Card withBorder padding="sm" component="section" aria-label="Result" ref={card}>
      <ResultHeader search={search} metrics={metrics} lines={lines} card={card} onChange={onChange} />
      {metrics === undefined ? (
        <Skeleton h={height} mt="sm" aria-label="Loading" />
      ) : lines.length === 0 && metrics.length === 1 ? (
        <NoDataPanel noData={metrics[0]?.result.noData ?? null} />
      ) : (
        <>
          {metrics
            .filter(({ result }) => result.series.length === 0)
            .map(({ part, result }) => (
              <NoDataNotice
                key={JSON.stringify(part)}
                metric={`${part.metric} ${part.stat}`}
                noData={result.noData}
              />
            ))}
          <ResultNotices metrics={metrics} />
          <MetricCharts
            search={search}
            metrics={metrics}
            charts={charts}
            refreshing={refreshing}
            height={charts.length > 1 ? Math.round(height * 0.62) : height}
            onChange={onChange}
          />
        </>
      )}
    </Card>
  );
}
