import { ActionIcon, Anchor, Button, Card, Group, Stack, Table, Text, Tooltip } from "@mantine/core";
import type { IntegrationSummary } from "@nephoscope/contract";
import { IconRestore, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useCan } from "../../api/session.ts";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { formatCount } from "../../ui/format.ts";
import { IntegrationStateBadge } from "../../ui/integration-state-badge.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { SortHeading } from "../../ui/sort-heading.tsx";
import type { IntegrationSort } from "./search.ts";
import { useIntegrationAction } from "./use-integration-action.ts";

interface IntegrationsListProps {
  integrations: IntegrationSummary[];
  trash: boolean;
  sort: IntegrationSort;
  descending: boolean;
  onSort: (sort: IntegrationSort) => void;
  onRemove: (integration: IntegrationSummary, forever: boolean) => void;
}

/** A table where there is room, cards where there is not. */
export function IntegrationsList(props: IntegrationsListProps) {
  return (
    <>
      <Card withBorder padding={0} visibleFrom="md">
        <IntegrationsTable {...props} />
      </Card>
      <Stack gap="xs" hiddenFrom="md">
        {props.integrations.map((integration) => (
          <IntegrationCard
            key={integration.id}
            integration={integration}
            trash={props.trash}
            onRemove={(forever) => props.onRemove(integration, forever)}
          />
        ))}
      </Stack>
    </>
  );
}

function IntegrationsTable({
  integrations,
  trash,
  sort,
  descending,
  onSort,
  onRemove,
}: IntegrationsListProps) {
  const heading = (column: IntegrationSort, label: string) => (
    <SortHeading active={sort === column} descending={descending} onSort={() => onSort(column)}>
      {label}
    </SortHeading>
  );
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {heading("name", "Name")}
          {heading("state", "State")}
          <Table.Th>Credential</Table.Th>
          <Table.Th>Regions</Table.Th>
          {heading("lastDataAt", "Last data")}
          <Table.Th>Metrics</Table.Th>
          {!trash && heading("nextRunAt", "Next run")}
          {trash && <ActionsHeading />}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {integrations.map((integration) => (
          <Table.Tr key={integration.id}>
            <Table.Td maw={320}>
              <NameLink integration={integration} trash={trash} />
            </Table.Td>
            <Table.Td>
              <IntegrationStateBadge integration={integration} />
            </Table.Td>
            <Table.Td maw={240}>
              <IdentityText integration={integration} />
            </Table.Td>
            <Table.Td maw={200}>
              <Text size="sm" truncate title={integration.regions.join(", ")}>
                {regionsText(integration.regions)}
              </Text>
            </Table.Td>
            <Table.Td>
              <RelativeTime at={integration.lastDataAt} />
            </Table.Td>
            <Table.Td className="numbers">{countText(integration.lastMetricCount)}</Table.Td>
            {trash ? (
              <Table.Td>
                <TrashActions integration={integration} onDeleteForever={() => onRemove(integration, true)} />
              </Table.Td>
            ) : (
              <Table.Td>
                <RelativeTime at={integration.nextRunAt} fallback="–" />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function IntegrationCard({
  integration,
  trash,
  onRemove,
}: {
  integration: IntegrationSummary;
  trash: boolean;
  onRemove: (forever: boolean) => void;
}) {
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <NameLink integration={integration} trash={trash} />
        <IntegrationStateBadge integration={integration} />
      </Group>
      <IdentityText integration={integration} />
      <Group gap="md" mt={6} fz="xs" c="dimmed">
        <span>
          Data <RelativeTime at={integration.lastDataAt} />
        </span>
        <span className="numbers">{countText(integration.lastMetricCount)} metrics</span>
        {!trash && (
          <span>
            Next <RelativeTime at={integration.nextRunAt} fallback="–" />
          </span>
        )}
      </Group>
      {trash && (
        <Group mt="xs">
          <TrashActions integration={integration} onDeleteForever={() => onRemove(true)} />
        </Group>
      )}
    </Card>
  );
}

function NameLink({ integration, trash }: { integration: IntegrationSummary; trash: boolean }) {
  if (trash) {
    return (
      <Text size="sm" fw={600} truncate title={integration.name}>
        {integration.name}
      </Text>
    );
  }
  return (
    <Anchor
      size="sm"
      fw={600}
      truncate
      display="block"
      title={integration.name}
      renderRoot={(root) => <Link to="/integrations/$id" params={{ id: integration.id }} {...root} />}
    >
      {integration.name}
    </Anchor>
  );
}

function IdentityText({ integration }: { integration: IntegrationSummary }) {
  return (
    <Text
      size="sm"
      truncate
      title={integration.roleArn ?? undefined}
      c={integration.credentialName ? undefined : "dimmed"}
    >
      {integration.credentialName ?? integration.roleArn?.split("/").at(-1) ?? "base credential"}
    </Text>
  );
}

function TrashActions({
  integration,
  onDeleteForever,
}: {
  integration: IntegrationSummary;
  onDeleteForever: () => void;
}) {
  const can = useCan();
  const restore = useIntegrationAction(integration);
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRestore size={14} />}
        loading={restore.isPending}
        disabled={!can("integrations:Undelete")}
        onClick={() => restore.mutate("undelete")}
      >
        Restore
      </Button>
      <Tooltip label="Delete forever" openDelay={300}>
        <ActionIcon
          variant="subtle"
          color="red"
          aria-label={`Delete ${integration.name} forever`}
          disabled={!can("integrations:Delete")}
          onClick={onDeleteForever}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

const countText = (count: number | null) => (count === null ? "–" : formatCount(count));

function regionsText(regions: readonly string[]): string {
  if (regions.length <= 2) return regions.join(", ") || "credential's region";
  return `${regions.slice(0, 2).join(", ")} +${regions.length - 2}`;
}
