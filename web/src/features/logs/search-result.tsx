import { Box, Card, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { formatInteger } from "../../ui/format.ts";
import { LoadMore } from "../../ui/load-more.tsx";
import type { EventActions } from "./event-details.tsx";
import { EventList } from "./event-list.tsx";
import { HistogramChart } from "./histogram-chart.tsx";
import { type Habits, ReadingTools } from "./reading-tools.tsx";
import { ResultEmpty } from "./result-empty.tsx";
import { ResultFailed } from "./result-failed.tsx";
import type { LogsChange, LogsSearch } from "./search.ts";
import { useLogSearch } from "./use-log-search.ts";

interface SearchResultProps {
  search: LogsSearch;
  askedAt: number;
  habits: Habits;
  actions: EventActions;
  onChange: (next: LogsChange) => void;
  onStatus: (status: { busy: boolean; error: unknown }) => void;
}

/** Histogram and events of a search, or why there are none. */
export function SearchResult(props: SearchResultProps) {
  const { search, habits, onChange, onStatus } = props;
  const { question, pages, events, searching, refused, histogram } = useLogSearch(search, props.askedAt);
  const busy = pages.isFetching;
  useEffect(() => onStatus({ busy, error: pages.error }), [busy, pages.error, onStatus]);
  const total = histogram.data?.total;
  if (refused) return null;
  if (pages.isError) {
    return (
      <ResultFailed
        error={pages.error}
        title="The search failed"
        onRetry={() => void pages.refetch()}
        onChange={onChange}
      />
    );
  }
  return (
    <>
      <Card withBorder padding="sm" component="section" aria-label="Events over time">
        {histogram.data !== undefined && (
          <Box style={{ opacity: histogram.isPlaceholderData ? 0.5 : 1 }}>
            <HistogramChart
              histogram={histogram.data}
              range={question.range}
              utc={habits.utc}
              onZoom={(from, to) => onChange({ range: undefined, from, to })}
            />
          </Box>
        )}
        {histogram.isPending && <Skeleton h={96} aria-label="Loading" />}
        {histogram.isError && (
          <Text size="sm" c="dimmed">
            The events cannot be counted: {histogram.error.message}
          </Text>
        )}
      </Card>
      {searching && (
        <Stack gap={6} aria-label="Searching">
          <Skeleton h={22} />
          <Skeleton h={22} />
          <Skeleton h={22} />
        </Stack>
      )}
      {!searching && events.length === 0 && (
        <ResultEmpty
          question={question}
          hasMore={pages.hasNextPage}
          onSearchOn={() => void pages.fetchNextPage()}
          onChange={onChange}
        />
      )}
      {events.length > 0 && (
        <Card withBorder padding={0} component="section" aria-label="Result">
          <Group justify="space-between" gap="xs" p="xs" pl="sm">
            <Text size="sm" className="numbers" role="status">
              {countText(events.length, total, pages.hasNextPage)}
            </Text>
            <ReadingTools
              group={question.filter.group}
              events={events}
              habits={habits}
              order={question.order}
              onOrder={(order) => onChange({ order: order === "asc" ? "asc" : undefined })}
            />
          </Group>
          <Box style={{ opacity: pages.isPlaceholderData ? 0.5 : 1 }}>
            <EventList
              events={events}
              utc={habits.utc}
              wrap={habits.wrap}
              showStream={(search.streams ?? []).length !== 1}
              pattern={question.filter.pattern}
              // The list before is no place to scroll to.
              current={pages.isPlaceholderData ? undefined : search.event}
              actions={props.actions}
            />
          </Box>
          <Group justify="center" p="sm">
            <LoadMore pages={pages} />
          </Group>
        </Card>
      )}
    </>
  );
}

function countText(shown: number, total: number | undefined, more: boolean): string {
  if (total === undefined || total < shown || !more) {
    return `${formatInteger(shown)}${more ? "+" : ""} ${shown === 1 ? "event" : "events"}`;
  }
  return `${formatInteger(shown)} of ${formatInteger(total)} events`;
}
