import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Clock, systemClock, systemRandom } from "../../src/base/index.ts";
import type { AwsCall, TrailEventInput } from "../../src/contract/index.ts";
import { type Database, openDatabase } from "../../src/db/index.ts";
import { openTelemetry, type Telemetry } from "../../src/telemetry/index.ts";
import {
  type Buckets,
  createLocalBuckets,
  createTrail,
  type Trail,
  type TrailDeps,
} from "../../src/trail/index.ts";
import { quietLog } from "./quiet-log.ts";
import { createSettableClock, type SettableClock } from "./settable-clock.ts";

export const origin = { accountId: "000000000000", region: "us-east-1" };

export interface LogFile {
  /** From the bucket's folder on. */
  readonly key: string;
  readonly records: readonly Record<string, unknown>[];
}

export interface Stores {
  readonly database: Database;
  readonly telemetry: Telemetry;
  close(): Promise<void>;
}

export async function openStores(directory: string, clock: Clock): Promise<Stores> {
  const database = await openDatabase({ directory, log: quietLog, clock: systemClock });
  const telemetry = await openTelemetry({ directory, log: quietLog, clock });
  return {
    database,
    telemetry,
    close: async () => {
      await telemetry.close();
      await database.close();
    },
  };
}

export interface Harness {
  readonly directory: string;
  readonly clock: SettableClock;
  readonly stores: Stores;
  /** One process; several may be made on the same stores. */
  open(more?: Partial<TrailDeps>): Trail;
  readonly buckets: Buckets;
  /** The log files of a bucket, by key. */
  filesOf(bucket: string): Promise<LogFile[]>;
  dispose(): Promise<void>;
}

/** Real stores in a temporary folder, and a clock that stands still. */
export async function openHarness(startMs: number): Promise<Harness> {
  const directory = await mkdtemp(join(tmpdir(), "nepho-trail-"));
  const clock = createSettableClock(startMs);
  const stores = await openStores(directory, clock);
  const buckets = createLocalBuckets(directory);
  const opened: Trail[] = [];
  return {
    directory,
    clock,
    stores,
    buckets,
    open: (more = {}) => {
      const trail = createTrail({
        ...trailDeps(stores, clock, buckets),
        ...more,
      });
      opened.push(trail);
      return trail;
    },
    filesOf: (bucket) => readLogFiles(join(directory, "buckets", bucket)),
    dispose: async () => {
      for (const trail of opened) await trail.close();
      await stores.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function trailDeps(stores: Stores, clock: Clock, buckets: Buckets): TrailDeps {
  return {
    ...origin,
    db: stores.database,
    events: stores.telemetry.trailEvents,
    buckets,
    clock,
    random: systemRandom,
    log: quietLog,
    retentionDays: 90,
  };
}

/** The log files below a folder, by key. */
export async function readLogFiles(folder: string): Promise<LogFile[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({
      key: path.slice(folder.length + 1),
      records: (
        JSON.parse(gunzipSync(await readFile(path)).toString("utf8")) as { Records: LogFile["records"] }
      ).Records,
    })),
  );
}

const alice = {
  kind: "user",
  id: "AIDAALICE",
  name: "alice",
  arn: "arn:aws:iam::000000000000:user/alice",
  accountId: origin.accountId,
  policies: [],
  proof: { kind: "sigv4", id: "AKIDALICE" },
} as const;

const call: AwsCall = {
  ...origin,
  principal: alice,
  requestId: "request-1",
  sourceIp: "192.0.2.7",
  userAgent: "test",
  secure: false,
};

/** Calls an operation as the dispatcher does once the caller is allowed to. */
export async function callApi<Output = Record<string, unknown>>(
  trail: Trail,
  name: string,
  input: object,
): Promise<Output> {
  const operation = trail.api.operations[name];
  if (!operation) throw new Error(`No such operation: ${name}`);
  return (await operation.handle(input as never, call)) as Output;
}

/** What a policy has to allow for the call. */
export async function questionsOf(trail: Trail, name: string, input: object) {
  const questions = await trail.api.operations[name]?.access(input as never, call);
  return (questions ?? []).map(({ action, resource }) => `${action} ${resource}`);
}

export function managementEvent(clock: SettableClock, more: Partial<TrailEventInput> = {}): TrailEventInput {
  return {
    eventTimeMs: clock.now(),
    eventSource: "iam.amazonaws.com",
    eventName: "CreateUser",
    userIdentity: {
      type: "IAMUser",
      principalId: "AIDAALICE",
      arn: "arn:aws:iam::000000000000:user/alice",
      accountId: origin.accountId,
      userName: "alice",
      accessKeyId: "AKIDALICE",
    },
    sourceIPAddress: "192.0.2.7",
    userAgent: "test",
    requestId: "request-1",
    readOnly: false,
    eventCategory: "Management",
    requestParameters: { userName: "bob" },
    resources: [{ type: "AWS::IAM::User", ARN: "arn:aws:iam::000000000000:user/bob" }],
    ...more,
  };
}

export function keyUse(clock: SettableClock, more: Partial<TrailEventInput> = {}): TrailEventInput {
  return managementEvent(clock, {
    eventSource: "logs.amazonaws.com",
    eventName: "CallWithBearerToken",
    eventCategory: "Data",
    requestParameters: { logGroupName: "/app/orders" },
    resources: [
      {
        type: "AWS::Logs::LogGroupAuthorization",
        ARN: "arn:aws:logs:us-east-1:000000000000:log-group:/app/orders",
      },
    ],
    ...more,
  });
}
