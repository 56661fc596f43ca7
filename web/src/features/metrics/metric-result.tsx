import {
  ActionIcon,
  Alert,
  Badge,
  Card,
  Group,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { MetricQueryResult } from "@nephoscope/contract";
import { IconDownload, IconMoodEmpty } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { queryMetricsAsCsv } from "../../api/metrics.ts";
import { alignSeries, type ChartLine, seriesColor } from "../../ui/aligned-series.ts";
import { CopyIcon } from "../../ui/copy.tsx";
import { downloadText } from "../../ui/download.ts";
import { Empty } from "../../ui/empty.tsx";
import { formatCount, formatMetricValue, formatMilliseconds, formatSeconds } from "../../ui/format.ts";
import { notifyFailure } from "../../ui/notify.ts";
import { TimeSeriesChart } from "../../ui/time-series-chart.tsx";
import { MetricLegend } from "./metric-legend.tsx";
import { MetricTable } from "./metric-table.tsx";
import { type MetricsSearch, queryOf, type SearchChange } from "./search.ts";
import { nameSeries } from "./series-labels.ts";

interface MetricResultProps {
  search: MetricsSearch;
  result: MetricQueryResult | undefined;
  refreshing: boolean;
  onChange: (next: SearchChange) => void;
}

export function MetricResult({ search, result, refreshing, onChange }: MetricResultProps) {
  const small = useMediaQuery("(max-width: 700px)");
  const height = small ? 260 : 380;
  return (
    <Card withBorder padding="sm" component="section" aria-label="Result">
      <Header search={search} result={result} onChange={onChange} />
      {result === undefined ? (
        <Skeleton h={height} mt="sm" aria-label="Loading" />
      ) : result.series.length === 0 ? (
        <Empty icon={<IconMoodEmpty size={22} />} title="No data in this range">
          Try a longer range or fewer filters.
        </Empty>
      ) : (
        <Series search={search} result={result} refreshing={refreshing} height={height} onChange={onChange} />
      )}
    </Card>
  );
}

function Header({ search, result, onChange }: Omit<MetricResultProps, "refreshing">) {
  const csv = useMutation({
    mutationFn: async () => {
      const query = queryOf(search, Date.now());
      if (query !== undefined)
        downloadText(`${query.metricName}.csv`, await queryMetricsAsCsv(query), "text/csv");
    },
    onError: (error) => notifyFailure("The download failed", error),
  });
  return (
    <Group justify="space-between" gap="xs" mb={6}>
      <Group gap={8} miw={0}>
        <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
          {search.metric}
        </Title>
        <Badge color="gray">{search.stat}</Badge>
        {result?.unit && result.unit !== "None" && <Badge color="gray">{result.unit}</Badge>}
      </Group>
      <Group gap={6} wrap="nowrap">
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          value={search.view ?? "chart"}
          onChange={(view) => onChange({ view: view === "table" ? "table" : undefined })}
        />
        <CopyIcon value={window.location.href} what="link to this view" />
        <Tooltip label="Download as CSV" openDelay={300}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label="Download as CSV"
            loading={csv.isPending}
            onClick={() => csv.mutate()}
          >
            <IconDownload size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

interface SeriesProps extends MetricResultProps {
  result: MetricQueryResult;
  height: number;
}

function Series({ search, result, refreshing, height, onChange }: SeriesProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);
  const chart = useMemo(() => {
    const { names, common } = nameSeries(
      result.series.map((series) => series.labels),
      search.metric ?? "",
    );
    const { times, values } = alignSeries(
      result.series.map((series) => series.points),
      result.stepSeconds * 1000,
    );
    // By name and not by place: a series keeps its colour when another range changes the order.
    const rank = new Map(names.toSorted().map((name, index) => [name, index]));
    const lines: ChartLine[] = names.map((label, index) => ({
      label,
      color: seriesColor(rank.get(label) ?? index),
      values: values[index] ?? [],
    }));
    return { lines, times, common };
  }, [result, search.metric]);
  const format = (value: number) => formatMetricValue(value, result.unit);
  return (
    <Stack gap="xs" style={{ opacity: refreshing ? 0.55 : 1, transition: "opacity 120ms" }}>
      <Notices result={result} common={chart.common} />
      {search.view === "table" ? (
        <MetricTable times={chart.times} lines={chart.lines} format={format} />
      ) : (
        <>
          <TimeSeriesChart
            label={`${search.metric}, ${search.stat}: ${result.series.length} series over time`}
            times={chart.times}
            lines={chart.lines}
            from={result.from}
            to={result.to}
            height={height}
            hidden={hidden}
            format={format}
            onZoom={(from, to) => onChange({ range: undefined, from, to })}
            onCursor={setCursor}
          />
          <MetricLegend
            lines={chart.lines}
            hidden={hidden}
            onHidden={setHidden}
            cursor={cursor}
            time={cursor === null ? undefined : chart.times[cursor]}
            format={format}
          />
        </>
      )}
    </Stack>
  );
}

function Notices({ result, common }: { result: MetricQueryResult; common: Record<string, string> }) {
  return (
    <>
      {result.truncated && (
        <Alert color="blue" variant="light" p="xs">
          Showing the {formatCount(result.series.length)} series with the highest average of{" "}
          {formatCount(result.totalSeries)}. Filter, group, or raise “At most”.
        </Alert>
      )}
      <Group gap={6}>
        {Object.entries(common)
          // Which integration brought the data matters less than whose it is.
          .filter(([name]) => name !== "integrationId")
          .map(([name, value]) => (
            <Badge key={name} color="gray" fw={450} maw={320}>
              {name} {value}
            </Badge>
          ))}
        <Text size="xs" c="dimmed">
          {formatCount(result.totalSeries)} series · step {formatSeconds(result.stepSeconds)} ·{" "}
          {formatMilliseconds(result.tookMs)}
        </Text>
      </Group>
    </>
  );
}
