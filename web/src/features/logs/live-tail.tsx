import { Alert, Button, Card, Group, Loader, Stack, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { messageOf } from "../../ui/error-panel.tsx";
import { formatInteger } from "../../ui/format.ts";
import { StatusBadge } from "../../ui/status-badge.tsx";
import type { EventActions } from "./event-details.tsx";
import { EventList } from "./event-list.tsx";
import { type Habits, ReadingTools } from "./reading-tools.tsx";
import { ResultFailed } from "./result-failed.tsx";
import type { LogsChange, LogsSearch } from "./search.ts";
import { rateOf, tailEventsMost } from "./tail-buffer.ts";
import { type TailState, useLiveTail } from "./use-live-tail.ts";

interface LiveTailProps {
  search: LogsSearch;
  habits: Habits;
  actions: EventActions;
  onChange: (next: LogsChange) => void;
  onStatus: (status: { busy: boolean; error: unknown }) => void;
}

/** What comes in, as it comes in, the newest on top. */
export function LiveTail({ search, habits, actions, onChange, onStatus }: LiveTailProps) {
  const [paused, setPaused] = useState(false);
  // What somebody reads must not be pushed away by what comes in.
  const pause = useCallback(() => setPaused(true), []);
  const pattern = search.pattern ?? "";
  const filter = { group: search.group ?? "", stream: search.streams ?? [], pattern };
  const { buffer, state, problem, isBehind, clear } = useLiveTail(filter, paused);
  useEffect(() => onStatus({ busy: state === "connecting", error: problem }), [state, problem, onStatus]);
  if (state === "refused") {
    return problem instanceof ApiError && problem.code === "filter_pattern_invalid" ? null : (
      <ResultFailed error={problem} title="Live tail was refused" onChange={onChange} />
    );
  }
  const rate = rateOf(buffer, Date.now());
  return (
    <Card withBorder padding={0} component="section" aria-label="Live tail">
      <Group justify="space-between" gap="xs" p="xs" pl="sm">
        <Group gap="sm">
          <TailBadge state={state} paused={paused} />
          <Text size="sm" className="numbers" c="dimmed">
            {paused
              ? "What comes in meanwhile follows when you go on."
              : `${rate < 10 ? rate.toFixed(1) : formatInteger(Math.round(rate))} events/s`}
          </Text>
          <Text size="xs" c="dimmed" className="numbers">
            {formatInteger(buffer.events.length)} shown
            {buffer.dropped > 0 && `, ${formatInteger(buffer.dropped)} older ones let go`}
          </Text>
        </Group>
        <Group gap={6}>
          <Button
            size="compact-sm"
            h={30}
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
            onClick={() => setPaused(!paused)}
          >
            {paused ? "Go on" : "Pause"}
          </Button>
          <Button
            size="compact-sm"
            h={30}
            variant="default"
            leftSection={<IconTrash size={14} />}
            onClick={clear}
            disabled={buffer.events.length === 0}
          >
            Clear
          </Button>
          <ReadingTools group={filter.group} events={buffer.events} habits={habits} />
        </Group>
      </Group>
      {state === "reconnecting" && (
        <Alert color="yellow" variant="light" mx="xs" mb="xs" p="xs" role="alert">
          {messageOf(problem)} Trying again; nothing is missed meanwhile.
        </Alert>
      )}
      {isBehind && !paused && (
        <Alert color="yellow" variant="light" mx="xs" mb="xs" p="xs" role="status">
          More comes in than can be shown, so what you see is late. A pattern, or fewer streams, makes less of
          it.
        </Alert>
      )}
      {buffer.events.length === 0 ? (
        <Stack align="center" gap="xs" py={48}>
          {!paused && <Loader size="sm" type="dots" />}
          <Text size="sm" c="dimmed" ta="center" px="md">
            {pattern === ""
              ? "Waiting for events. What comes in appears here within a second or two."
              : "Waiting for events that match the pattern."}
          </Text>
        </Stack>
      ) : (
        <EventList
          events={buffer.events}
          utc={habits.utc}
          wrap={habits.wrap}
          showStream={filter.stream.length !== 1}
          pattern={pattern}
          actions={actions}
          onOpen={pause}
        />
      )}
      {buffer.events.length >= tailEventsMost && (
        <Text size="xs" c="dimmed" ta="center" p="sm">
          Older events are let go here. A search finds them.
        </Text>
      )}
    </Card>
  );
}

function TailBadge({ state, paused }: { state: TailState; paused: boolean }) {
  if (paused) return <StatusBadge mood="paused" label="Paused" />;
  if (state === "following") return <StatusBadge mood="good" label="Live" />;
  return <StatusBadge mood="busy" label={state === "connecting" ? "Connecting" : "Reconnecting"} />;
}
