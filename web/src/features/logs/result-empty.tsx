import { Button, Group } from "@mantine/core";
import { IconFilterX, IconInbox, IconMoodEmpty } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { logGroupQuery, logHistogramQuery } from "../../api/logs.ts";
import { Empty } from "../../ui/empty.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { formatInteger } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import type { LogsChange } from "./search.ts";
import type { LogQuestion } from "./use-log-search.ts";

interface ResultEmptyProps {
  question: LogQuestion;
  /** The search gave up for now and could go on. */
  hasMore: boolean;
  onSearchOn: () => void;
  onChange: (next: LogsChange) => void;
}

const hour = 3_600_000;

/** Why a search found nothing, and what to do: each reason has its own way out. */
export function ResultEmpty({ question, hasMore, onSearchOn, onChange }: ResultEmptyProps) {
  const { filter, range } = question;
  const group = useQuery(logGroupQuery(filter.group));
  const withoutPattern = useQuery({
    ...logHistogramQuery({ ...filter, ...range, pattern: "", buckets: 1 }),
    enabled: filter.pattern !== "",
  });
  if (group.isError) {
    return (
      <ErrorPanel
        error={group.error}
        title="The log group cannot be read"
        onRetry={() => void group.refetch()}
      />
    );
  }
  if (group.data === undefined || (filter.pattern !== "" && withoutPattern.isPending)) return null;
  const others = withoutPattern.data?.total ?? 0;
  // The group learns of its first event some seconds after it can be found.
  const { lastEventAt } = group.data;
  if (lastEventAt === null && others === 0)
    return <NeverReceived group={filter.group} open={group.data.bearerTokenAuthenticationEnabled} />;
  if (hasMore) {
    return (
      <Empty
        icon={<IconFilterX size={22} />}
        title="Nothing found so far"
        action={<Button onClick={onSearchOn}>Search on</Button>}
      >
        A part of the range was searched. A shorter range, or fewer streams, is faster.
      </Empty>
    );
  }
  if (others > 0 || lastEventAt === null) {
    return (
      <Empty
        icon={<IconFilterX size={22} />}
        title="No event matches the pattern"
        action={
          <Button variant="default" onClick={() => onChange({ pattern: undefined })}>
            Clear the pattern
          </Button>
        }
      >
        {formatInteger(others)} {others === 1 ? "event is" : "events are"} in this range. Words are
        case-sensitive, and properties of JSON messages start with <code>$.</code>
      </Empty>
    );
  }
  const newest = Date.parse(lastEventAt);
  return (
    <Empty
      icon={<IconMoodEmpty size={22} />}
      title={
        filter.stream.length > 0 ? "These streams have no events in this range" : "No events in this range"
      }
      action={
        <Group gap="xs">
          <Button
            onClick={() =>
              onChange({ range: undefined, from: newest - hour, to: newest + 60_000, streams: undefined })
            }
          >
            Go to the newest event
          </Button>
          {filter.stream.length > 0 && (
            <Button variant="default" onClick={() => onChange({ streams: undefined })}>
              Search all streams
            </Button>
          )}
        </Group>
      }
    >
      The newest event of the group is from <RelativeTime at={newest} />.
    </Empty>
  );
}

function NeverReceived({ group, open }: { group: string; open: boolean }) {
  return (
    <Empty
      icon={<IconInbox size={22} />}
      title="This group has never received an event"
      action={
        <Group gap="xs">
          <Button
            renderRoot={(root) => <Link to="/logs/group" search={{ name: group, tab: "send" }} {...root} />}
          >
            How to send
          </Button>
          <Button
            variant="default"
            renderRoot={(root) => (
              <Link to="/logs/group" search={{ name: group, tab: "rejections" }} {...root} />
            )}
          >
            What was rejected
          </Button>
        </Group>
      }
    >
      {open
        ? "Senders need an API key, and the stream that they name has to exist."
        : "It does not take API keys yet. Switch that on in its settings, or send with signed requests."}
    </Empty>
  );
}
