import type { EventSink } from "../sink.ts";

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Text, one event a line; empty lines are none. Zero bytes, as a crash leaves them in a log file, become U+FFFD: refusing the lines
 * around them would lose what the sender can send in no other way.
 */
export function decodeHecRaw(body: Buffer, sink: EventSink): void {
  const hasZeros = body.includes(0);
  let at = 0;
  while (at < body.length) {
    let end = body.indexOf(newline, at);
    if (end < 0) end = body.length;
    const to = end > at && body[end - 1] === carriageReturn ? end - 1 : end;
    if (to > at) {
      if (hasZeros) sink.addText(undefined, body.toString("utf8", at, to).replaceAll("\0", "\ufffd"));
      else sink.addBytes(undefined, body, at, to);
    }
    at = end + 1;
  }
}
