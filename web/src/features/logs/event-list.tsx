import { UnstyledButton } from "@mantine/core";
import type { LogEvent } from "@nephoscope/contract";
import { IconChevronRight } from "@tabler/icons-react";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { LogText } from "../../ui/log-text.tsx";
import { moveBetweenRows } from "../../ui/move-between-rows.ts";
import { onOneLine } from "../../ui/visible-text.ts";
import { formatStamp } from "../../ui/zoned-time.ts";
import { type EventActions, EventDetails } from "./event-details.tsx";
import classes from "./event-list.module.css";
import { levelOf } from "./level.ts";
import { literalsOf } from "./pattern.ts";

interface EventListProps {
  events: readonly LogEvent[];
  utc: boolean;
  wrap: boolean;
  /** Where all events are of one stream its name says nothing. */
  showStream: boolean;
  /** Its texts are marked. */
  pattern: string;
  /** The id of the event that the others are shown around. */
  current?: string | undefined;
  actions: EventActions;
  onOpen?: () => void;
}

/** Events as rows that open. Up and down move between them, Home and End to the ends, Enter opens. */
export function EventList({ events, pattern, current, ...rest }: EventListProps) {
  // The same list for the same pattern: rows that did not change are not drawn anew.
  const marks = useMemo(() => literalsOf(pattern), [pattern]);
  return (
    <ol className={classes.list} aria-label="Events" onKeyDown={moveBetweenRows}>
      {events.map((event) => (
        <EventRow
          // Made anew, it is closed: opened, it would hide those that it stands among.
          key={event.id === current ? `${event.id} among others` : event.id}
          event={event}
          marks={marks}
          isCurrent={event.id === current}
          {...rest}
        />
      ))}
    </ol>
  );
}

/** A row shows the beginning only; a message may have a million characters. */
const charactersInRow = 1500;
const linesWrapped = 40;

interface EventRowProps extends Omit<EventListProps, "events" | "pattern" | "current"> {
  event: LogEvent;
  marks: readonly string[];
  isCurrent: boolean;
}

const EventRow = memo(function EventRow({
  event,
  utc,
  wrap,
  showStream,
  marks,
  isCurrent,
  actions,
  onOpen,
}: EventRowProps) {
  const [opened, setOpened] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (!isCurrent) return;
    row.current?.scrollIntoView({ block: "center" });
    row.current?.querySelector<HTMLElement>("[data-row]")?.focus({ preventScroll: true });
  }, [isCurrent]);
  const toggle = () => {
    if (window.getSelection()?.type === "Range") return;
    if (!opened) onOpen?.();
    setOpened(!opened);
  };
  const head = event.message.slice(0, charactersInRow).split("\n", linesWrapped).join("\n");
  const cut = head.length < event.message.length;
  return (
    <li
      ref={row}
      className={classes.row}
      data-level={levelOf(event.message)}
      aria-current={isCurrent || undefined}
    >
      <UnstyledButton className={classes.summary} data-row aria-expanded={opened} onClick={toggle}>
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
