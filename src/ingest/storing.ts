import { judge, readEntity } from "../logs/index.ts";
import type { LogEvents } from "../telemetry/index.ts";
import { type BatchLimits, type BatchResult, createBatch } from "./batch.ts";
import type { IngestDeps } from "./dependencies.ts";
import type { Destination } from "./destination.ts";
import type { BodyType, Endpoint } from "./endpoints.ts";
import { IngestRefusal } from "./refusal.ts";
import type { Rejections } from "./rejections.ts";

/** A request whose sender may send where it wants to, with its body as the format reads it. */
export interface ReadyRequest {
  readonly endpoint: Endpoint;
  readonly bodyType: BodyType;
  readonly query: URLSearchParams;
  readonly destination: Destination;
  /** The API key, for counts of what was rejected; null for other callers. */
  readonly keyId: string | null;
  readonly body: Buffer;
}

const eventsMax = 10_000;
/** Room for the numbers before each message, so that rows are seldom moved while they are built; what is not used costs nothing. */
const rowBytesPerBodyByte = 1.5;
const otlpSpanMs = 24 * 3_600_000;

/**
 * Stores a request as a whole: everything is read and judged before the first byte is written, and its events are on disk when
 * the result is there. With `isStored` it is only judged. Throws IngestRefusal, and then has stored nothing;
 * `store_unavailable` and `storage_full`, after which the events may be stored or not.
 */
export type Storing = (
  request: ReadyRequest,
  name?: { readonly digest: bigint; readonly isStored: boolean },
) => Promise<BatchResult>;

export function createStoring(
  deps: Pick<IngestDeps, "clock" | "options"> & {
    logEvents: LogEvents;
    noteArrival: IngestDeps["logs"]["directory"]["noteArrival"];
    rejections: Pick<Rejections, "note">;
  },
): Storing {
  const { clock, options, logEvents, rejections } = deps;
  return async (request, name) => {
    const { endpoint, destination, body } = request;
    const { group, stream } = destination;
    const nowMs = clock.now();
    const entity = entityOf(request);
    const encoder = logEvents.encoder(
      {
        logGroupId: group.id,
        logStreamId: stream.id,
        ingestionTimeMs: nowMs,
        ...(name && { idempotencyKey: name.digest }),
        ...(entity.text !== undefined && { entity: entity.text }),
      },
      Math.ceil(body.length * rowBytesPerBodyByte),
    );
    const batch = createBatch({
      encoder,
      nowMs,
      judge: (timestampMs) => judge(timestampMs, nowMs, group.retentionDays),
      limits: limitsOf(endpoint, options),
    });
    request.bodyType.decode(body, batch.sink, { hlcMessage: options.hlcMessage });
    const result = batch.finish();
    if (endpoint.hec) checkHec(endpoint, result);
    if (name?.isStored) return result;
    if (result.accepted > 0) {
      await logEvents.append(encoder.finish());
      deps.noteArrival(stream.id, { first: result.firstMs, last: result.lastMs, ingestion: nowMs });
    }
    const left = entity.problem === undefined ? result.left : [...result.left, entity.problem];
    for (const one of left) rejections.note({ group: group.name, keyId: request.keyId, ...one });
    return { ...result, left };
  };
}

function limitsOf(
  endpoint: Endpoint,
  { requestBytesMax, eventBytesMax }: IngestDeps["options"],
): BatchLimits {
  if (endpoint.limits === "sent")
    return { eventsMax, eventBytesMax, storedBytesMax: undefined, spanMsMax: undefined };
  return {
    eventsMax,
    eventBytesMax: requestBytesMax,
    storedBytesMax: requestBytesMax,
    spanMsMax: otlpSpanMs,
  };
}

/** AWS leaves out what is no event; Splunk refuses the request, and one without any event too. */
function checkHec(endpoint: Endpoint, { accepted, rejected, left }: BatchResult): void {
  if (!endpoint.refusesSkipped) return;
  const missing = left.find(({ reason }) => reason === "event_missing" || reason === "not_an_object");
  if (missing)
    throw new IngestRefusal("event_missing", `${missing.count} of the events have no member "event".`);
  if (accepted + rejected.tooOld + rejected.tooNew + rejected.expired === 0)
    throw new IngestRefusal("body_empty", "The body holds no event.");
}

interface EntityOutcome {
  readonly text?: string;
  readonly problem?: BatchResult["left"][number];
}

/** A bad entity costs no event. */
function entityOf({ endpoint, query, destination }: ReadyRequest): EntityOutcome {
  const name = query.get("entityName");
  const environment = query.get("entityEnvironment");
  if (!endpoint.entity || (!name && !environment)) return {};
  const keyAttributes = {
    Type: "Service",
    ...(name ? { Name: name } : {}),
    ...(environment ? { Environment: environment } : {}),
  };
  const read = readEntity({ keyAttributes }, destination.group.class);
  if ("text" in read) return { text: read.text };
  return {
    problem: {
      reason: "invalid_entity",
      count: 1,
      sample: `${read.problem}: ${JSON.stringify(keyAttributes)}`,
    },
  };
}
