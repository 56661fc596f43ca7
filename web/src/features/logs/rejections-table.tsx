import { Anchor, Code, Group, Table, Text } from "@mantine/core";
import type { LogRejection, Page } from "@nephoscope/contract";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { logRejectionsQuery } from "../../api/logs.ts";
import { formatInteger } from "../../ui/format.ts";
import { ListCard } from "../../ui/list-card.tsx";
import { LogText } from "../../ui/log-text.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { adviceOf, titleOf } from "./rejection-advice.ts";

/** What senders got wrong, most recent first, with the beginning of the last one: what makes a silent sender debuggable. */
export function RejectionsTable({ group }: { group: string }) {
  const rejections = useQuery({
    ...logRejectionsQuery(group),
    select: ({ items }): Page<LogRejection> => ({
      items: items.toSorted((one, other) => other.lastAt.localeCompare(one.lastAt)),
      offset: 0,
      limit: items.length,
      totalItems: items.length,
      moreItems: false,
    }),
  });
  return (
    <ListCard
      title="Rejections"
      description="Events and requests that were not stored, by reason and API key. Most formats tell the sender little or nothing, so it is kept here."
      query={rejections as UseQueryResult<Page<LogRejection>>}
      pageSize={Number.POSITIVE_INFINITY}
      page={1}
      onPage={() => undefined}
      empty="Nothing was rejected. If events are missing, look whether the sender gets an answer at all, and which status."
      minWidth={760}
      headings={
        <>
          <Table.Th>Reason</Table.Th>
          <Table.Th>Count</Table.Th>
          <Table.Th>API key</Table.Th>
          <Table.Th>Last</Table.Th>
          <Table.Th>Beginning of the last one</Table.Th>
        </>
      }
      row={(item) => (
        <Table.Tr key={keyOf(item)}>
          <Table.Td maw={280}>
            <Reason item={item} />
          </Table.Td>
          <Table.Td className="numbers">{formatInteger(item.count)}</Table.Td>
          <Table.Td>
            <RejectedKey item={item} />
          </Table.Td>
          <Table.Td>
            <RelativeTime at={item.lastAt} />
          </Table.Td>
          <Table.Td maw={420}>
            <Sample item={item} />
          </Table.Td>
        </Table.Tr>
      )}
      entry={(item) => (
        <li key={keyOf(item)}>
          <Reason item={item} />
          <Group my={6} fz="xs" c="dimmed" style={{ gap: "2px 14px" }}>
            <span className="numbers">{formatInteger(item.count)}×</span>
            <span>
              last <RelativeTime at={item.lastAt} />
            </span>
            <span>
              API key <RejectedKey item={item} />
            </span>
          </Group>
          <Sample item={item} />
        </li>
      )}
    />
  );
}

const keyOf = ({ reason, keyId }: LogRejection) => `${reason} ${keyId}`;

function Reason({ item }: { item: LogRejection }) {
  return (
    <>
      <Text size="sm" fw={550}>
        {titleOf(item.reason)}
      </Text>
      <Text size="xs" c="dimmed">
        {adviceOf(item.reason)}
      </Text>
    </>
  );
}

function RejectedKey({ item }: { item: LogRejection }) {
  if (item.keyId === null) {
    return (
      <Text span inherit c="dimmed">
        none
      </Text>
    );
  }
  return (
    <Anchor
      inherit
      renderRoot={(root) => <Link to="/logs/keys" {...root} />}
      style={{ overflowWrap: "anywhere" }}
    >
      {item.keyId}
    </Anchor>
  );
}

function Sample({ item }: { item: LogRejection }) {
  return (
    <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      <LogText text={item.lastSample} />
    </Code>
  );
}
