import { invalid, objectEnd, skipSpace, valueEnd, wantedMembers } from "../../json/scan.ts";
import { depthMax, readTimestamp } from "../../json/values.ts";
import { IngestRefusal } from "../../refusal.ts";
import type { EventSink } from "../sink.ts";

const openBrace = 0x7b;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** One object, or an array of objects; anything else in their place is skipped. Of several values in a row the first counts. */
export function decodeJson(body: Buffer, sink: EventSink): void {
  const wanted = wantedMembers("timestamp");

  const item = (at: number, depth: number): number => {
    const isObject = body[at] === openBrace;
    const end = isObject ? objectEnd(body, at, depth, wanted) : valueEnd(body, at, depth);
    if (end === invalid) throw malformed(at);
    if (!isObject) sink.skip("not-an-object", body, at, end);
    else sink.addBytes(readTimestamp(body, wanted.from[0] as number, wanted.to[0] as number), body, at, end);
    return end;
  };
  const array = (at: number): number => {
    let i = skipSpace(body, at + 1);
    if (body[i] === closeBracket) return i + 1;
    for (;;) {
      i = skipSpace(body, item(i, depthMax - 1));
      if (body[i] === closeBracket) return i + 1;
      if (body[i] !== comma) throw malformed(i);
      i = skipSpace(body, i + 1);
    }
  };

  const start = skipSpace(body, 0);
  let at = skipSpace(body, body[start] === openBracket ? array(start) : item(start, depthMax));
  while (at < body.length) {
    const end = valueEnd(body, at, depthMax);
    if (end === invalid) throw malformed(at);
    sink.skip("extra-value", body, at, end);
    at = skipSpace(body, end);
  }
}

function malformed(at: number): IngestRefusal {
  return new IngestRefusal(
    "body_malformed",
    `The body is not JSON, or is nested deeper than ${depthMax} levels: the value at byte ${at} cannot be read.`,
  );
}
