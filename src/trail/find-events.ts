import { AppError, readToken, writeToken, wrongCursor } from "../base/index.ts";
import type { TrailEvent, TrailEventPage, TrailEventQuery } from "../contract/index.ts";
import { type LookedUpRecord, type LookUpDeps, lookUpRecords, placeOf, positionOf } from "./look-up.ts";
import { nameOfUser } from "./record.ts";

const defaultRangeMs = 86_400_000;

/**
 * Records of both categories or one, for the console and the CLI. Throws `validation_failed` for a range that ends before it
 * starts and for the cursor of another query.
 */
export async function findEvents(deps: LookUpDeps, query: TrailEventQuery): Promise<TrailEventPage> {
  const { category, from, to, limit, cursor, ...filter } = query;
  const list = ["events", category, from, to, filter];
  const { before, fromMs } = cursor === undefined ? startOf(deps, query) : placeOfCursor(list, cursor);
  const { records, next } = await lookUpRecords(deps, {
    category,
    filter,
    fromMs,
    toMs: to === undefined ? Number.MAX_SAFE_INTEGER : to - 1,
    before,
    limit,
  });
  return {
    items: records.map(toEvent),
    nextCursor: next ? writeToken(list, [...positionOf(next), fromMs]) : null,
  };
}

function startOf({ clock }: LookUpDeps, { from, to = clock.now() }: TrailEventQuery) {
  const fromMs = from ?? to - defaultRangeMs;
  if (fromMs <= to) return { before: undefined, fromMs };
  const message = "The range ends before it starts: `from` is after `to`.";
  throw new AppError("validation_failed", { message, fields: [{ path: "from", message }] });
}

/** The start is told too, so that a range of the last 24 hours keeps its end while it is read. */
function placeOfCursor(list: readonly unknown[], cursor: string) {
  const position = readToken(list, cursor, ["natural", "text", "integer"]);
  const before = position && placeOf(position);
  if (!before) throw wrongCursor();
  return { before, fromMs: position[2] };
}

function toEvent({ eventId, eventTimeMs, record }: LookedUpRecord): TrailEvent {
  const { userIdentity, resources = [] } = record;
  return {
    id: eventId,
    timestamp: new Date(eventTimeMs).toISOString(),
    category: record.eventCategory,
    source: record.eventSource,
    name: record.eventName,
    userName: nameOfUser(userIdentity) ?? null,
    accessKeyId: userIdentity.accessKeyId ?? null,
    credentialId: userIdentity.credentialId ?? null,
    sourceIp: record.sourceIPAddress,
    userAgent: record.userAgent,
    readOnly: record.readOnly,
    errorCode: record.errorCode ?? null,
    errorMessage: record.errorMessage ?? null,
    resources: resources.map(({ type, ARN }) => ({ type, arn: ARN })),
    record,
  };
}
