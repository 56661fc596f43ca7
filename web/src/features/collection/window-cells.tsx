import { Table, Text } from "@mantine/core";
import type { Gap, OwedWindow } from "@nephoscope/contract";
import { formatCount, formatDuration, formatTimeRange } from "../../ui/format.ts";
import { OwedReasonBadge } from "../../ui/owed-reasons.tsx";
import { IntegrationLink } from "./integration-link.tsx";

/** What the rows of owed windows and of gaps have in common. */
export function WindowCells({ window, named }: { window: OwedWindow | Gap; named: boolean }) {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return (
    <>
      {named && (
        <Table.Td>
          <IntegrationLink id={window.integrationId} name={window.integrationName} />
        </Table.Td>
      )}
      <Table.Td>
        <Text size="sm" className="numbers">
          {formatTimeRange(from, to)}
        </Text>
        <Text size="xs" c="dimmed">
          {formatDuration((to - from) / 1000)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{window.region}</Text>
        {window.accountId !== null && (
          <Text size="xs" c="dimmed" className="numbers">
            {window.accountId}
          </Text>
        )}
      </Table.Td>
      <Table.Td maw={320}>
        <Text size="sm">{metricsText(window)}</Text>
        {window.firstMetric !== null && (
          <Text size="xs" c="dimmed" truncate title={`${window.firstMetric} … ${window.lastMetric ?? ""}`}>
            {window.firstMetric === window.lastMetric
              ? window.firstMetric
              : `${window.firstMetric} … ${window.lastMetric ?? ""}`}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <OwedReasonBadge reason={window.reason} detail={window.detail} />
      </Table.Td>
    </>
  );
}

export function WindowHeadings({ named }: { named: boolean }) {
  return (
    <>
      {named && <Table.Th>Integration</Table.Th>}
      <Table.Th>Time</Table.Th>
      <Table.Th>Region</Table.Th>
      <Table.Th>What</Table.Th>
      <Table.Th>Reason</Table.Th>
    </>
  );
}

function metricsText({ metrics, kind, firstMetric }: OwedWindow | Gap): string {
  const count = metrics === 1 ? "1 metric" : `${formatCount(metrics)} metrics`;
  if (kind !== null) return `${count} of ${kind}`;
  return firstMetric === null ? `all ${count}` : count;
}
