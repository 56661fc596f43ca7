import type { LogEvent } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { escapeLines, escapeText } from "../../output/escape.ts";
import type { Cli } from "../../verb.ts";

export interface MessageOptions {
  readonly raw?: boolean;
  readonly ndjson?: boolean;
}

/** How events are printed, one after the other. With `--json` that is the caller's affair. */
export function eventPrinter(
  { out, terminal }: Pick<Cli, "out" | "terminal">,
  { raw = false, ndjson = false }: MessageOptions,
): (event: LogEvent) => string {
  if (Number(raw) + Number(ndjson) + Number(out.json) > 1)
    throw usageError("--raw, --ndjson and --json exclude each other.");
  if (ndjson) return ({ message }) => `${toJsonLine(message)}\n`;
  // Only what does not go to a person is handed on as it is.
  if (raw) return ({ message }) => `${terminal.interactive ? escapeLines(message) : message}\n`;
  return (event) => eventLine(event, terminal.colour);
}

/** Time, stream, message. Later lines of a message are indented, so that none can pass for an event. */
function eventLine({ timestamp, stream, message }: LogEvent, colour: boolean): string {
  const time = colour ? `\u001b[2m${timestamp}\u001b[0m` : timestamp;
  const name = colour ? `\u001b[36m${escapeText(stream)}\u001b[0m` : escapeText(stream);
  return `${time} ${name} ${escapeLines(message.trimEnd()).replaceAll("\n", "\n    ")}\n`;
}

/** JSON stays as it was sent, numbers too large for a double included; other text becomes a string. */
function toJsonLine(message: string): string {
  try {
    JSON.parse(message);
  } catch {
    return JSON.stringify(message);
  }
  // In JSON a line break can stand between values only, where it means nothing.
  return message.replace(/[\r\n]+/g, " ");
}
