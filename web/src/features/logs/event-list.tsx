import { UnstyledButton } from "@mantine/core";
import type { LogEvent } from "@nephoscope/contract";
import { IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, memo, useMemo, useState } from "react";
import { formatStamp } from "../../ui/zoned-time.ts";
import { type EventActions, EventDetails } from "./event-details.tsx";
import classes from "./event-list.module.css";
import { levelOf } from "./level.ts";
import { LogText } from "./log-text.tsx";
import { literalsOf } from "./pattern.ts";
import { onOneLine } from "./visible-text.ts";

interface EventListProps {
  events: readonly LogEvent[];
  utc: boolean;
  wrap: boolean;
  /** Where all events are of one stream its name says nothing. */
  showStream: boolean;
  /** Its texts are marked. */
  pattern: string;
  actions: EventActions;
}

/** Events as rows that open. Up and down move between them, Home and End to the ends, Enter opens. */
export function EventList({ events, pattern, ...rest }: EventListProps) {
  // The same list for the same pattern: rows that did not change are not drawn anew.
  const marks = useMemo(() => literalsOf(pattern), [pattern]);
  return (
    <ol className={classes.list} aria-label="Events" onKeyDown={moveBetweenRows}>
      {events.map((event) => (
        <EventRow key={event.id} event={event} marks={marks} {...rest} />
      ))}
    </ol>
  );
}

/** A row shows the beginning only; a message may have a million characters. */
const charactersInRow = 1500;
const linesWrapped = 40;

const EventRow = memo(function EventRow({
  event,
  utc,
  wrap,
  showStream,
  marks,
  actions,
}: Omit<EventListProps, "events" | "pattern"> & { event: LogEvent; marks: readonly string[] }) {
  const [opened, setOpened] = useState(false);
  const head = event.message.slice(0, charactersInRow).split("\n", linesWrapped).join("\n");
  const cut = head.length < event.message.length;
  return (
    <li className={classes.row} data-level={levelOf(event.message)}>
      <UnstyledButton
        className={classes.summary}
        data-row
        aria-expanded={opened}
        onClick={() => window.getSelection()?.type !== "Range" && setOpened(!opened)}
      >
        <IconChevronRight size={13} className={classes.chevron} aria-hidden />
        <time className={classes.time} dateTime={event.timestamp}>
          {formatStamp(event.timestampMs, utc)}
        </time>
        {showStream && (
          <span className={classes.stream} title={event.stream}>
            <LogText text={event.stream} />
          </span>
        )}
        <span className={classes.message} data-wrap={wrap || undefined}>
          <LogText text={wrap ? head : onOneLine(head)} marks={marks} />
          {cut && "…"}
        </span>
      </UnstyledButton>
      {opened && <EventDetails event={event} utc={utc} marks={marks} actions={actions} />}
    </li>
  );
});

function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement;
  if (!target.matches("[data-row]")) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(target);
  const places: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: rows.length - 1,
  };
  const next = rows[places[event.key] ?? -1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
