import type { Clock, Position } from "../base/index.ts";
import { uuid } from "../contract/index.ts";
import type {
  TrailCategory,
  TrailEventFilter,
  TrailEventSearch,
  TrailEvents,
  TrailPlace,
} from "../telemetry/index.ts";
import { withUnknownOutcome } from "./record.ts";

/** Looking up records, for CloudTrail's API and for ours. */

export interface LookUpDeps {
  readonly events: Pick<TrailEvents, "search">;
  readonly clock: Pick<Clock, "now">;
  /** How long records can be looked up. */
  readonly retentionDays: number;
}

interface LookUpRequest extends Pick<TrailEventSearch, "category" | "fromMs" | "toMs" | "before"> {
  readonly filter: TrailEventFilter;
  readonly limit: number;
}

export interface LookedUpRecord extends TrailPlace {
  readonly record: TrailRecord;
  /** The record as JSON. */
  readonly text: string;
}

/** What is read out of records. */
interface TrailRecord extends Readonly<Record<string, unknown>> {
  readonly userIdentity: {
    readonly type: string;
    readonly userName?: string;
    readonly accessKeyId?: string;
    readonly credentialId?: string;
  };
  readonly eventSource: string;
  readonly eventName: string;
  readonly eventCategory: TrailCategory;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly readOnly: boolean;
  readonly resources?: readonly { readonly type: string; readonly ARN: string }[];
}

const dayMs = 86_400_000;
const pageBytesMax = 8 * 2 ** 20;
/** A call without outcome is shown when it was made this long ago; until then it may be under way. */
const openAfterMs = 60_000;

/** Newest first, within the retention. A page may end before its limit, when its records are long. */
export async function lookUpRecords(
  { events, clock, retentionDays }: LookUpDeps,
  { fromMs, toMs, limit, ...request }: LookUpRequest,
): Promise<{ records: LookedUpRecord[]; next: TrailPlace | undefined }> {
  const nowMs = clock.now();
  const page = await events.search({
    ...request,
    fromMs: Math.max(fromMs, nowMs - retentionDays * dayMs),
    toMs: Math.min(toMs, nowMs),
    openUntilMs: nowMs - openAfterMs,
    rowsMax: limit,
    bytesMax: pageBytesMax,
  });
  const records = page.events.map(({ eventId, eventTimeMs, complete, record }) => {
    const text = complete ? record : withUnknownOutcome(record);
    return { eventId, eventTimeMs, text, record: JSON.parse(text) as TrailRecord };
  });
  return { records, next: page.next };
}

/** A place as tokens hold it. */
export function positionOf({ eventTimeMs, eventId }: TrailPlace): Position {
  return [eventTimeMs, eventId];
}

/** Undefined for what `positionOf` never gave: whoever knows how could make a token of anything. */
export function placeOf([eventTimeMs, eventId]: readonly [number, string, ...unknown[]]):
  | TrailPlace
  | undefined {
  return uuid.safeParse(eventId).success ? { eventTimeMs, eventId } : undefined;
}
