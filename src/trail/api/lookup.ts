import { createHash } from "node:crypto";
import type {
  Event,
  LookupAttribute,
  LookupEventsCommandInput,
  LookupEventsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { ProtocolError } from "../../protocols/index.ts";
import type { StoredTrailEvent, TrailAttribute, TrailPlace } from "../../telemetry/index.ts";
import { shortNameOf, withUnknownOutcome } from "../record.ts";
import { type ApiDeps, type Operations, onAll } from "./operation.ts";

type Output = Omit<LookupEventsCommandOutput, "$metadata">;

const dayMs = 86_400_000;
const pageMax = 50;
const valueLengthMax = 2_000;
/** A call without outcome is shown when it was made this long ago; until then it may be under way. */
const openAfterMs = 60_000;

/** Management events, newest first, whether or not there is a trail. */
export function lookupOperations(deps: ApiDeps): Operations {
  return {
    LookupEvents: onAll<LookupEventsCommandInput, Output>("LookupEvents", (input) => lookUp(deps, input)),
  };
}

async function lookUp(
  { events, clock, retentionDays }: ApiDeps,
  input: LookupEventsCommandInput,
): Promise<Output> {
  if (input.EventCategory !== undefined)
    throw new ProtocolError(
      "InvalidEventCategoryException",
      "Insights events are not available here; leave EventCategory out for management events.",
    );
  const limit = checkMaxResults(input.MaxResults);
  const attribute = checkAttributes(input.LookupAttributes ?? []);
  const { startMs, endMs } = checkRange(input);
  const question = digestOf(input);
  const nowMs = clock.now();
  const found = await events.find({
    category: "Management",
    attribute,
    fromMs: Math.max(startMs, nowMs - retentionDays * dayMs),
    toMs: Math.min(endMs, nowMs),
    openUntilMs: nowMs - openAfterMs,
    before: input.NextToken === undefined ? undefined : readToken(input.NextToken, question),
    limit: limit + 1,
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    Events: page.map(toEvent),
    ...(found.length > limit && last && { NextToken: writeToken(last, question) }),
  };
}

function checkMaxResults(given = pageMax): number {
  if (Number.isInteger(given) && given >= 1 && given <= pageMax) return given;
  throw new ProtocolError("InvalidMaxResultsException", `MaxResults must be between 1 and ${pageMax}.`);
}

const attributes: ReadonlyMap<string, TrailAttribute> = new Map([
  ["EventId", "eventId"],
  ["EventName", "eventName"],
  ["ReadOnly", "readOnly"],
  ["Username", "userName"],
  ["ResourceType", "resourceType"],
  ["ResourceName", "resourceName"],
  ["EventSource", "eventSource"],
  ["AccessKeyId", "accessKeyId"],
]);

function checkAttributes(given: readonly LookupAttribute[]) {
  const [first] = given;
  if (!first) return undefined;
  if (given.length > 1) throw invalidAttributes("You can only provide one lookup attribute.");
  const name = attributes.get(first.AttributeKey ?? "");
  const value = first.AttributeValue ?? "";
  if (!name) throw invalidAttributes(`The attribute key is one of ${[...attributes.keys()].join(", ")}.`);
  if (value.length === 0 || value.length > valueLengthMax)
    throw invalidAttributes(`The attribute value has 1 to ${valueLengthMax} characters.`);
  if (name === "readOnly" && value !== "true" && value !== "false")
    throw invalidAttributes("The value of the attribute ReadOnly is true or false.");
  return { name, value };
}

function invalidAttributes(message: string): ProtocolError {
  return new ProtocolError("InvalidLookupAttributesException", message);
}

/** The times of events are shown in seconds, so an end means all of its second. */
function checkRange({ StartTime, EndTime }: LookupEventsCommandInput): { startMs: number; endMs: number } {
  const startMs = StartTime?.getTime() ?? 0;
  const endMs =
    EndTime === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(EndTime.getTime() / 1_000) * 1_000 + 999;
  if (startMs <= endMs) return { startMs, endMs };
  throw new ProtocolError("InvalidTimeRangeException", "The start time must not be after the end time.");
}

/** A token goes on with the question that it came from and with no other. */
function digestOf({ LookupAttributes, StartTime, EndTime }: LookupEventsCommandInput): string {
  const question = JSON.stringify([LookupAttributes ?? [], StartTime, EndTime]);
  return createHash("sha256").update(question).digest("base64url").slice(0, 16);
}

function writeToken({ eventTimeMs, eventId }: TrailPlace, question: string): string {
  return Buffer.from(JSON.stringify([eventTimeMs, eventId, question])).toString("base64url");
}

function readToken(token: string, question: string): TrailPlace {
  const parts = /^\[(\d{1,15}),"([0-9a-f-]{36})","([\w-]{16})"\]$/.exec(
    Buffer.from(token, "base64url").toString("utf8"),
  );
  if (parts?.[3] === question) return { eventTimeMs: Number(parts[1]), eventId: parts[2]! };
  throw new ProtocolError(
    "InvalidNextTokenException",
    "The token is not valid, or was used in a request with different parameters.",
  );
}

interface LookedUpRecord {
  readonly eventName: string;
  readonly eventSource: string;
  readonly readOnly: boolean;
  readonly userIdentity: { readonly type: string; readonly userName?: string; readonly accessKeyId?: string };
  readonly resources?: readonly { readonly type: string; readonly ARN: string }[];
}

function toEvent(stored: StoredTrailEvent): Event {
  const record = JSON.parse(stored.record) as LookedUpRecord;
  const { type, userName, accessKeyId } = record.userIdentity;
  const name = userName ?? (type === "Root" ? "root" : undefined);
  return {
    EventId: stored.eventId,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(accessKeyId !== undefined && { AccessKeyId: accessKeyId }),
    EventTime: new Date(Math.floor(stored.eventTimeMs / 1_000) * 1_000),
    EventSource: record.eventSource,
    ...(name !== undefined && { Username: name }),
    Resources: (record.resources ?? []).map((resource) => ({
      ResourceType: resource.type,
      ResourceName: shortNameOf(resource.ARN),
    })),
    CloudTrailEvent: stored.complete ? stored.record : withUnknownOutcome(stored.record),
  };
}
