import type { Event, LookupEventsCommandInput, LookupEventsCommandOutput } from "@aws-sdk/client-cloudtrail";
import { ProtocolError } from "../../src/protocols/index.ts";
import { dayMs } from "../signals/behaviour.ts";
import { hashText, pick, unit } from "../signals/hash.ts";
import { paginate } from "./paging.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

const keptForMs = 90 * dayMs;
const slotMs = 30 * 60_000;
/** Without a start the newest day is enough for whoever looks; a lookup walks half-hours, not storage. */
const defaultRangeMs = dayMs;

export const cloudtrail: SimulatedService = {
  handlers: {
    LookupEvents: handler<LookupEventsCommandInput, LookupEventsCommandOutput>((input, context) => {
      const pageSize = input.MaxResults ?? 50;
      if (pageSize < 1 || pageSize > 50)
        throw new ProtocolError("InvalidMaxResultsException", "MaxResults must be between 1 and 50.");
      const endMs = Math.min(input.EndTime?.getTime() ?? context.nowMs, context.nowMs);
      const startMs = Math.max(
        input.StartTime?.getTime() ?? endMs - defaultRangeMs,
        context.nowMs - keptForMs,
      );
      if (startMs > endMs)
        throw new ProtocolError("InvalidTimeRangeException", "The start time must be before the end time.");
      const events = eventsBetween(context, startMs, endMs).filter((event) =>
        fits(event, input.LookupAttributes),
      );
      const { NextToken: token, ...question } = input;
      const page = paginate(events, {
        token,
        pageSize,
        scope: JSON.stringify(question),
        invalidTokenCode: "InvalidNextTokenException",
      });
      return { Events: [...page.items], NextToken: page.nextToken };
    }),
  },
};

type Template = readonly [name: string, source: string, readOnly: "true" | "false"];

const templates: readonly [Template, ...Template[]] = [
  ["RunInstances", "ec2.amazonaws.com", "false"],
  ["UpdateFunctionCode20150331v2", "lambda.amazonaws.com", "false"],
  ["AuthorizeSecurityGroupIngress", "ec2.amazonaws.com", "false"],
  ["DescribeInstances", "ec2.amazonaws.com", "true"],
  ["ConsoleLogin", "signin.amazonaws.com", "false"],
  ["ModifyDBInstance", "rds.amazonaws.com", "false"],
];

/** One event in each half-hour of which the seed says so, newest first. */
function eventsBetween(context: CallContext, startMs: number, endMs: number): Event[] {
  const accountId = accountOf(context);
  if (context.world.inventory(accountId, context.region).instances.length === 0) return [];
  const seed = hashText(`${context.world.seed}/${accountId}/${context.region}/events`);
  const events: Event[] = [];
  for (let slot = Math.floor(endMs / slotMs); slot * slotMs >= startMs - slotMs; slot--) {
    const atMs = slot * slotMs + Math.floor(unit(seed, slot * 4) * 1_700) * 1000;
    if (unit(seed, slot * 4 + 1) < 0.3 && atMs >= startMs && atMs <= endMs)
      events.push(createEvent(context, accountId, seed, slot, atMs));
  }
  return events;
}

function createEvent(
  context: CallContext,
  accountId: string,
  seed: number,
  slot: number,
  atMs: number,
): Event {
  const [name, source, readOnly] = pick(seed, slot * 4 + 2, templates);
  const user = pick(seed, slot * 4 + 3, ["alice", "bob", "deploy-bot"]);
  const id = `${slot.toString(16).padStart(8, "0")}-${accountId.slice(0, 4)}-4000-8000-${accountId}`;
  const record = {
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      arn: `arn:aws:iam::${accountId}:user/${user}`,
      accountId,
      userName: user,
    },
    eventTime: new Date(atMs).toISOString().replace(".000Z", "Z"),
    eventSource: source,
    eventName: name,
    awsRegion: context.region,
    sourceIPAddress: "203.0.113.10",
    userAgent: "aws-cli/2.31.0",
    requestParameters: null,
    responseElements: null,
    eventID: id,
    readOnly: readOnly === "true",
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: "Management",
  };
  return {
    EventId: id,
    EventName: name,
    EventSource: source,
    EventTime: new Date(atMs),
    ReadOnly: readOnly,
    Username: user,
    Resources: [],
    CloudTrailEvent: JSON.stringify(record),
  };
}

function fits(event: Event, attributes: LookupEventsCommandInput["LookupAttributes"]): boolean {
  return (attributes ?? []).every(({ AttributeKey, AttributeValue }) => {
    const fields: Readonly<Record<string, string | undefined>> = {
      EventId: event.EventId,
      EventName: event.EventName,
      EventSource: event.EventSource,
      ReadOnly: event.ReadOnly,
      Username: event.Username,
    };
    return fields[AttributeKey ?? ""] === AttributeValue;
  });
}
