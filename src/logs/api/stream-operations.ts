import type { Database } from "../../db/index.ts";
import { type ArnPlace, streamArn } from "../arns.ts";
import type { Groups } from "../groups.ts";
import { sequenceToken } from "../sequence-token.ts";
import { listStreams, type StreamPosition, type StreamRow } from "../stream-queries.ts";
import type { Streams } from "../streams.ts";
import { checkInput, invalidParameter, rules } from "./checks.ts";
import { type Access, groupNameOf, logsOperation, type NamesGroup, namedGroup } from "./operation.ts";
import { readPage, writeNextToken } from "./paging.ts";

interface StreamName {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

interface DescribeLogStreams extends NamesGroup {
  readonly logStreamNamePrefix?: string;
  readonly orderBy?: string;
  readonly descending?: boolean;
  readonly nextToken?: string;
  readonly limit?: number;
}

const pageSize = 50;

export function createStreamOperations(deps: {
  db: Pick<Database, "kysely">;
  groups: Groups;
  streams: Streams;
  access: Access;
  place: ArnPlace;
}) {
  const { groups, streams, access, place } = deps;
  const { kysely } = deps.db;
  return {
    CreateLogStream: logsOperation<StreamName, object>({
      readOnly: false,
      access: async ({ logGroupName, logStreamName }) => [
        await access.stream("CreateLogStream", logGroupName, logStreamName),
      ],
      handle: (input) => {
        checkNames(input);
        return streams.create(input.logGroupName, input.logStreamName);
      },
      resources: namedGroup,
    }),
    DeleteLogStream: logsOperation<StreamName, object>({
      readOnly: false,
      access: async ({ logGroupName, logStreamName }) => [
        await access.stream("DeleteLogStream", logGroupName, logStreamName),
      ],
      handle: (input) => {
        checkNames(input);
        return streams.remove(input.logGroupName, input.logStreamName);
      },
      resources: namedGroup,
    }),
    DescribeLogStreams: logsOperation<DescribeLogStreams, object>({
      readOnly: true,
      access: async ({ logGroupName, logGroupIdentifier }) => [
        await access.identifier("DescribeLogStreams", logGroupIdentifier ?? logGroupName ?? ""),
      ],
      handle: async (input) => {
        const { prefix, orderBy, descending } = checkList(input);
        const name = groupNameOf(place, input);
        const group = await groups.get(name);
        const rows = { groupId: group.id, prefix, orderBy, descending };
        const list = ["DescribeLogStreams", rows];
        const page = readPage(list, input, pageSize, ["text", "integer"]);
        const found = await listStreams(kysely, rows, {
          after: page.after && fromToken(page.after),
          limit: page.limit + 1,
        });
        const shown = found.slice(0, page.limit);
        const last = shown.at(-1);
        return {
          logStreams: shown.map((row) => describeStream(place, name, row)),
          ...writeNextToken(list, found.length > page.limit, last?.name, last?.last_event_ms ?? -1),
        };
      },
    }),
  };
}

function checkNames({ logGroupName, logStreamName }: StreamName): void {
  checkInput()
    .text("logGroupName", logGroupName, rules.groupName)
    .text("logStreamName", logStreamName, rules.streamName)
    .done();
}

function checkList(input: DescribeLogStreams) {
  const { logStreamNamePrefix: prefix, orderBy = "LogStreamName", descending = false } = input;
  checkInput()
    .text("logStreamNamePrefix", prefix, rules.streamName)
    .oneOf("orderBy", orderBy, ["LogStreamName", "LastEventTime"])
    .text("nextToken", input.nextToken, rules.token)
    .number("limit", input.limit, { min: 1, max: 50 })
    .done();
  const byTime = orderBy === "LastEventTime";
  if (byTime && prefix !== undefined)
    throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  return { prefix, orderBy: byTime ? ("lastEvent" as const) : ("name" as const), descending };
}

function fromToken([name, lastEventMs]: [string, number]): StreamPosition {
  return { name, lastEventMs };
}

/** Before the first event, the real service leaves out what there is to say of events. */
function describeStream(place: ArnPlace, groupName: string, row: StreamRow): object {
  const { first_event_ms, last_event_ms, last_ingestion_ms } = row;
  const hasEvents = first_event_ms !== null && last_event_ms !== null && last_ingestion_ms !== null;
  return {
    logStreamName: row.name,
    creationTime: row.created_at.getTime(),
    ...(hasEvents
      ? {
          firstEventTimestamp: first_event_ms,
          lastEventTimestamp: last_event_ms,
          lastIngestionTime: last_ingestion_ms,
          uploadSequenceToken: sequenceToken(row.id, last_ingestion_ms),
        }
      : {}),
    arn: streamArn(place, groupName, row.name),
    // The real service has said 0 of every stream since 2019.
    storedBytes: 0,
  };
}
