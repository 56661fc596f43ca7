import { ActionIcon, Badge, Collapse, Group, List, Stack, Table, Text } from "@mantine/core";
import type { Run } from "@nephoscope/contract";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { integrationRunsQuery } from "../../api/integrations.ts";
import { formatCount, formatDollars, formatMilliseconds } from "../../ui/format.ts";
import { ListCard } from "../../ui/list-card.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { RunStateBadge } from "./run-state-badge.tsx";

const pageSize = 15;

export function RunsTable({ integrationId }: { integrationId: string }) {
  const [page, setPage] = useState(1);
  const runs = useQuery(
    integrationRunsQuery(integrationId, { offset: (page - 1) * pageSize, limit: pageSize }),
  );
  return (
    <ListCard
      title="Runs"
      query={runs}
      pageSize={pageSize}
      page={page}
      onPage={setPage}
      empty="No run yet."
      minWidth={940}
      headings={
        <>
          <Table.Th w={36} />
          <Table.Th>Started</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Trigger</Table.Th>
          <Table.Th ta="right">Took</Table.Th>
          <Table.Th ta="right">New points</Table.Th>
          <Table.Th ta="right">Changed</Table.Th>
          <Table.Th ta="right">Windows</Table.Th>
          <Table.Th ta="right">Calls</Table.Th>
          <Table.Th ta="right">Cost</Table.Th>
        </>
      }
      row={(run) => <RunRows key={run.id} run={run} />}
    />
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
          {isIdle(run) ? "nothing due" : formatCount(run.pointsAdded)}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {formatCount(run.pointsChanged)}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          <WindowsText run={run} />
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {formatCount(callsOf(run))}
        </Table.Td>
        <Table.Td ta="right" className="numbers">
          {formatDollars(run.costUsd)}
        </Table.Td>
      </Table.Tr>
      <Table.Tr style={opened ? undefined : { display: "none" }}>
        <Table.Td colSpan={10}>
          <Collapse expanded={opened}>
            <RunDetails run={run} />
          </Collapse>
        </Table.Td>
      </Table.Tr>
    </Fragment>
  );
}

/** Windows of time that the run has caught up with, and those that it could not read. */
function WindowsText({ run: { windowsPaid, windowsOwed } }: { run: Run }) {
  if (windowsPaid === 0 && windowsOwed === 0) return "–";
  return (
    <>
      {windowsPaid > 0 && `${formatCount(windowsPaid)} paid`}
      {windowsPaid > 0 && windowsOwed > 0 && ", "}
      {windowsOwed > 0 && (
        <Text span inherit c="orange" fw={600}>
          {formatCount(windowsOwed)} owed
        </Text>
      )}
    </>
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
        {formatCount(run.metricsListed)} metrics listed · {formatCount(run.seriesStored)} series ·{" "}
        {formatCount(run.pointsStored)} points read · worker {run.workerId}
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
