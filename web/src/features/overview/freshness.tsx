import { Anchor, Card, Group, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { integrationsQuery } from "../../api/integrations.ts";
import { formatCount } from "../../ui/format.ts";
import { IntegrationStateBadge } from "../../ui/integration-state-badge.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";

/** The integrations whose data is oldest, so that what has fallen behind stands on top. */
export function Freshness() {
  const oldest = useQuery(integrationsQuery({ sort: "lastDataAt", order: "asc", limit: 8 }));
  if (oldest.data === undefined || oldest.data.items.length === 0) return null;
  return (
    <Card withBorder padding={0} component="section" aria-label="Freshness">
      <Group justify="space-between" p="md" pb={6}>
        <Title order={2} size="h6">
          Freshness
        </Title>
        <Anchor size="sm" renderRoot={(root) => <Link to="/integrations" {...root} />}>
          {oldest.data.moreItems
            ? `All ${formatCount(oldest.data.totalItems)} integrations`
            : "All integrations"}
        </Anchor>
      </Group>
      <Table.ScrollContainer minWidth={520} type="native">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Integration</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Last data</Table.Th>
              <Table.Th ta="right">Metrics</Table.Th>
              <Table.Th>Next run</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {oldest.data.items.map((integration) => (
              <Table.Tr key={integration.id}>
                <Table.Td maw={280}>
                  <Anchor
                    size="sm"
                    fw={600}
                    truncate
                    display="block"
                    renderRoot={(root) => (
                      <Link to="/integrations/$id" params={{ id: integration.id }} {...root} />
                    )}
                  >
                    {integration.name}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate>
                    {integration.regions.join(", ")}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <IntegrationStateBadge integration={integration} />
                </Table.Td>
                <Table.Td>
                  <RelativeTime at={integration.lastDataAt} />
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {integration.lastMetricCount === null ? "–" : formatCount(integration.lastMetricCount)}
                </Table.Td>
                <Table.Td>
                  <RelativeTime at={integration.nextRunAt} fallback="–" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
