import type { LogEvent } from "@nephoscope/contract";
import { findLogEvents, type LogRange } from "../../api/logs.ts";

/** A screen or two to each side. */
const eventsAside = 50;
const reachMs = 86_400_000;
const waitMs = 15_000;

/** The time that holds an event and what its stream sent just before and after it, within a day. */
export async function findContextRange(group: string, event: LogEvent): Promise<LogRange> {
  const at = event.timestampMs;
  const filter = { group, stream: [event.stream], pattern: "", limit: eventsAside };
  const signal = AbortSignal.timeout(waitMs);
  const [before, after] = await Promise.all([
    findLogEvents({ ...filter, from: Math.max(0, at - reachMs), to: at, order: "desc" }, signal),
    findLogEvents({ ...filter, from: at + 1, to: at + reachMs, order: "asc" }, signal),
  ]);
  return contextRange(at, before.items, after.items);
}

/** So that the histogram has a width even where nothing else came. */
const aroundMs = 1000;

/** From the first of `before` to the last of `after`, in whichever order they are. */
export function contextRange(at: number, before: readonly LogEvent[], after: readonly LogEvent[]): LogRange {
  return {
    from: Math.max(0, Math.min(at - aroundMs, ...before.map(({ timestampMs }) => timestampMs))),
    to: Math.max(at + aroundMs, ...after.map(({ timestampMs }) => timestampMs)) + 1,
  };
}
