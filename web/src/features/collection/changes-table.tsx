import { Anchor, Group, Table, Text } from "@mantine/core";
import type { MetricChange } from "@nephoscope/contract";
import { IconArrowRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { metricChangesQuery } from "../../api/collection.ts";
import { formatAbsolute, formatMetricValue } from "../../ui/format.ts";
import { ListCard } from "../../ui/list-card.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";

const pageSize = 15;
const halfAnHour = 30 * 60_000;

/** Stored values that a later reading replaced. */
export function ChangesTable({ integrationId }: { integrationId: string }) {
  const [page, setPage] = useState(1);
  const changes = useQuery(
    metricChangesQuery({ integrationId, offset: (page - 1) * pageSize, limit: pageSize }),
  );
  return (
    <ListCard
      title="Changed values"
      description="AWS answered something else when it was asked again; the later answer is what is stored."
      query={changes}
      pageSize={pageSize}
      page={page}
      onPage={setPage}
      empty="No stored value has changed."
      minWidth={820}
      headings={
        <>
          <Table.Th>Metric</Table.Th>
          <Table.Th>Point</Table.Th>
          <Table.Th>Before → after</Table.Th>
          <Table.Th>Seen</Table.Th>
        </>
      }
      row={(change) => <ChangeRow key={keyOf(change)} change={change} />}
    />
  );
}

const keyOf = (change: MetricChange) =>
  [
    change.seenAt,
    change.at,
    change.region,
    change.metricName,
    change.statistic,
    ...Object.values(change.dimensions),
  ].join(" ");

function ChangeRow({ change }: { change: MetricChange }) {
  const at = Date.parse(change.at);
  const dimensions = Object.values(change.dimensions).join(" · ");
  return (
    <Table.Tr>
      <Table.Td maw={420}>
        <Anchor
          size="sm"
          renderRoot={(root) => (
            <Link
              to="/explore"
              search={{
                ns: change.namespace,
                metric: change.metricName,
                stat: change.statistic,
                region: change.region,
                account: change.accountId,
                dims: Object.fromEntries(
                  Object.entries(change.dimensions).map(([name, value]) => [name, [value]]),
                ),
                from: at - halfAnHour,
                to: at + halfAnHour,
              }}
              {...root}
            />
          )}
        >
          {change.namespace} {change.metricName}
        </Anchor>
        <Text size="xs" c="dimmed" truncate title={dimensions}>
          {[change.statistic, change.region, dimensions].filter((part) => part !== "").join(" · ")}
        </Text>
      </Table.Td>
      <Table.Td className="numbers">{formatAbsolute(at)}</Table.Td>
      <Table.Td className="numbers">
        <Group gap={6} wrap="nowrap">
          <Text span size="sm" c="dimmed">
            {formatMetricValue(change.before, null)}
          </Text>
          <IconArrowRight size={13} aria-label="became" />
          <Text span size="sm" fw={600}>
            {formatMetricValue(change.after, null)}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td>
        <RelativeTime at={change.seenAt} />
      </Table.Td>
    </Table.Tr>
  );
}
