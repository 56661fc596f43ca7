import { UnstyledButton } from "@mantine/core";
import type { TrailEvent } from "@nephoscope/contract";
import { IconChevronRight } from "@tabler/icons-react";
import { memo, useState } from "react";
import { LogText } from "../../ui/log-text.tsx";
import { moveBetweenRows } from "../../ui/move-between-rows.ts";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { formatStamp } from "../../ui/zoned-time.ts";
import { RecordDetails } from "./record-details.tsx";
import { keyOf, outcomeOf, resourceNameOf, serviceOf } from "./record-facts.ts";
import classes from "./record-list.module.css";
import type { AuditChange, AuditSearch } from "./search.ts";

interface RecordListProps {
  events: readonly TrailEvent[];
  utc: boolean;
  search: AuditSearch;
  onFilter: (filters: AuditChange) => void;
}

/** Records as rows that open. Up and down move between them, Home and End to the ends, Enter opens. */
export function RecordList({ events, ...rest }: RecordListProps) {
  return (
    <>
      <div className={classes.headings} aria-hidden>
        <span />
        <span>Time</span>
        <span>Who</span>
        <span>Event</span>
        <span>Resource</span>
        <span>Address</span>
        <span>Outcome</span>
      </div>
      <ol className={classes.list} aria-label="Records" onKeyDown={moveBetweenRows}>
        {events.map((event) => (
          <RecordRow key={event.id} event={event} {...rest} />
        ))}
      </ol>
    </>
  );
}

const RecordRow = memo(function RecordRow({
  event,
  ...rest
}: Omit<RecordListProps, "events"> & { event: TrailEvent }) {
  const [opened, setOpened] = useState(false);
  const toggle = () => {
    // Somebody who marks a text to copy it means that text.
    if (window.getSelection()?.type !== "Range") setOpened(!opened);
  };
  const { mood, label } = outcomeOf(event);
  return (
    <li className={classes.row} data-mood={mood}>
      <UnstyledButton className={classes.summary} data-row aria-expanded={opened} onClick={toggle}>
        <IconChevronRight size={13} className={classes.chevron} aria-hidden />
        <time className={classes.time} dateTime={event.timestamp}>
          {formatStamp(Date.parse(event.timestamp), rest.utc).slice(0, 19)}
        </time>
        <Cell
          className={classes.who}
          first={event.userName ?? "unknown"}
          second={keyOf(event) ?? "console"}
        />
        <Cell className={classes.event} first={event.name} second={serviceOf(event.source)} />
        <ResourceCell resources={event.resources} />
        <span className={classes.address} title={event.sourceIp}>
          <LogText text={event.sourceIp} />
        </span>
        <span className={classes.outcome}>
          <StatusBadge mood={mood} label={label} shrinks />
        </span>
        {event.errorMessage !== null && (
          <span className={classes.message}>
            <LogText text={event.errorMessage} />
          </span>
        )}
      </UnstyledButton>
      {opened && <RecordDetails event={event} {...rest} />}
    </li>
  );
});

function ResourceCell({ resources }: Pick<TrailEvent, "resources">) {
  const [first] = resources;
  if (first === undefined) return <span className={classes.resource} />;
  const name = resourceNameOf(first.arn);
  const more = resources.length > 1 ? ` and ${resources.length - 1} more` : "";
  return <Cell className={classes.resource} first={`${name}${more}`} second={first.type} title={first.arn} />;
}

interface CellProps {
  className: string | undefined;
  first: string;
  second: string;
  title?: string;
}

function Cell({ className, first, second, title = first }: CellProps) {
  return (
    <span className={className} title={title}>
      <span className={classes.first}>
        <LogText text={first} />
      </span>
      <span className={classes.second}>
        <LogText text={second} />
      </span>
    </span>
  );
}
