import assert from "node:assert/strict";
import type { Kysely } from "kysely";
import { AppError, type Clock, createLog, Secret, systemRandom } from "../../base/index.ts";
import type { AwsCall, AwsOperation, Principal } from "../../contract/index.ts";
import { type ChangeCounters, createChangeCounters, type Tables } from "../../db/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import { createIdentity, type FirstRun, type Identity } from "../index.ts";
import { principalOfRoot } from "../principals.ts";
import { createMemoryVault } from "./memory-vault.ts";

export const accountId = "123456789012";
export const region = "eu-west-1";
export const root = principalOfRoot(accountId, { kind: "sigv4", id: "AKIAROOT" });

// biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of all operations.
type Answer = any;

export interface IamFixture {
  readonly vault: ReturnType<typeof createMemoryVault>;
  readonly firstRun: FirstRun;
  readonly identity: Identity;
  /** As another process on the same database. */
  readonly elsewhere: Identity;
  /** Statements that were sent to the database since the start. */
  readonly statements: () => number;
  /** Asks the policies and then calls, as the dispatcher of the endpoint does. */
  call(operation: string, input?: object, as?: Principal): Promise<Answer>;
  /** The ARNs that the audit record of a call is found by. */
  resources(operation: string, input?: object, as?: Principal): Promise<string[]>;
  /** A user with an inline policy of this statement, and these managed ones. */
  addUser(name: string, statement?: object, managed?: readonly string[]): Promise<Principal>;
  setInlinePolicy(name: string, statement: object): Promise<void>;
  principal(name: string): Promise<Principal>;
}

/** A server's identity after its first start, on a database that is emptied for it. */
export async function createIamFixture(deps: { kysely: Kysely<Tables>; clock: Clock }): Promise<IamFixture> {
  const { clock } = deps;
  const vault = createMemoryVault();
  let count = 0;
  const kysely = deps.kysely.withPlugin({
    transformQuery: ({ node }) => {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  for (const table of ["users", "access_keys", "policies"] as const) await kysely.deleteFrom(table).execute();
  const countersHere = createChangeCounters({ kysely, clock });
  const open = (counters: ChangeCounters) =>
    createIdentity({
      db: { kysely },
      counters,
      vault,
      clock,
      random: systemRandom,
      log: createLog({ level: "silent" }),
      accountId,
      region,
    });
  const identity = open(countersHere);
  const firstRun = await identity.bootstrap({ adminPassword: new Secret("a good password") });
  assert.ok(firstRun);

  const principal = async (name: string): Promise<Principal> => {
    const user = (await identity.directory.current()).userByName(name);
    assert.ok(user, `There is no user ${name}.`);
    const { id, arn, policyNames } = user;
    const proof = { kind: "sigv4", id: "AKIATEST" } as const;
    return { kind: "user", id, name: user.name, arn, accountId, policies: policyNames, proof };
  };
  const setInlinePolicy = (name: string, Statement: object) =>
    countersHere.change("identity", async (transaction) => {
      const { id } = await transaction
        .selectFrom("users")
        .select("id")
        .where("name", "=", name)
        .executeTakeFirstOrThrow();
      const document = JSON.stringify({ Version: "2012-10-17", Statement });
      await transaction
        .insertInto("user_inline_policies")
        .values({ user_id: id, name: "own", document })
        .onConflict((conflict) => conflict.columns(["user_id", "name"]).doUpdateSet({ document }))
        .execute();
    });
  const find = (name: string): AwsOperation<object, object> => {
    const operations = { ...identity.apis.iam.operations, ...identity.apis.sts.operations };
    const operation = operations[name] as AwsOperation<object, object> | undefined;
    assert.ok(operation, `There is no operation ${name}.`);
    return operation;
  };
  const call = async (name: string, input: object = {}, as: Principal = root): Promise<Answer> => {
    const operation = find(name);
    const context = callOf(as);
    for (const question of await operation.access(input, context)) await identity.authorize(as, question);
    return operation.handle(input, context);
  };
  return {
    vault,
    firstRun,
    identity,
    elsewhere: open(createChangeCounters({ kysely, clock })),
    statements: () => count,
    call,
    resources: async (name, input = {}, as = root) => {
      const resources = await find(name).resources?.(input, callOf(as));
      return (resources ?? []).map(({ ARN }) => ARN);
    },
    principal,
    addUser: async (name, statement, managed = []) => {
      await identity.users.create({ name, policies: managed }, root);
      if (statement) await setInlinePolicy(name, statement);
      return principal(name);
    },
    setInlinePolicy,
  };
}

function callOf(principal: Principal): AwsCall {
  return {
    principal,
    accountId,
    region,
    requestId: "00000000-0000-4000-8000-000000000000",
    sourceIp: "10.0.0.1",
    userAgent: "test",
    secure: false,
  };
}

/** For `assert.rejects`: IAM's error of this code, and of this text where one is given. */
export function iamError(code: string, message?: string | RegExp) {
  return (error: unknown): boolean => {
    const found =
      error instanceof AppError && error.code === "access_denied" ? "AccessDenied" : codeOf(error);
    assert.equal(found, code, String(error));
    if (typeof message === "string") assert.equal((error as Error).message, message);
    else if (message) assert.match((error as Error).message, message);
    return true;
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof ProtocolError ? error.code : undefined;
}
