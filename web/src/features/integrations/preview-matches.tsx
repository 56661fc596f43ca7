import { ActionIcon, Box, Group, Stack, Table, Text } from "@mantine/core";
import type { IntegrationPreview } from "@nephoscope/contract";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { formatCount, formatDollars } from "../../ui/format.ts";

type Namespace = IntegrationPreview["namespaces"][number];

/** What matches, by namespace; each opens to its sets of dimensions. */
export function PreviewMatches({ namespaces, intervalMinutes, unmatched, pointTags }: IntegrationPreview) {
  return (
    <>
      {namespaces.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing matches. AWS lists metrics that had points in the last two weeks.
        </Text>
      ) : (
        <Namespaces namespaces={namespaces} intervalMinutes={intervalMinutes} />
      )}
      {unmatched.length > 0 && <Unmatched unmatched={unmatched} />}
      {pointTags.matched.length > 0 && (
        <Text size="xs" c="dimmed">
          AWS tags that become point tags: {pointTags.matched.join(", ")}
        </Text>
      )}
    </>
  );
}

function Namespaces({
  namespaces,
  intervalMinutes,
}: Pick<IntegrationPreview, "namespaces" | "intervalMinutes">) {
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

const settingTitles: Record<IntegrationPreview["unmatched"][number]["setting"], string> = {
  namespaces: "the namespaces",
  metricFilterRegex: "the metric filter",
  s3BucketNameFilterRegex: "the bucket filter",
  instanceSelectionTags: "the tags of instances",
  volumeSelectionTags: "the tags of volumes",
};

/** What is listed and not wanted, by the setting that leaves it out. */
function Unmatched({ unmatched }: Pick<IntegrationPreview, "unmatched">) {
  return (
    <Stack gap={2}>
      {unmatched.map(({ setting, metrics, examples }) => (
        <Text key={setting} size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {metrics === 1 ? "1 metric is" : `${formatCount(metrics)} metrics are`} left out by{" "}
          {settingTitles[setting]}
          {examples.length > 0 && `, such as ${examples.map(exampleText).slice(0, 2).join(" and ")}`}
        </Text>
      ))}
    </Stack>
  );
}

const exampleText = ({
  subject,
  namespace,
  metricName,
}: IntegrationPreview["unmatched"][number]["examples"][number]) => subject || `${namespace} ${metricName}`;

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
