import { SegmentedControl, Select, Table } from "@mantine/core";
import type { OwedReason } from "@nephoscope/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { owedWindowsQuery } from "../../api/collection.ts";
import { ListCard } from "../../ui/list-card.tsx";
import { owedReasonWords } from "../../ui/owed-reasons.tsx";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { WindowCells, WindowHeadings } from "./window-cells.tsx";

const pageSize = 15;

export type OwedKind = "missing" | "re-read";

interface OwedTableProps {
  /** Of one integration; without it the rows name theirs. */
  integrationId?: string | undefined;
  what: OwedKind;
  reason: OwedReason | undefined;
  onChange: (next: { what?: OwedKind; reason?: OwedReason | undefined }) => void;
}

const explanations: Record<OwedKind, string> = {
  missing:
    "Times that were missed. They are read oldest first, with the newest data in front, until AWS no longer keeps them.",
  "re-read":
    "Times that are stored and will be read again after 3, 26 and 50 hours, because AWS goes on changing values.",
};

/** Windows of time that are still to be read. */
export function OwedTable(props: OwedTableProps) {
  // Another filter starts at the first page again.
  return <OwedList key={`${props.integrationId} ${props.what} ${props.reason}`} {...props} />;
}

function OwedList({ integrationId, what, reason, onChange }: OwedTableProps) {
  const [page, setPage] = useState(1);
  const windows = useQuery(
    owedWindowsQuery({
      integrationId,
      what,
      reason: what === "missing" ? reason : undefined,
      offset: (page - 1) * pageSize,
      limit: pageSize,
    }),
  );
  const named = integrationId === undefined;
  return (
    <ListCard
      title="Owed windows"
      description={explanations[what]}
      controls={<OwedFilters what={what} reason={reason} onChange={onChange} />}
      query={windows}
      pageSize={pageSize}
      page={page}
      onPage={setPage}
      empty={
        what === "missing" ? "Nothing is owed: all that was due is stored." : "Nothing is to be read again."
      }
      minWidth={named ? 1020 : 860}
      headings={
        <>
          <WindowHeadings named={named} />
          <Table.Th ta="right">{what === "missing" ? "Tries" : "Reading"}</Table.Th>
          <Table.Th>Next try</Table.Th>
          <Table.Th>Owed since</Table.Th>
        </>
      }
      row={(window) => (
        <Table.Tr key={window.id}>
          <WindowCells window={window} named={named} />
          <Table.Td ta="right" className="numbers">
            {what === "missing" ? window.tries : window.reading}
          </Table.Td>
          <Table.Td>
            <NextTry dueAt={window.dueAt} />
          </Table.Td>
          <Table.Td>
            <RelativeTime at={window.owedSince} />
          </Table.Td>
        </Table.Tr>
      )}
    />
  );
}

/** What is due is read by the next run. */
function NextTry({ dueAt }: { dueAt: string }) {
  return Date.parse(dueAt) <= Date.now() ? "next run" : <RelativeTime at={dueAt} />;
}

function OwedFilters({ what, reason, onChange }: Omit<OwedTableProps, "integrationId">) {
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Which windows"
        data={[
          { value: "missing", label: "Missed" },
          { value: "re-read", label: "To read again" },
        ]}
        value={what}
        onChange={(value) => onChange({ what: value as OwedKind, reason: undefined })}
      />
      {what === "missing" && (
        <Select
          size="xs"
          w={150}
          aria-label="Reason"
          placeholder="Any reason"
          clearable
          data={Object.entries(owedReasonWords)
            .filter(([value]) => value !== "re-read")
            .map(([value, { label }]) => ({ value, label }))}
          value={reason ?? null}
          onChange={(value) => onChange({ reason: (value as OwedReason | null) ?? undefined })}
        />
      )}
    </>
  );
}
