import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { gapsQuery } from "../../api/collection.ts";
import { ListCard } from "../../ui/list-card.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { WindowCells, WindowHeadings } from "./window-cells.tsx";

const pageSize = 15;

/** Windows of time that can no longer be had. */
export function GapsTable({ integrationId }: { integrationId?: string | undefined }) {
  const [page, setPage] = useState(1);
  const gaps = useQuery(gapsQuery({ integrationId, offset: (page - 1) * pageSize, limit: pageSize }));
  const named = integrationId === undefined;
  return (
    <ListCard
      title="Gaps"
      description="Times that were not read before AWS deleted their points: after 15 days at one minute, 63 days at five, 455 days at an hour."
      query={gaps}
      pageSize={pageSize}
      page={page}
      onPage={setPage}
      empty="No gap: nothing is lost."
      minWidth={named ? 860 : 700}
      headings={
        <>
          <WindowHeadings named={named} />
          <Table.Th>Recorded</Table.Th>
        </>
      }
      row={(gap) => (
        <Table.Tr key={gap.id}>
          <WindowCells window={gap} named={named} />
          <Table.Td>
            <RelativeTime at={gap.recordedAt} />
          </Table.Td>
        </Table.Tr>
      )}
    />
  );
}
