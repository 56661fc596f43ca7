import { isUtf8 } from "node:buffer";
import { type DecodeOptions, endpoints } from "../endpoints.ts";
import type { EventSink } from "../formats/sink.ts";
import { IngestRefusal } from "../refusal.ts";

/** What a format made of a body. Times are null where the server's clock counts. */
export interface Decoded {
  readonly events: [timestampMs: number | null, message: string][];
  readonly skipped: [reason: string, text: string][];
  readonly refused?: { readonly kind: string; readonly message: string };
}

/** As the sink of a request does, which bounds the time of a hostile body. */
const eventsMax = 10_000;

/** Decodes as the endpoint of this path does, with a media type where it knows several. */
export function decodeAt(
  path: string,
  body: Buffer,
  options: Partial<DecodeOptions> & { mediaType?: string } = {},
): Decoded {
  const { mediaType, hlcMessage = "object" } = options;
  const endpoint = endpoints.find((candidate) => candidate.path === path);
  const type = endpoint?.bodies.find((one) => mediaType === undefined || one.mediaType === mediaType);
  if (!type) throw new Error(`no endpoint ${path} for ${mediaType}`);
  if (type.text && !isUtf8(body)) throw new Error("the body of this case is not UTF-8");
  const decoded: Decoded = { events: [], skipped: [] };
  let taken = 0;
  const take = () => {
    if (++taken > eventsMax) throw new IngestRefusal("body_too_large", "Too many events.");
  };
  const sink: EventSink = {
    addText: (time, message) => {
      take();
      decoded.events.push([time ?? null, message]);
    },
    addBytes: (time, source, from, to) => {
      take();
      decoded.events.push([time ?? null, source.toString("utf8", from, to)]);
    },
    skip: (reason, source, from, to) => {
      take();
      decoded.skipped.push([reason, source.toString("utf8", from, to)]);
    },
  };
  try {
    type.decode(body, sink, { hlcMessage });
    return decoded;
  } catch (error) {
    if (!(error instanceof IngestRefusal)) throw error;
    return { ...decoded, refused: { kind: error.kind, message: error.message } };
  }
}
