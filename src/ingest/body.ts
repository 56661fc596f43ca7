import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { BodyType } from "./endpoints.ts";
import { IngestRefusal } from "./refusal.ts";

export type ContentEncoding = "identity" | "gzip";

/** One of two; a list of encodings could hide a bomb in a bomb. */
export function readContentEncoding(header: string | undefined): ContentEncoding {
  const encoding = header?.trim().toLowerCase() || "identity";
  if (encoding === "gzip" || encoding === "x-gzip") return "gzip";
  if (encoding === "identity") return "identity";
  throw new IngestRefusal("header_invalid", "The Content-Encoding is neither gzip nor identity.");
}

const inflate = promisify(gunzip);

/**
 * The body as its format reads it: inflated, at most `bytesMax` long however small it came, and checked to be UTF-8 where it is text.
 * The mark that some Windows programs put before UTF-8 is taken off. `makeRoom` is told how long the body may be before it is
 * inflated, and throws when there is no room for that.
 */
export async function openBody(
  wire: Buffer,
  encoding: ContentEncoding,
  type: Pick<BodyType, "text">,
  bytesMax: number,
  makeRoom: (bytes: number) => void,
): Promise<Buffer> {
  const body = encoding === "gzip" ? await inflateInSteps(wire, bytesMax, makeRoom) : wire;
  if (body.length > bytesMax) throw bodyTooLarge(bytesMax);
  if (!type.text) return body;
  if (body.length === 0) throw new IngestRefusal("body_empty", "The body is empty.");
  if (!isUtf8(body)) throw new IngestRefusal("body_malformed", "The body is not UTF-8.");
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

export function bodyTooLarge(bytesMax: number): IngestRefusal {
  return new IngestRefusal("body_too_large", `The body exceeds the limit of ${bytesMax} bytes.`);
}

/** Logs shrink to a tenth at best, so room for the whole limit is only asked for when that is not enough. */
const usualRatio = 10;

async function inflateInSteps(
  wire: Buffer,
  bytesMax: number,
  makeRoom: (bytes: number) => void,
): Promise<Buffer> {
  // An empty request is an empty body, also when the sender compresses whatever it sends.
  if (wire.length === 0) return wire;
  for (const limit of [Math.min(bytesMax, wire.length * usualRatio), bytesMax]) {
    makeRoom(limit);
    const body = await inflateBounded(wire, limit);
    if (body) return body;
  }
  throw bodyTooLarge(bytesMax);
}

/** Undefined when it would be longer. */
async function inflateBounded(wire: Buffer, bytesMax: number): Promise<Buffer | undefined> {
  try {
    return await inflate(wire, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw new IngestRefusal("body_malformed", "The body is not what gzip writes, or is cut off.", {
      cause: error,
    });
  }
}
