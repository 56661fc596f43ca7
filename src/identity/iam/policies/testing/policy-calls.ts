import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DetachUserPolicyCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import type { Database } from "../../../../db/index.ts";
import { decide } from "../../../policy/decide.ts";
import { accountId, createPolicyWorld, type PolicyWorld } from "./policy-world.ts";

/** A new world for each test, with the user alice in it, and the calls that most tests make. */
export interface PolicyCalls {
  readonly world: PolicyWorld;
  readonly client: IAMClient;
  readonly create: (name: string, more?: object) => ReturnType<typeof sendCreate>;
  readonly attach: (policyArn: string, userName?: string) => Promise<unknown>;
  readonly detach: (policyArn: string, userName?: string) => Promise<unknown>;
  readonly newVersion: (
    policyArn: string,
    setAsDefault?: boolean,
    action?: string,
  ) => ReturnType<typeof sendNewVersion>;
  /** As the policies decide that are known now. */
  readonly mayAlice: (action: string) => Promise<boolean>;
}

/** Registers the hooks that open the database, and that empty it before each test. */
export function usePolicyCalls(
  open: () => Promise<{ readonly database: Database; dispose(): Promise<void> }>,
  toHandler: Parameters<typeof createPolicyWorld>[1],
): PolicyCalls {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: PolicyWorld;

  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    const { kysely } = opened.database;
    for (const table of ["users", "policies"] as const) await kysely.deleteFrom(table).execute();
    world = createPolicyWorld(opened.database, toHandler);
    await world.addUser("alice");
  });

  return {
    get world() {
      return world;
    },
    get client() {
      return world.client;
    },
    create: (name, more) => sendCreate(world.client, name, more),
    attach: (PolicyArn, UserName = "alice") =>
      world.client.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
    detach: (PolicyArn, UserName = "alice") =>
      world.client.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
    newVersion: (...more) => sendNewVersion(world.client, ...more),
    mayAlice: async (action) => {
      const user = (await world.directory.current()).userByName("alice");
      assert.ok(user);
      return decide(user.policies, { action, resource: "*", context: new Map() }).outcome === "allow";
    },
  };
}

export const document = (action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: action, Resource: "*" } });
export const arnOf = (name: string, path = "/") => `arn:aws:iam::${accountId}:policy${path}${name}`;
export const awsArn = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** The error as the SDK shows it: its name, its status and its text. */
export async function refused(sent: Promise<unknown>): Promise<string> {
  try {
    await sent;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata: { httpStatusCode: number } };
    return `${name} ${$metadata.httpStatusCode}: ${message}`;
  }
  return assert.fail("accepted");
}

const sendCreate = (client: IAMClient, name: string, more: object = {}) =>
  client.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document("logs:Get*"), ...more }));

const sendNewVersion = (client: IAMClient, PolicyArn: string, SetAsDefault = false, action = "logs:*") =>
  client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document(action), SetAsDefault }));
