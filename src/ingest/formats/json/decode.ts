import { invalid, objectEnd, skipSpace, valueEnd, wantedMembers } from "../../json/scan.ts";
import { depthMax, malformedJson, readArray, readTimestamp } from "../../json/values.ts";
import type { EventSink } from "../sink.ts";

const openBrace = 0x7b;
const openBracket = 0x5b;

/** One object, or an array of objects; anything else in their place is skipped. Of several values in a row the first counts. */
export function decodeJson(body: Buffer, sink: EventSink): void {
  const wanted = wantedMembers("timestamp");

  const item = (at: number, depth: number): number => {
    const isObject = body[at] === openBrace;
    const end = isObject ? objectEnd(body, at, depth, wanted) : valueEnd(body, at, depth);
    if (end === invalid) throw malformedJson(at);
    if (!isObject) sink.skip("not_an_object", body, at, end);
    else sink.addBytes(readTimestamp(body, wanted.from[0] as number, wanted.to[0] as number), body, at, end);
    return end;
  };
  const array = (at: number) => readArray(body, at, (elementAt) => item(elementAt, depthMax - 1));

  const start = skipSpace(body, 0);
  let at = skipSpace(body, body[start] === openBracket ? array(start) : item(start, depthMax));
  while (at < body.length) {
    const end = valueEnd(body, at, depthMax);
    if (end === invalid) throw malformedJson(at);
    sink.skip("extra_value", body, at, end);
    at = skipSpace(body, end);
  }
}
