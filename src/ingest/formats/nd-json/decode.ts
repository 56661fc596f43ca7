import { invalid, objectEnd, skipSpace, valueEnd, wantedMembers } from "../../json/scan.ts";
import { addValue, depthMax, readTimestamp } from "../../json/values.ts";
import { IngestRefusal } from "../../refusal.ts";
import type { EventSink } from "../sink.ts";

const newline = 0x0a;
const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * One JSON value a line; an array is one event per element. A line that is no JSON is skipped, and the body is refused only when
 * all lines are. The line feeds of `body` are overwritten: by a byte that no value holds, so that a broken line is never read on
 * into the next one.
 */
export function decodeNdJson(body: Buffer, sink: EventSink): void {
  const wanted = wantedMembers("timestamp");
  let validLines = 0;
  let invalidLines = 0;

  const addObject = (from: number, to: number) =>
    sink.addBytes(readTimestamp(body, wanted.from[0] as number, wanted.to[0] as number), body, from, to);

  /** The array is known to be JSON. */
  const addElements = (at: number) => {
    let i = skipSpace(body, at + 1);
    while (body[i] !== closeBracket) {
      const isObject = body[i] === openBrace;
      const end = isObject ? objectEnd(body, i, depthMax, wanted) : valueEnd(body, i, depthMax);
      if (isObject) addObject(i, end);
      else addValue(sink, undefined, body, i, end);
      i = skipSpace(body, end);
      if (body[i] !== closeBracket) i = skipSpace(body, i + 1);
    }
  };
  const readLine = (from: number, to: number) => {
    const isObject = body[from] === openBrace;
    const end = isObject ? objectEnd(body, from, depthMax, wanted) : valueEnd(body, from, depthMax);
    if (end === invalid || skipSpace(body, end) !== to) {
      invalidLines += 1;
      sink.skip("invalid_json", body, from, to);
      return;
    }
    validLines += 1;
    if (isObject) addObject(from, end);
    else if (body[from] === openBracket) addElements(from);
    else addValue(sink, undefined, body, from, end);
  };

  // A line feed is white space too, so this steps over blank lines.
  let at = skipSpace(body, 0);
  while (at < body.length) {
    let to = body.indexOf(newline, at);
    if (to < 0) to = body.length;
    else body[to] = 0;
    readLine(at, to);
    at = skipSpace(body, to + 1);
  }
  // AWS's words.
  if (invalidLines > 0 && validLines === 0)
    throw new IngestRefusal("body_malformed", "All events were invalid");
}
