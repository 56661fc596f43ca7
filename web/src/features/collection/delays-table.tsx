import { Box, Button, Card, Skeleton, Table, Text, Title } from "@mantine/core";
import type { MetricDelay } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { metricDelaysQuery } from "../../api/collection.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatCount, formatDuration } from "../../ui/format.ts";

const rowsAtFirst = 10;

/** How late each metric's points come and how long they go on changing; the slowest first. */
export function DelaysTable({ integrationId }: { integrationId: string }) {
  const delays = useQuery(metricDelaysQuery(integrationId));
  const [all, setAll] = useState(false);
  const sorted = (delays.data ?? []).toSorted((a, b) => b.settlesAfterSeconds - a.settlesAfterSeconds);
  const shown = all ? sorted : sorted.slice(0, rowsAtFirst);
  return (
    <Card withBorder padding={0} component="section" aria-label="Learned delays">
      <Box p="md" pb="xs">
        <Title order={2} size="h6">
          Learned delays
        </Title>
        <Text size="xs" c="dimmed" maw={760}>
          Learned from the last two weeks: a point counts as settled once it was read so long after its time,
          and never before a quarter of an hour, or two days where AWS has a few points a day.
        </Text>
      </Box>
      {delays.isPending && (
        <Box p="md" pt={0}>
          <Skeleton h={90} aria-label="Loading" />
        </Box>
      )}
      {delays.isError && (
        <Box p="md" pt={0}>
          <ErrorPanel
            error={delays.error}
            title="The delays cannot be shown"
            onRetry={() => void delays.refetch()}
          />
        </Box>
      )}
      {delays.data?.length === 0 && (
        <Text size="sm" c="dimmed" px="md" pb="md">
          Nothing is learned yet: it takes a few readings of the same time.
        </Text>
      )}
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={760} type="native">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Metric</Table.Th>
                <Table.Th ta="right">Half come within</Table.Th>
                <Table.Th ta="right">999 of 1,000 within</Table.Th>
                <Table.Th ta="right">Settled after</Table.Th>
                <Table.Th ta="right">Late</Table.Th>
                <Table.Th ta="right">Changed</Table.Th>
                <Table.Th ta="right">Points</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((delay) => (
                <DelayRow key={`${delay.namespace} ${delay.metricName}`} delay={delay} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {sorted.length > shown.length && (
        <Button variant="subtle" size="compact-sm" m="xs" onClick={() => setAll(true)}>
          Show all {formatCount(sorted.length)} metrics
        </Button>
      )}
    </Card>
  );
}

function DelayRow({ delay }: { delay: MetricDelay }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm">{delay.metricName}</Text>
        <Text size="xs" c="dimmed">
          {delay.namespace}
        </Text>
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {formatDuration(delay.arrivesAfterSeconds.p50)}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {formatDuration(delay.arrivesAfterSeconds.p999)}
      </Table.Td>
      <Table.Td ta="right" className="numbers" fw={600}>
        {formatDuration(delay.settlesAfterSeconds)}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {formatCount(delay.late)}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {formatCount(delay.changed)}
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {formatCount(delay.points)}
      </Table.Td>
    </Table.Tr>
  );
}
