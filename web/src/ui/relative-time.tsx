import { Text, type TextProps, Tooltip } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { formatAbsolute, formatRelative } from "./format.ts";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

/** One timer for every relative time on the page, so that they all change together. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(() => {
    now = Date.now();
    for (const notify of listeners) notify();
  }, 10_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

interface RelativeTimeProps extends TextProps {
  /** ISO 8601 text, epoch milliseconds, or nothing. */
  at: string | number | null | undefined;
  /** Shown when there is no time. */
  fallback?: string;
}

/** “3 min. ago”, with the full date and zone on hover. */
export function RelativeTime({ at, fallback = "never", ...text }: RelativeTimeProps) {
  const current = useSyncExternalStore(subscribe, () => now);
  if (at === null || at === undefined) {
    return (
      <Text span inherit c="dimmed" {...text}>
        {fallback}
      </Text>
    );
  }
  const millis = typeof at === "number" ? at : Date.parse(at);
  const full = formatAbsolute(millis);
  return (
    <Tooltip label={full} openDelay={200}>
      <Text span inherit style={{ whiteSpace: "nowrap" }} {...text}>
        <time dateTime={new Date(millis).toISOString()}>{formatRelative(millis, current)}</time>
      </Text>
    </Tooltip>
  );
}
