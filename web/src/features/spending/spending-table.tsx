import { Anchor, Card, Group, SegmentedControl, Select, Table, Text, Title } from "@mantine/core";
import type { Spending } from "@nephoscope/contract";
import { Link } from "@tanstack/react-router";
import { formatCount, formatDollarRange, formatDollars } from "../../ui/format.ts";
import type { SpendingGroup } from "./search.ts";

const groupTitles: Record<SpendingGroup, string> = {
  integration: "Integration",
  credential: "Credential",
  account: "Account",
  operation: "Operation",
  day: "Day",
};
const groupChoices = Object.entries(groupTitles).map(([value, label]) => ({ value, label }));

interface SpendingTableProps {
  spending: Spending;
  /** What the reader asked to group by; the figures may still be those of before. */
  by: SpendingGroup;
  stale: boolean;
  onBy: (group: SpendingGroup) => void;
}

/** The month's spending by one of its sides, the dearest first. */
export function SpendingTable({ spending, by, stale, onBy }: SpendingTableProps) {
  const choose = (value: string | null) => value !== null && onBy(value as SpendingGroup);
  const capped = spending.items.some((item) => item.monthlyCapUsd !== null);
  return (
    <Card withBorder padding={0} component="section" aria-label="Breakdown">
      <Group justify="space-between" p="md" pb="xs" gap="xs">
        <Title order={2} size="h6">
          Breakdown
        </Title>
        <SegmentedControl
          visibleFrom="sm"
          size="xs"
          aria-label="Group by"
          data={groupChoices}
          value={by}
          onChange={choose}
        />
        <Select
          hiddenFrom="sm"
          size="xs"
          w={140}
          aria-label="Group by"
          data={groupChoices}
          allowDeselect={false}
          value={by}
          onChange={choose}
        />
      </Group>
      {spending.items.length === 0 ? (
        <Text size="sm" c="dimmed" px="md" pb="md">
          No call in this month.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={capped ? 700 : 580} type="native">
          <Table style={{ opacity: stale ? 0.55 : 1 }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{groupTitles[spending.groupBy]}</Table.Th>
                <Table.Th ta="right">Cost</Table.Th>
                {capped && <Table.Th ta="right">Cap</Table.Th>}
                <Table.Th ta="right">Metrics asked for</Table.Th>
                <Table.Th ta="right">Calls</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {spending.items.map((item) => (
                <Table.Tr key={item.key}>
                  <Table.Td maw={320}>
                    <ItemName group={spending.groupBy} item={item} />
                  </Table.Td>
                  <Table.Td ta="right" className="numbers" fw={600}>
                    {formatDollarRange(item.usd)}
                  </Table.Td>
                  {capped && (
                    <Table.Td ta="right" className="numbers">
                      {item.monthlyCapUsd === null ? "–" : formatDollars(item.monthlyCapUsd)}
                      {item.monthlyCapUsd !== null && item.usd.high >= item.monthlyCapUsd && (
                        <Text size="xs" c="red">
                          reached
                        </Text>
                      )}
                    </Table.Td>
                  )}
                  <Table.Td ta="right" className="numbers">
                    {formatCount(item.metricsRequested.low)}
                    {item.metricsRequested.high !== item.metricsRequested.low &&
                      ` to ${formatCount(item.metricsRequested.high)}`}
                  </Table.Td>
                  <Table.Td ta="right" className="numbers">
                    {formatCount(item.calls)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}

function ItemName({ group, item }: { group: SpendingGroup; item: Spending["items"][number] }) {
  if (group !== "integration" && group !== "credential") return item.name;
  return (
    <Anchor
      size="sm"
      truncate
      display="block"
      title={item.name}
      renderRoot={(root) =>
        group === "integration" ? (
          <Link to="/integrations/$id" params={{ id: item.key }} search={{ tab: "cost" }} {...root} />
        ) : (
          <Link to="/credentials" search={{ id: item.key }} {...root} />
        )
      }
    >
      {item.name}
    </Anchor>
  );
}
