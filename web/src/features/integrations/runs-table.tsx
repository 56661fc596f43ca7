import {
  ActionIcon,
  Badge,
  Box,
  Card,
  Collapse,
  Group,
  List,
  Pagination,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import type { Run } from "@nephoscope/contract";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { integrationRunsQuery } from "../../api/integrations.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatCount, formatDollars, formatMilliseconds } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { RunStateBadge } from "./run-state-badge.tsx";

const pageSize = 15;

export function RunsTable({ integrationId }: { integrationId: string }) {
  const [page, setPage] = useState(1);
  const runs = useQuery(
    integrationRunsQuery(integrationId, { offset: (page - 1) * pageSize, limit: pageSize }),
  );
  const total = runs.data?.totalItems ?? 0;
  return (
    <Card withBorder padding={0} component="section" aria-label="Runs">
      <Group justify="space-between" p="md" pb="xs">
        <Title order={2} size="h6">
          Runs
        </Title>
        {total > pageSize && (
          <Pagination size="xs" total={Math.ceil(total / pageSize)} value={page} onChange={setPage} />
        )}
      </Group>
      {runs.isPending && (
        <Stack gap={6} p="md" aria-label="Loading">
          <Skeleton h={30} />
          <Skeleton h={30} />
          <Skeleton h={30} />
        </Stack>
      )}
      {runs.isError && (
        <Box p="md">
          <ErrorPanel error={runs.error} title="Runs cannot be listed" onRetry={() => void runs.refetch()} />
        </Box>
      )}
      {runs.data !== undefined && total === 0 && (
        <Text size="sm" c="dimmed" px="md" pb="md">
          No run yet.
        </Text>
      )}
      {runs.data !== undefined && total > 0 && (
        <Table.ScrollContainer minWidth={780} type="native">
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={36} />
                <Table.Th>Started</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Trigger</Table.Th>
                <Table.Th ta="right">Took</Table.Th>
                <Table.Th ta="right">Series</Table.Th>
                <Table.Th ta="right">Points</Table.Th>
                <Table.Th ta="right">Calls</Table.Th>
                <Table.Th ta="right">Cost</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.data.items.map((run) => (
                <RunRows key={run.id} run={run} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}

const callsOf = (run: Run) => Object.values(run.apiCalls).reduce((sum, count) => sum + count, 0);

function tookOf(run: Run): string {
  return run.finishedAt === null
    ? "…"
    : formatMilliseconds(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}

function RunRows({ run }: { run: Run }) {
  const [opened, setOpened] = useState(false);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Td>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-expanded={opened}
            aria-label={opened ? "Hide details of the run" : "Show details of the run"}
            onClick={() => setOpened(!opened)}
          >
            <Chevron size={15} />
          </ActionIcon>
        </Table.Td>
        <Table.Td>
          <RelativeTime at={run.startedAt} />
        </Table.Td>
        <Table.Td>
          <RunStateBadge run={run} />
        </Table.Td>
        <Table.Td>{run.trigger}</Table.Td>
        <Table.Td ta="right" className="numbers">
          {tookOf(run)}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {formatCount(run.seriesStored)}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {isIdle(run) ? "nothing due" : formatCount(run.pointsStored)}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {formatCount(callsOf(run))}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {formatDollars(run.costUsd)}
        </Table.Td>
      </Table.Tr>
      <Table.Tr style={opened ? undefined : { display: "none" }}>
        <Table.Td colSpan={9}>
          <Collapse expanded={opened}>
            <RunDetails run={run} />
          </Collapse>
        </Table.Td>
      </Table.Tr>
    </Fragment>
  );
}

/** A run that comes soon after another finds no window to read. */
function isIdle(run: Run): boolean {
  return run.state === "succeeded" && run.windowFrom === null;
}

function RunDetails({ run }: { run: Run }) {
  const { error } = run;
  return (
    <Stack gap={8} py={4} pl={36}>
      {error !== null && (
        <Stack gap={4}>
          <Group gap={6}>
            <Badge size="sm" color="red">
              {error.cause}
            </Badge>
            <Text size="xs" c="dimmed">
              {[error.code, error.region].filter((part) => part !== null).join(" · ")}
            </Text>
          </Group>
          <Text size="sm">{error.message}</Text>
          {error.advice.length > 0 && (
            <List size="sm">
              {error.advice.map((advice) => (
                <List.Item key={advice}>{advice}</List.Item>
              ))}
            </List>
          )}
        </Stack>
      )}
      <Text size="xs" c="dimmed">
        {isIdle(run) && <>Nothing was due yet: the last run had read up to the newest settled minute · </>}
        {run.windowFrom !== null && run.windowTo !== null && (
          <>
            Window {new Date(run.windowFrom).toLocaleString("en-GB")} to{" "}
            {new Date(run.windowTo).toLocaleString("en-GB")} ·{" "}
          </>
        )}
        {formatCount(run.metricsListed)} metrics listed · worker {run.workerId}
      </Text>
      {Object.keys(run.apiCalls).length > 0 && (
        <Text size="xs" c="dimmed">
          {Object.entries(run.apiCalls)
            .map(([call, count]) => `${call} × ${formatCount(count)}`)
            .join(", ")}
        </Text>
      )}
    </Stack>
  );
}
