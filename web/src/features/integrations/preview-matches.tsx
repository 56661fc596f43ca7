import { ActionIcon, Box, Group, Table, Text } from "@mantine/core";
import type { IntegrationPreview } from "@nephoscope/contract";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { formatCount, formatDollars } from "../../ui/format.ts";

type Namespace = IntegrationPreview["namespaces"][number];

/** What matches, by namespace; each opens to its sets of dimensions. */
export function PreviewMatches({ namespaces, intervalMinutes }: IntegrationPreview) {
  if (namespaces.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing matches. AWS lists metrics that had points in the last two weeks.
      </Text>
    );
  return (
    <Box mah={320} style={{ overflow: "auto" }}>
      <Table fz="xs" verticalSpacing={4} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Namespace</Table.Th>
            <Table.Th ta="right">Metrics</Table.Th>
            <Table.Th ta="right">A month, every {intervalMinutes} min</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {namespaces.map((namespace) => (
            <NamespaceRows key={`${namespace.namespace} ${namespace.slow}`} namespace={namespace} />
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function NamespaceRows({ namespace }: { namespace: Namespace }) {
  const [opened, setOpened] = useState(false);
  const { low, high } = namespace.usdPerMonth;
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <>
      <Table.Tr>
        <Table.Td>
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              size="xs"
              variant="subtle"
              aria-expanded={opened}
              aria-label={`Dimensions of ${namespace.namespace}`}
              onClick={() => setOpened(!opened)}
            >
              <Chevron size={13} />
            </ActionIcon>
            <Text size="xs" style={{ overflowWrap: "anywhere" }}>
              {namespace.namespace}
              {namespace.slow && ` (every ${namespace.everyMinutes} min)`}
            </Text>
          </Group>
        </Table.Td>
        <Table.Td ta="right">{formatCount(namespace.metrics)}</Table.Td>
        <Table.Td ta="right">
          {formatDollars(low)} to {formatDollars(high)}
        </Table.Td>
      </Table.Tr>
      {opened &&
        namespace.dimensionSets.map(({ dimensions, metrics, example }) => (
          <Table.Tr key={dimensions}>
            <Table.Td pl={30} style={{ overflowWrap: "anywhere" }}>
              {dimensions === "" ? "No dimensions" : dimensions}
              <Text size="xs" c="dimmed">
                {[example.metricName, ...Object.values(example.dimensions)].join(" · ")}
              </Text>
            </Table.Td>
            <Table.Td ta="right">{formatCount(metrics)}</Table.Td>
            <Table.Td />
          </Table.Tr>
        ))}
    </>
  );
}
