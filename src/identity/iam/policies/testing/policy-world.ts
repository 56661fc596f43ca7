import { IAMClient } from "@aws-sdk/client-iam";
import { type Clock, createLog, systemRandom } from "../../../../base/index.ts";
import type { AccessQuestion, AwsCall, AwsOperation } from "../../../../contract/index.ts";
import { createChangeCounters, type Database } from "../../../../db/index.ts";
import {
  defaultWireLimits,
  loadServiceModel,
  ProtocolError,
  readRequest,
  selectDialect,
  type WireRequest,
  type WireResponse,
} from "../../../../protocols/index.ts";
import { createDirectory, type DirectoryHolder } from "../../../directory/directory.ts";
import { newIamId } from "../../../iam-ids.ts";
import { attachPolicies, insertUser } from "../../../user-queries.ts";
import { createPolicyOperations } from "../operations.ts";

export const accountId = "123456789012";
export const startMs = Date.parse("2026-11-21T09:00:00Z");

/** The policy operations on a database, with the SDK's client before them and no socket between. */
export interface PolicyWorld {
  readonly client: IAMClient;
  readonly directory: DirectoryHolder;
  /** What policies were asked. */
  readonly asked: AccessQuestion[];
  /** How often others were let in. */
  rests(): number;
  addUser(
    name: string,
    options?: { path?: string; policyNames?: string[]; tags?: Record<string, string> },
  ): Promise<void>;
}

const call: AwsCall = {
  principal: {
    kind: "root",
    id: accountId,
    name: "root",
    arn: `arn:aws:iam::${accountId}:root`,
    accountId,
    policies: [],
    proof: { kind: "sigv4", id: "AKIATEST" },
  },
  accountId,
  region: "eu-west-1",
  requestId: "00000000-0000-4000-8000-000000000000",
  sourceIp: "127.0.0.1",
  userAgent: "test",
  secure: false,
};

/** `toHandler` makes what an SDK client takes as its handler of requests. */
export function createPolicyWorld(
  { kysely }: Database,
  toHandler: (answer: (request: WireRequest) => Promise<WireResponse>) => object,
): PolicyWorld {
  const log = createLog({ level: "silent" });
  let monotonic = 0;
  let rests = 0;
  // Each look at the clock is later than what the change counters remember.
  const clock: Clock = {
    now: () => startMs,
    monotonic: () => (monotonic += 1_000),
    sleep: async () => {
      rests += 1;
    },
  };
  const counters = createChangeCounters({ kysely, clock });
  const directory = createDirectory({ kysely, counters, log, accountId });
  const deps = { kysely, counters, directory, clock, random: systemRandom, log, accountId };
  const operations = createPolicyOperations(deps);
  const asked: AccessQuestion[] = [];

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    const model = await loadServiceModel("iam");
    const dialect = selectDialect(model, request);
    try {
      const { operation, input } = readRequest(model, request, defaultWireLimits);
      const { access, handle } = operations[operation.name] as unknown as AwsOperation<unknown, object>;
      asked.push(...(await access(input, call)));
      const output = (await handle(input, call)) as Record<string, unknown>;
      return dialect.writeResult(model, operation, output, call.requestId);
    } catch (error) {
      if (error instanceof ProtocolError) return dialect.writeError(model, error, call.requestId);
      throw error;
    }
  };
  const client = new IAMClient({
    region: call.region,
    endpoint: "http://aws.test",
    maxAttempts: 1,
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: "secret" },
    requestHandler: toHandler(answer) as never,
  });
  return {
    client,
    directory,
    asked,
    rests: () => rests,
    addUser: async (name, { path, policyNames = [], tags } = {}) => {
      await counters.change("identity", async (transaction) => {
        const id = systemRandom.uuid();
        await insertUser(transaction, {
          id,
          iamId: newIamId("AIDA", systemRandom),
          name,
          ...(path !== undefined && { path }),
          ...(tags !== undefined && { tags }),
          passwordHash: null,
          createdAt: new Date(startMs),
        });
        await attachPolicies(
          transaction,
          id,
          policyNames.map((policyName) => ({ policyName, policyId: null, arn: "" })),
        );
      });
    },
  };
}
