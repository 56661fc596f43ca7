import { Button, Group, Stack } from "@mantine/core";
import { ApiError } from "../../api/client.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import type { LogsChange } from "./search.ts";

interface ResultFailedProps {
  error: unknown;
  title: string;
  /** Where it may help. */
  onRetry?: () => void;
  onChange: (next: LogsChange) => void;
}

/** Why events cannot be shown. A group or a stream that is gone does not come back by trying again: another one is chosen. */
export function ResultFailed({ error, title, onRetry, onChange }: ResultFailedProps) {
  const code = error instanceof ApiError ? error.code : undefined;
  const ways = {
    log_group_not_found: { label: "Choose another group", next: { group: undefined, streams: undefined } },
    log_stream_not_found: { label: "Search all streams", next: { streams: undefined } },
  };
  const way = code === "log_group_not_found" || code === "log_stream_not_found" ? ways[code] : undefined;
  return (
    <Stack gap="xs">
      <ErrorPanel
        error={error}
        title={title}
        {...(onRetry === undefined || way !== undefined ? {} : { onRetry })}
      />
      {way !== undefined && (
        <Group>
          <Button onClick={() => onChange({ ...way.next, live: undefined })}>{way.label}</Button>
        </Group>
      )}
    </Stack>
  );
}
