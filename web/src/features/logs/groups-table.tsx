import { Anchor, Group, Table, Text, Tooltip } from "@mantine/core";
import type { LogGroup } from "@nephoscope/contract";
import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { ActionsHeading } from "../../ui/actions-heading.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { SortHeading } from "../../ui/sort-heading.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { TableOrCards } from "../../ui/table-or-cards.tsx";
import { formatStoredBytes } from "./bytes.ts";
import { retentionText } from "./retention.ts";
import type { GroupSort } from "./search.ts";

interface GroupsTableProps {
  groups: readonly LogGroup[];
  sort: GroupSort;
  descending: boolean;
  onSort: (sort: GroupSort) => void;
}

export function GroupsTable({ groups, sort, descending, onSort }: GroupsTableProps) {
  const heading = (column: GroupSort, label: string) => (
    <SortHeading active={sort === column} descending={descending} onSort={() => onSort(column)}>
      {label}
    </SortHeading>
  );
  return (
    <TableOrCards
      items={groups}
      keyOf={(group) => group.name}
      headings={
        <>
          {heading("name", "Name")}
          <Table.Th>API keys</Table.Th>
          <Table.Th>Retention</Table.Th>
          {heading("storedBytes", "Stored")}
          {heading("lastEventAt", "Last event")}
          {heading("createdAt", "Created")}
          <ActionsHeading />
        </>
      }
      cells={(group) => (
        <>
          <Table.Td maw={420}>
            <NameLink group={group} />
          </Table.Td>
          <Table.Td>
            <KeySwitchBadge enabled={group.bearerTokenAuthenticationEnabled} />
          </Table.Td>
          <Table.Td>{retentionText(group.retentionDays)}</Table.Td>
          <Table.Td className="numbers">{formatStoredBytes(group.storedBytes)}</Table.Td>
          <Table.Td>
            <RelativeTime at={group.lastEventAt} />
          </Table.Td>
          <Table.Td>
            <RelativeTime at={group.createdAt} />
          </Table.Td>
          <Table.Td>
            <ExploreLink group={group} />
          </Table.Td>
        </>
      )}
      card={(group) => (
        <>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <NameLink group={group} />
            <KeySwitchBadge enabled={group.bearerTokenAuthenticationEnabled} />
          </Group>
          <Group gap="md" mt={6} fz="xs" c="dimmed">
            <span>
              Last event <RelativeTime at={group.lastEventAt} />
            </span>
            <span className="numbers">{formatStoredBytes(group.storedBytes)}</span>
            <span>{retentionText(group.retentionDays)}</span>
            <ExploreLink group={group} />
          </Group>
        </>
      )}
    />
  );
}

function NameLink({ group }: { group: LogGroup }) {
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
      <Anchor
        size="sm"
        fw={600}
        truncate
        title={group.name}
        renderRoot={(root) => <Link to="/logs/group" search={{ name: group.name }} {...root} />}
      >
        {group.name}
      </Anchor>
      {group.deletionProtectionEnabled && (
        <Tooltip label="Protected against deletion" openDelay={200}>
          <IconLock size={14} aria-label="Protected against deletion" role="img" style={{ flex: "none" }} />
        </Tooltip>
      )}
    </Group>
  );
}

export function KeySwitchBadge({ enabled }: { enabled: boolean }) {
  return enabled ? (
    <StatusBadge mood="good" label="Accepted" detail="API keys may send to this group." />
  ) : (
    <StatusBadge mood="paused" label="Refused" detail="Only signed requests may send to this group." />
  );
}

function ExploreLink({ group }: { group: LogGroup }) {
  return (
    <Text size="sm" span>
      <Anchor
        inherit
        aria-label={`Explore ${group.name}`}
        renderRoot={(root) => <Link to="/logs" search={{ group: group.name }} {...root} />}
      >
        Explore
      </Anchor>
    </Text>
  );
}
