import { Alert, Badge, Group, Text } from "@mantine/core";
import { formatCount, formatMilliseconds, formatSeconds } from "../../ui/format.ts";
import type { ExploredMetric } from "./explore.ts";
import { nameSeries } from "./series-labels.ts";

/** How much of what matched is shown, and what all of it has in common. */
export function ResultNotices({ metrics }: { metrics: readonly ExploredMetric[] }) {
  const { common } = nameSeries(
    metrics.flatMap(({ result }) => result.series.map(({ labels }) => labels)),
    "",
  );
  const total = metrics.reduce((sum, { result }) => sum + result.totalSeries, 0);
  const tookMs = Math.max(...metrics.map(({ result }) => result.tookMs));
  return (
    <>
      {metrics
        .filter(({ result }) => result.truncated)
        .map(({ part, result }) => (
          <Alert key={JSON.stringify(part)} color="blue" variant="light" p="xs" mb="xs">
            {metrics.length > 1 && `${part.metric}: `}showing the {formatCount(result.series.length)} series
            with the highest average of {formatCount(result.totalSeries)}. Filter, group, or raise “At most”.
          </Alert>
        ))}
      {metrics.some(({ weekBefore }) => weekBefore !== null) &&
        metrics.every(({ weekBefore }) => (weekBefore?.series.length ?? 0) === 0) && (
          <Text size="xs" c="dimmed" mb={4}>
            There are no points of the week before.
          </Text>
        )}
      <Group gap={6} mb="xs">
        {Object.entries(common)
          // Which integration brought the data matters less than whose it is.
          .filter(([name]) => name !== "integrationId")
          .map(([name, value]) => (
            <Badge key={name} color="gray" fw={450} maw={320}>
              {name} {value}
            </Badge>
          ))}
        <Text size="xs" c="dimmed">
          {formatCount(total)} series · step {formatSeconds(metrics[0]?.result.stepSeconds ?? 0)} ·{" "}
          {formatMilliseconds(tookMs)}
        </Text>
      </Group>
    </>
  );
}
