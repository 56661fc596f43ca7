import { Anchor, Code, Table, Text } from "@mantine/core";
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
        <Table.Tr key={`${item.reason} ${item.keyId}`}>
          <Table.Td maw={280}>
            <Text size="sm" fw={550}>
              {titleOf(item.reason)}
            </Text>
            <Text size="xs" c="dimmed">
              {adviceOf(item.reason)}
            </Text>
          </Table.Td>
          <Table.Td className="numbers">{formatInteger(item.count)}</Table.Td>
          <Table.Td>
            {item.keyId === null ? (
              <Text size="sm" c="dimmed">
                none
              </Text>
            ) : (
              <Anchor size="sm" renderRoot={(root) => <Link to="/logs/keys" {...root} />}>
                {item.keyId}
              </Anchor>
            )}
          </Table.Td>
          <Table.Td>
            <RelativeTime at={item.lastAt} />
          </Table.Td>
          <Table.Td maw={420}>
            <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              <LogText text={item.lastSample} />
            </Code>
          </Table.Td>
        </Table.Tr>
      )}
    />
  );
}
