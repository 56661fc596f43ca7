import type { LogEvent } from "@nephoscope/contract";

/** One JSON object on each line, with everything that is known of an event. */
export function toNdjson(events: readonly LogEvent[]): string {
  return events
    .map(
      ({ timestamp, ingestionTime, stream, message, id }) =>
        `${JSON.stringify({ timestamp, ingestionTime, stream, message, id })}\n`,
    )
    .join("");
}

/** Time, stream and message set apart by blanks; messages of several lines keep them. */
export function toText(events: readonly LogEvent[]): string {
  return events.map(({ timestamp, stream, message }) => `${timestamp} ${stream} ${message}\n`).join("");
}

/** A file name that says what is in it. */
export function fileNameOf(group: string, extension: string): string {
  const name = group.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^-+|-+$/g, "");
  return `${name === "" ? "logs" : name}.${extension}`;
}
