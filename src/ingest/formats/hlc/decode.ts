import { invalid, objectEnd, skipSpace, valueEnd, wantedMembers } from "../../json/scan.ts";
import { addValue, depthMax, malformedJson, readArray, readString, startsNumber } from "../../json/values.ts";
import type { EventSink } from "../sink.ts";
import { secondsToMs } from "./seconds.ts";

/** What of an event is stored: the whole object as it was sent, or only its member `event`. */
export type HlcMessage = "object" | "event";

const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const quote = 0x22;
/** A time is a few digits; what is longer is no time. */
const timeBytesMax = 64;

/**
 * The format of Splunk's HTTP event collector: objects, arrays of them, or both one after the other without a separator. What is
 * no object with `event` is skipped.
 */
export function decodeHlc(body: Buffer, sink: EventSink, options: { message: HlcMessage }): void {
  const wanted = wantedMembers("event", "time");

  /** Any value that stands where an event may stand. */
  const item = (at: number, depth: number): number => {
    if (body[at] === openBrace) return event(at, depth);
    if (body[at] === openBracket) return array(at, depth, item);
    const end = expectValue(valueEnd(body, at, depth), at);
    sink.skip("not_an_object", body, at, end);
    return end;
  };
  const array = (at: number, depth: number, element: (at: number, depth: number) => number): number => {
    if (depth <= 0) throw malformedJson(at);
    return readArray(body, at, (elementAt) => element(elementAt, depth - 1));
  };
  /** An event inside a wrapper is taken as it is, even when its own `event` looks like a wrapper again. */
  const event = (at: number, depth: number, wrapper?: { time: number | undefined }): number => {
    const end = expectValue(objectEnd(body, at, depth, wanted), at);
    const [eventFrom = 0, timeFrom = 0] = wanted.from;
    const [eventTo = 0, timeTo = 0] = wanted.to;
    if (eventTo === 0) {
      sink.skip("event_missing", body, at, end);
      return end;
    }
    const time = readTime(body, timeFrom, timeTo) ?? wrapper?.time;
    if (!wrapper && body[eventFrom] === openBracket && isWrapper(eventFrom))
      array(eventFrom, depth, (elementAt, left) => event(elementAt, left, { time }));
    else if (options.message === "event") addValue(sink, time, body, eventFrom, eventTo);
    else sink.addBytes(time, body, at, end);
    return end;
  };
  /** AWS's own sample: `event` is an array, not empty, of objects that each have an `event`. The array is known to be JSON. */
  const isWrapper = (at: number): boolean => {
    let i = skipSpace(body, at + 1);
    while (body[i] === openBrace) {
      const end = objectEnd(body, i, depthMax, wanted);
      if (wanted.to[0] === 0) return false;
      i = skipSpace(body, end);
      if (body[i] === closeBracket) return true;
      i = skipSpace(body, i + 1);
    }
    return false;
  };

  let at = skipSpace(body, 0);
  while (at < body.length) at = skipSpace(body, item(at, depthMax));
}

/** The server's clock counts when there is no time, and when it is no number. */
function readTime(body: Buffer, from: number, to: number): number | undefined {
  if (from === to || to - from > timeBytesMax) return undefined;
  if (body[from] === quote) return secondsToMs(readString(body, from, to));
  return startsNumber(body, from) ? secondsToMs(body.toString("latin1", from, to)) : undefined;
}

function expectValue(end: number, at: number): number {
  if (end === invalid) throw malformedJson(at);
  return end;
}
