import type { GetMetricDataCommandInput, GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import { type Clock, createLog } from "../../../../base/index.ts";
import type { AwsFailure, AwsSession } from "../../../connection.ts";
import type {
  CollectContext,
  CollectedSeries,
  NewOwed,
  Position,
  Progress,
  Units,
} from "../../integration-type.ts";
import { newProgress } from "../../progress.ts";
import type { CloudWatchConfig } from "../config.ts";
import { collectCloudWatch } from "../run.ts";
import { createMemoryBooks, createMemoryListings, type MemoryBooks } from "./memory-books.ts";

export const minute = 60_000;
export const hour = 60 * minute;
export const start = Date.UTC(2026, 0, 31, 12);

/** An AWS of one region with some instances; tests replace what it answers. */
interface FakeAws {
  instances: number;
  listMetrics(): Promise<object>;
  getMetricData(input: GetMetricDataCommandInput): Promise<Partial<GetMetricDataCommandOutput>>;
  getResources(): Promise<object>;
  getMetricStatistics(): Promise<object>;
  asked: GetMetricDataCommandInput[];
}

/** A collector that runs against such an AWS, with books in memory. */
export interface RunWorld<OwnClock extends Clock> {
  readonly aws: FakeAws;
  readonly books: MemoryBooks;
  readonly clock: OwnClock;
  readonly written: CollectedSeries[];
  collect(
    config?: Partial<CloudWatchConfig>,
    changes?: Partial<CollectContext>,
  ): ReturnType<typeof collectCloudWatch>;
  /** Of the last run. */
  progress(): Progress;
  positionOf(scope: string): Position | undefined;
  owedNow(): NewOwed[];
}

export function createRunWorld<OwnClock extends Clock>(clock: OwnClock): RunWorld<OwnClock> {
  const books = createMemoryBooks();
  const listings = createMemoryListings();
  const written: CollectedSeries[] = [];
  const log = createLog({ level: "silent" });
  const aws: FakeAws = {
    instances: 3,
    listMetrics: async () => ({ Metrics: Array.from({ length: aws.instances }, (_, i) => metricOf(i)) }),
    getMetricData: async (input) => answerTo(input),
    getResources: async () => ({ ResourceTagMappingList: [] }),
    getMetricStatistics: async () => ({ Datapoints: [{ Unit: "Percent" }] }),
    asked: [],
  };
  let progress = newProgress();
  return {
    aws,
    books,
    clock,
    written,
    collect: (config = {}, changes = {}) => {
      progress = newProgress();
      const nothing = { namespaces: [], metricFilterRegex: "", pointTagFilterRegex: "" };
      const settings = { ...nothing, instanceSelectionTags: {}, volumeSelectionTags: {}, ...config };
      return collectCloudWatch({
        integration: {
          id: "an-id",
          service: "CLOUDWATCH",
          config: { ...settings },
          additionalTags: {},
          refreshMinutes: 5,
          updatedAt: 0,
        },
        session: createSession(aws),
        clock,
        log,
        signal: new AbortController().signal,
        classify,
        books,
        listings,
        spending: { refusal: () => undefined, add: () => {} },
        write: async (series) => {
          written.push(...series);
          const points = series.reduce((sum, one) => sum + one.points.length, 0);
          return { points, added: points, changed: 0 };
        },
        progress,
        units: noUnits,
        ...changes,
      });
    },
    progress: () => progress,
    positionOf: (scope) => books.positions.get(scope),
    owedNow: () => [...books.windows.values()].map(({ id: _id, scope: _scope, ...owed }) => owed),
  };
}

export const metricOf = (i: number) => ({
  Namespace: "AWS/EC2",
  MetricName: "CPUUtilization",
  Dimensions: [{ Name: "InstanceId", Value: `i-${i}` }],
});

/** One point a query, at the start of the range. */
export const answerTo = (
  { MetricDataQueries = [], StartTime }: GetMetricDataCommandInput,
  StatusCode = "Complete",
) =>
  ({
    MetricDataResults: MetricDataQueries.map(({ Id }) => ({
      Id,
      Timestamps: [StartTime],
      Values: [1],
      StatusCode,
    })),
  }) as Partial<GetMetricDataCommandOutput>;

/** For tests that are not about units. */
export const noUnits: Units = { get: () => undefined, claim: () => false, learn: () => {}, pause: () => {} };

function createSession(aws: FakeAws): AwsSession {
  const send = async (command: { input: never; constructor: { name: string } }) => {
    if (command.constructor.name === "ListMetricsCommand") return aws.listMetrics();
    if (command.constructor.name === "GetResourcesCommand") return aws.getResources();
    if (command.constructor.name === "ListAccountAliasesCommand") throw new Error("AccessDenied");
    if (command.constructor.name === "GetMetricStatisticsCommand") return aws.getMetricStatistics();
    aws.asked.push(command.input);
    return aws.getMetricData(command.input);
  };
  const session: AwsSession = {
    region: "us-east-1",
    identity: async () => ({
      accountId: "123456789012",
      arn: "arn:aws:iam::123456789012:user/u",
      userId: "u",
    }),
    client: () => ({ send }) as never,
    withAccounting: () => session,
  };
  return session;
}

const classify = (error: unknown): AwsFailure => {
  const rawCode = (error as Error).message;
  const cause = rawCode === "Throttling" ? "THROTTLED" : "UNKNOWN";
  return { cause, rawCode, message: rawCode, advice: [], disables: rawCode === "InvalidClientTokenId" };
};
