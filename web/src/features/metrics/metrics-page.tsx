import { Button, Card, Stack } from "@mantine/core";
import { IconChartLine, IconPointer } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { namespacesQuery } from "../../api/metrics.ts";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Page } from "../../ui/page.tsx";
import { isFixed } from "../../ui/time-range.ts";
import { TimeRangePicker } from "../../ui/time-range-picker.tsx";
import { chosenMetrics, explore } from "./explore.ts";
import { MetricParts } from "./metric-parts.tsx";
import { MetricResult } from "./metric-result.tsx";
import { MetricToolbar } from "./metric-toolbar.tsx";
import { changePart, type SearchChange, searchOfPart, withoutUndefined } from "./search.ts";
import { defaultMetricRange, metricRanges } from "./time-range.ts";

const routeApi = getRouteApi("/explore");

export function MetricsPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  const change = (next: SearchChange) =>
    void navigate({ search: (old) => withoutUndefined({ ...old, ...next }) });
  const namespaces = useQuery(namespacesQuery);
  const ready = chosenMetrics(search).length > 0;
  const editing = search.edit ?? 0;
  // How it is shown and which metric the fields edit make no other question.
  const { view, edit, ...question } = search;
  const result = useQuery({
    queryKey: ["metrics", "query", chosenMetrics({ ...question })],
    queryFn: ({ signal }) => explore(search, Date.now(), signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    refetchInterval: isFixed(search) ? false : 60_000,
  });
  const empty = namespaces.data?.items.length === 0;
  return (
    <Page
      title="Metrics"
      width="full"
      description="Everything that was collected, by namespace, metric and dimension."
      actions={
        empty ? undefined : (
          <TimeRangePicker
            presets={metricRanges}
            choice={search}
            fallback={defaultMetricRange}
            onChange={change}
            onRefresh={() => void result.refetch()}
            refreshing={result.isFetching}
          />
        )
      }
    >
      {namespaces.isError && (
        <ErrorPanel
          error={namespaces.error}
          title="Namespaces cannot be listed"
          onRetry={() => void namespaces.refetch()}
        />
      )}
      {empty && (
        <Empty
          icon={<IconChartLine size={22} />}
          title="No metrics yet"
          action={
            <Button renderRoot={(root) => <Link to="/integrations/add" {...root} />}>Add integration</Button>
          }
        >
          Metrics appear here after the first run of an integration.
        </Empty>
      )}
      {!empty && !namespaces.isError && (
        <Stack gap="sm">
          <MetricToolbar
            search={searchOfPart(search, editing)}
            namespaces={namespaces.data?.items}
            onChange={(next) => void navigate({ search: (old) => changePart(old, editing, next) })}
          >
            <MetricParts search={search} onChange={(next) => void navigate({ search: next })} />
          </MetricToolbar>
          {!ready && (
            <Empty icon={<IconPointer size={22} />} title="Choose a namespace and a metric">
              The chart follows at once; dragging over it zooms.
            </Empty>
          )}
          {ready && result.isError && (
            <Card withBorder>
              <ErrorPanel
                error={result.error}
                title="The query failed"
                onRetry={() => void result.refetch()}
              />
            </Card>
          )}
          {ready && !result.isError && (
            <MetricResult
              search={search}
              metrics={result.data}
              refreshing={result.isPlaceholderData}
              onChange={change}
            />
          )}
        </Stack>
      )}
    </Page>
  );
}
