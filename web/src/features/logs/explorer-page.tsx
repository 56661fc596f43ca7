import { Button, Card, Stack } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { logGroupsQuery } from "../../api/logs.ts";
import { useCan } from "../../api/session.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { notifyFailure, notifySuccess } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { withoutUndefined } from "../../ui/search-params.ts";
import { TimeRangePicker } from "../../ui/time-range-picker.tsx";
import { findContextRange } from "./context-range.ts";
import type { EventActions } from "./event-details.tsx";
import classes from "./explorer-page.module.css";
import { GroupChooser } from "./group-chooser.tsx";
import { LiveTail } from "./live-tail.tsx";
import { LogsNav } from "./logs-nav.tsx";
import { NoGroups } from "./no-groups.tsx";
import { withCondition } from "./pattern.ts";
import { PatternField } from "./pattern-field.tsx";
import { useReadingHabits } from "./preferences.ts";
import { defaultLogRange, logRanges } from "./ranges.ts";
import type { LogsChange, LogsSearch } from "./search.ts";
import { SearchResult } from "./search-result.tsx";
import { SourceFields } from "./source-fields.tsx";

const routeApi = getRouteApi("/logs");

export function LogExplorerPage() {
  const search = routeApi.useSearch();
  const can = useCan();
  const habits = useReadingHabits();
  const groups = useQuery(logGroupsQuery({ limit: 12, orderBy: "lastEventAt", descending: true }));
  const [askedAt, setAskedAt] = useState(() => Date.now());
  const [status, setStatus] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const change = useChange();
  const ask = (next: LogsChange) => {
    setAskedAt(Date.now());
    // In another group or time the event has no place.
    change("from" in next || "group" in next ? { event: undefined, ...next } : next);
  };
  const actions = useEventActions(search, ask);
  const none = groups.data?.totalItems === 0;
  const live = search.live === true;
  const ready = search.group !== undefined;
  return (
    <Page
      title="Logs"
      width="full"
      description="Search, count and follow log events."
      actions={
        !none && ready ? (
          <>
            {can("logs:StartLiveTail") && (
              <Button
                variant={live ? "filled" : "default"}
                leftSection={live ? <IconPlayerStop size={16} /> : <IconPlayerPlay size={16} />}
                aria-pressed={live}
                onClick={() => ask({ live: live ? undefined : true })}
              >
                {live ? "Stop live tail" : "Live tail"}
              </Button>
            )}
            {!live && (
              <TimeRangePicker
                presets={logRanges}
                choice={search}
                fallback={defaultLogRange}
                onChange={ask}
                onRefresh={() => ask({})}
                refreshing={status.busy}
                utc={habits.utc}
                onUtc={habits.setUtc}
              />
            )}
          </>
        ) : undefined
      }
    >
      <LogsNav />
      {groups.isError && (
        <ErrorPanel
          error={groups.error}
          title="Log groups cannot be listed"
          onRetry={() => void groups.refetch()}
        />
      )}
      {none && <NoGroups />}
      {groups.data !== undefined && !none && (
        <Stack gap="sm">
          <Card withBorder padding="sm" component="section" aria-label="What to search">
            <div className={classes.fields}>
              <SourceFields group={search.group} streams={search.streams ?? []} onChange={ask} />
              <PatternField
                value={search.pattern ?? ""}
                error={status.error}
                busy={status.busy && !live}
                onSearch={(pattern) => ask({ pattern: pattern === "" ? undefined : pattern })}
              />
            </div>
          </Card>
          {!ready && (
            <GroupChooser
              groups={groups.data.items}
              onChoose={(group) => ask({ group, streams: undefined })}
            />
          )}
          {ready && live && (
            <LiveTail
              key={JSON.stringify([search.group, search.streams, search.pattern])}
              search={search}
              habits={habits}
              actions={actions}
              onChange={ask}
              onStatus={setStatus}
            />
          )}
          {ready && !live && (
            <SearchResult
              search={search}
              askedAt={askedAt}
              habits={habits}
              actions={actions}
              onChange={ask}
              onStatus={setStatus}
            />
          )}
        </Stack>
      )}
    </Page>
  );
}

function useChange(): (next: LogsChange) => void {
  const navigate = routeApi.useNavigate();
  return useCallback(
    (next) => void navigate({ search: (old) => withoutUndefined<LogsSearch>({ ...old, ...next }) }),
    [navigate],
  );
}

/** The same functions for as long as the page is there: rows are drawn anew only when their own event changes. */
function useEventActions(search: LogsSearch, ask: (next: LogsChange) => void): EventActions {
  const latest = useRef({ search, ask });
  latest.current = { search, ask };
  return useMemo(
    () => ({
      onFilter: (condition) => {
        const { pattern, replaced } = withCondition(latest.current.search.pattern ?? "", condition);
        if (replaced) notifySuccess("The pattern was replaced: words and properties cannot be combined.");
        latest.current.ask({ pattern });
      },
      onStream: (stream) => latest.current.ask({ streams: [stream] }),
      onContext: async (event) => {
        const { group = "" } = latest.current.search;
        try {
          const range = await findContextRange(group, event);
          const { search, ask } = latest.current;
          // Somebody who has gone elsewhere meanwhile stays there.
          if (search.group !== group) return;
          ask({
            ...range,
            range: undefined,
            streams: [event.stream],
            pattern: undefined,
            live: undefined,
            event: event.id,
          });
        } catch (error) {
          notifyFailure("What came around the event cannot be shown", error);
        }
      },
    }),
    [],
  );
}
