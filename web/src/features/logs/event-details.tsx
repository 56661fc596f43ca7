import { Button, Group, Stack, UnstyledButton } from "@mantine/core";
import type { LogEvent } from "@nephoscope/contract";
import { IconArrowsVertical } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { CopyableCode, CopyButton } from "../../ui/copy.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { jsonTreeOf } from "../../ui/json-tree.ts";
import { type FilterOf, JsonTreeView } from "../../ui/json-tree-view.tsx";
import { LogText } from "../../ui/log-text.tsx";
import { formatStamp, zoneName } from "../../ui/zoned-time.ts";
import classes from "./event-list.module.css";
import { conditionOf } from "./pattern.ts";

export interface EventActions {
  onFilter: (condition: string) => void;
  onStream: (stream: string) => void;
  /** Shows what its stream sent around it. */
  onContext: (event: LogEvent) => Promise<void>;
}

interface EventDetailsProps {
  event: LogEvent;
  utc: boolean;
  marks: readonly string[];
  actions: EventActions;
}

/** More than this is drawn only when asked for: a message may have a million characters. */
const charactersShown = 20_000;

/** All of one event: its times, its stream, its message as a tree or as text. */
export function EventDetails({ event, utc, marks, actions }: EventDetailsProps) {
  const tree = useMemo(() => jsonTreeOf(event.message), [event.message]);
  const [raw, setRaw] = useState(false);
  const cameIn = Date.parse(event.ingestionTime);
  const [seeking, setSeeking] = useState(false);
  const showContext = async () => {
    setSeeking(true);
    await actions.onContext(event);
    setSeeking(false);
  };
  const filterOf: FilterOf = (path, value, way) => {
    const condition = conditionOf(path, value, way);
    return condition === undefined ? undefined : () => actions.onFilter(condition);
  };
  return (
    <Stack gap="xs" className={classes.details}>
      <Group gap={6}>
        {tree !== undefined && (
          <Button size="compact-xs" variant="default" onClick={() => setRaw(!raw)} aria-pressed={raw}>
            {raw ? "Show as tree" : "Show as text"}
          </Button>
        )}
        <CopyButton value={() => event.message} label="Copy message" />
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowsVertical size={13} />}
          onClick={showContext}
          loading={seeking}
        >
          Show what came around it
        </Button>
      </Group>
      {tree !== undefined && !raw ? (
        <JsonTreeView tree={tree} filterOf={filterOf} />
      ) : (
        <RawMessage message={event.message} marks={marks} />
      )}
      <Facts minWidth={230}>
        <Fact label="Time">
          <span className="numbers">
            {formatStamp(event.timestampMs, utc)} {zoneName(event.timestampMs, utc)}
          </span>
        </Fact>
        <Fact label="Came in">
          <span className="numbers">
            {formatStamp(cameIn, utc)} {zoneName(cameIn, utc)}
          </span>
        </Fact>
        <Fact label="Stream">
          <UnstyledButton
            className={classes.streamLink}
            onClick={() => actions.onStream(event.stream)}
            aria-label={`Show only stream ${event.stream}`}
          >
            <LogText text={event.stream} />
          </UnstyledButton>
        </Fact>
        <Fact label="Event id">
          <CopyableCode value={event.id} what="event id" />
        </Fact>
      </Facts>
    </Stack>
  );
}

function RawMessage({ message, marks }: { message: string; marks: readonly string[] }) {
  const [all, setAll] = useState(false);
  const cut = !all && message.length > charactersShown;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <pre className={classes.raw} tabIndex={0}>
        <LogText text={cut ? message.slice(0, charactersShown) : message} marks={marks} />
        {cut && "…"}
      </pre>
      {cut && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => setAll(true)}
          style={{ alignSelf: "flex-start" }}
        >
          Show all {message.length.toLocaleString("en-US")} characters
        </Button>
      )}
    </>
  );
}
