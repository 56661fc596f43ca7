import type {
  Event,
  LookupAttribute,
  LookupEventsCommandInput,
  LookupEventsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { readToken, writeToken } from "../../base/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import type { TrailEventFilter, TrailPlace } from "../../telemetry/index.ts";
import { type LookedUpRecord, lookUpRecords, placeOf, positionOf } from "../look-up.ts";
import { nameOfUser, shortNameOf } from "../record.ts";
import { type ApiDeps, type Operations, onAll } from "./operation.ts";

type Output = Omit<LookupEventsCommandOutput, "$metadata">;

const pageMax = 50;
const valueLengthMax = 2_000;

/** Management events, newest first, whether or not there is a trail. */
export function lookupOperations(deps: ApiDeps): Operations {
  return {
    LookupEvents: onAll<LookupEventsCommandInput, Output>("LookupEvents", (input) => lookUp(deps, input)),
  };
}

async function lookUp(deps: ApiDeps, input: LookupEventsCommandInput): Promise<Output> {
  if (input.EventCategory !== undefined)
    throw new ProtocolError(
      "InvalidEventCategoryException",
      "Insights events are not available here; leave EventCategory out for management events.",
    );
  const limit = checkMaxResults(input.MaxResults);
  const filter = checkAttributes(input.LookupAttributes ?? []);
  const { startMs, endMs } = checkRange(input);
  const list = ["LookupEvents", input.LookupAttributes ?? [], input.StartTime, input.EndTime];
  const { records, next } = await lookUpRecords(deps, {
    category: "Management",
    filter,
    fromMs: startMs,
    toMs: endMs,
    before: input.NextToken === undefined ? undefined : readNextToken(list, input.NextToken),
    limit,
  });
  return { Events: records.map(toEvent), ...(next && { NextToken: writeToken(list, positionOf(next)) }) };
}

function checkMaxResults(given = pageMax): number {
  if (Number.isInteger(given) && given >= 1 && given <= pageMax) return given;
  throw new ProtocolError("InvalidMaxResultsException", `MaxResults must be between 1 and ${pageMax}.`);
}

const attributes: ReadonlyMap<string, keyof TrailEventFilter> = new Map([
  ["EventId", "eventId"],
  ["EventName", "eventName"],
  ["ReadOnly", "readOnly"],
  ["Username", "userName"],
  ["ResourceType", "resourceType"],
  ["ResourceName", "resourceName"],
  ["EventSource", "eventSource"],
  ["AccessKeyId", "accessKeyId"],
]);

function checkAttributes(given: readonly LookupAttribute[]): TrailEventFilter {
  const [first] = given;
  if (!first) return {};
  if (given.length > 1) throw invalidAttributes("You can only provide one lookup attribute.");
  const name = attributes.get(first.AttributeKey ?? "");
  const value = first.AttributeValue ?? "";
  if (!name) throw invalidAttributes(`The attribute key is one of ${[...attributes.keys()].join(", ")}.`);
  if (value.length === 0 || value.length > valueLengthMax)
    throw invalidAttributes(`The attribute value has 1 to ${valueLengthMax} characters.`);
  if (name !== "readOnly") return { [name]: value };
  if (value !== "true" && value !== "false")
    throw invalidAttributes("The value of the attribute ReadOnly is true or false.");
  return { readOnly: value === "true" };
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

function readNextToken(list: readonly unknown[], token: string): TrailPlace {
  const position = readToken(list, token, ["natural", "text"]);
  const place = position && placeOf(position);
  if (place) return place;
  throw new ProtocolError(
    "InvalidNextTokenException",
    "The token is not valid, or was used in a request with different parameters.",
  );
}

function toEvent({ eventId, eventTimeMs, record, text }: LookedUpRecord): Event {
  const { accessKeyId } = record.userIdentity;
  const name = nameOfUser(record.userIdentity);
  return {
    EventId: eventId,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(accessKeyId !== undefined && { AccessKeyId: accessKeyId }),
    EventTime: new Date(Math.floor(eventTimeMs / 1_000) * 1_000),
    EventSource: record.eventSource,
    ...(name !== undefined && { Username: name }),
    Resources: (record.resources ?? []).map((resource) => ({
      ResourceType: resource.type,
      ResourceName: shortNameOf(resource.ARN),
    })),
    CloudTrailEvent: text,
  };
}
