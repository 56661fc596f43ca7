import { beforeEach } from "node:test";
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  type DescribeLogGroupsCommandInput,
  type DescribeLogGroupsCommandOutput,
  DescribeLogStreamsCommand,
  type DescribeLogStreamsCommandInput,
  type DescribeLogStreamsCommandOutput,
  ListLogGroupsCommand,
  type ListLogGroupsCommandInput,
  type ListLogGroupsCommandOutput,
  PutLogEventsCommand,
  type PutLogEventsCommandInput,
  type PutLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import type { AccessQuestion } from "../../contract/index.ts";
import type { Logs } from "../index.ts";

/** What only test support has, handed in. */
interface LogCallsDeps {
  readonly world: { openLogs(): Logs };
  readonly clock: { advance(ms: number): void };
  readonly createClient: (api: Logs["api"], asked: AccessQuestion[]) => CloudWatchLogsClient;
}

/** Logs opened anew for each test, a name for the test's own group, and the calls that most tests make. */
export interface LogCalls {
  readonly logs: Logs;
  readonly aws: CloudWatchLogsClient;
  /** What policies were asked during this test. */
  readonly asked: AccessQuestion[];
  /** Of this test alone; the group does not exist yet. */
  readonly group: string;
  /** How the group's name ends. */
  readonly number: number;
  readonly createGroup: (name?: string, more?: object) => Promise<unknown>;
  readonly createStream: (name: string) => Promise<unknown>;
  readonly describe: (input?: DescribeLogGroupsCommandInput) => Promise<Bare<DescribeLogGroupsCommandOutput>>;
  readonly describeStreams: (
    input?: Partial<DescribeLogStreamsCommandInput>,
  ) => Promise<Bare<DescribeLogStreamsCommandOutput>>;
  readonly list: (input: ListLogGroupsCommandInput) => Promise<Bare<ListLogGroupsCommandOutput>>;
  /** To the stream "s", unless told otherwise. */
  readonly put: (
    logEvents: PutLogEventsCommandInput["logEvents"],
    more?: object,
  ) => Promise<PutLogEventsCommandOutput>;
}

type Bare<Output> = Omit<Output, "$metadata">;

/** Registers the hook that prepares each test. */
export function useLogCalls({ world, clock, createClient }: LogCallsDeps): LogCalls {
  let logs: Logs;
  let aws: CloudWatchLogsClient;
  let asked: AccessQuestion[];
  let number = 0;
  let group: string;

  beforeEach(() => {
    clock.advance(1_000);
    asked = [];
    number += 1;
    group = `/test/${number}`;
    logs = world.openLogs();
    aws = createClient(logs.api, asked);
  });

  return {
    get logs() {
      return logs;
    },
    get aws() {
      return aws;
    },
    get asked() {
      return asked;
    },
    get group() {
      return group;
    },
    get number() {
      return number;
    },
    createGroup: (logGroupName = group, more = {}) =>
      aws.send(new CreateLogGroupCommand({ logGroupName, ...more })),
    createStream: (logStreamName) =>
      aws.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName })),
    describe: (input = { logGroupNamePrefix: group }) => bare(aws.send(new DescribeLogGroupsCommand(input))),
    describeStreams: (input = {}) =>
      bare(aws.send(new DescribeLogStreamsCommand({ logGroupName: group, ...input }))),
    list: (input) => bare(aws.send(new ListLogGroupsCommand(input))),
    put: (logEvents, more = {}) =>
      aws.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: "s", logEvents, ...more })),
  };
}

export const arnOf = (name: string) => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}`;

/** Without what the SDK adds to each answer. */
async function bare<Output extends { readonly $metadata: unknown }>(
  sent: Promise<Output>,
): Promise<Bare<Output>> {
  const { $metadata, ...output } = await sent;
  return output;
}
