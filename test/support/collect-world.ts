import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import { type RunningSimulator, startSimulator } from "../../simulator/index.ts";
import { type Aws, classifyAwsError, createAws } from "../../src/aws/index.ts";
import { systemClock, systemRandom } from "../../src/base/index.ts";
import {
  type Collector,
  type CollectorDeps,
  type CollectorOptions,
  createCollector,
} from "../../src/collect/index.ts";
import { cloudIntegrationInput, credentialInput, type Run } from "../../src/contract/index.ts";
import type { Database } from "../../src/db/index.ts";
import { createIntegrations, type Integrations } from "../../src/integrations/index.ts";
import { openTelemetry, type Telemetry } from "../../src/telemetry/index.ts";
import {
  createCredentials,
  createExternalIds,
  createVault,
  generateMasterKey,
} from "../../src/vault/index.ts";
import type { OpenedDatabase } from "./databases.ts";
import { quietLog } from "./quiet-log.ts";

export const caller = { name: "admin", arn: "arn:aws:iam::000000000000:user/admin" };

/** The product's own parts, from credential to store, with a simulated AWS at the other end. */
interface Parts {
  readonly aws: Aws;
  readonly integrations: Integrations;
  readonly credentials: ReturnType<typeof createCredentials>;
  readonly externalIds: ReturnType<typeof createExternalIds>;
  /** One of ours, for a role to demand. */
  readonly externalId: string;
}

type Books = ReturnType<Integrations["openBooks"]>;

/** The stores are kept for all tests of a suite; AWS and the parts are new for each. */
export interface CollectWorld extends Parts {
  readonly database: Database;
  readonly telemetry: Telemetry;
  readonly simulator: RunningSimulator;
  /** Starts a collector as one more worker; it is stopped after the test. */
  readonly start: (
    options?: Partial<CollectorOptions>,
    more?: Pick<CollectorDeps, "observe" | "pacer">,
  ) => Promise<Collector>;
  /** The id of a credential with the keys of a simulated AWS. */
  readonly addCredential: (simulator: RunningSimulator) => Promise<string>;
  /** The id of an integration that assumes the role of a simulated AWS. */
  readonly connect: (simulator: RunningSimulator, settings?: object) => Promise<string>;
  readonly booksOf: (integrationId: string) => Books;
  readonly positionOf: (integrationId: string, scope: string) => ReturnType<Books["position"]>;
  readonly runsOf: (integrationId: string) => Promise<readonly Run[]>;
  /** The latest run, once so many have ended. */
  readonly ended: (integrationId: string, count?: number, patienceMs?: number) => Promise<Run>;
}

/** Registers the hooks that open and close the world; what it holds is there from the first test on. */
export function useCollectWorld(open: () => Promise<OpenedDatabase>): CollectWorld {
  const masterKey = generateMasterKey(systemRandom);
  let opened: OpenedDatabase;
  let telemetry: Telemetry;
  let folder: string;
  let simulator: RunningSimulator;
  let parts: Parts;
  let collectors: Collector[];

  before(async () => {
    opened = await open();
    folder = await mkdtemp(join(tmpdir(), "nepho-collect-"));
    telemetry = await openTelemetry({ directory: folder, log: quietLog, clock: systemClock });
  });
  after(async () => {
    await telemetry.close();
    await opened.dispose();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    simulator = await startSimulator({});
    parts = await createParts(opened.database, masterKey);
    collectors = [];
  });
  afterEach(async () => {
    await Promise.all(collectors.map((collector) => collector.stop()));
    await opened.database.kysely.deleteFrom("integrations").execute();
    parts.aws.close();
    await simulator.close();
  });

  const addCredential: CollectWorld["addCredential"] = async ({ url, seeded }) => {
    const fields = {
      name: `key ${systemRandom.uuid()}`,
      method: "keys",
      region: "us-east-1",
      accessKeyId: seeded.accessKeyId,
      secretAccessKey: seeded.secretAccessKey,
      endpoints: { default: url, sts: url },
    };
    return (await parts.credentials.create(credentialInput.parse(fields), caller)).id;
  };
  const booksOf = (integrationId: string) => parts.integrations.openBooks(integrationId, "");
  const runsOf = async (integrationId: string) =>
    (await parts.integrations.runs.list({ integrationId, offset: 0, limit: 100 })).items;

  return {
    get database() {
      return opened.database;
    },
    get telemetry() {
      return telemetry;
    },
    get simulator() {
      return simulator;
    },
    get aws() {
      return parts.aws;
    },
    get integrations() {
      return parts.integrations;
    },
    get credentials() {
      return parts.credentials;
    },
    get externalIds() {
      return parts.externalIds;
    },
    get externalId() {
      return parts.externalId;
    },
    start: async (options, more) => {
      const collector = createCollector({
        db: opened.database,
        clock: systemClock,
        random: systemRandom,
        log: quietLog,
        ...more,
        integrations: parts.integrations,
        credentials: parts.credentials,
        metrics: telemetry.metrics,
        classify: classifyAwsError,
        workerId: `worker-${collectors.length + 1}`,
        options: { tickMs: 50, ...options },
      });
      collectors.push(collector);
      await collector.start();
      return collector;
    },
    addCredential,
    connect: async (other, settings = {}) => {
      const { externalId, integrations } = parts;
      const { roleArn } = other.seeded;
      other.simulator.accounts.setExternalIds(roleArn, [externalId]);
      const input = cloudIntegrationInput.parse({
        name: "Production",
        service: "CLOUDWATCH",
        credentialId: await addCredential(other),
        cloudWatch: {
          baseCredentials: { roleArn, externalId },
          namespaces: ["AWS/EC2", "AWS/SQS"],
          regions: ["us-east-1"],
        },
        ...settings,
      });
      return (await integrations.create(input, caller)).id;
    },
    booksOf,
    positionOf: (integrationId, scope) => booksOf(integrationId).position(scope),
    runsOf,
    ended: (integrationId, count = 1, patienceMs = 10_000) =>
      eventually(patienceMs, async () => {
        const runs = (await runsOf(integrationId)).filter(({ state }) => state !== "running");
        return runs.length >= count ? (runs[0] as Run) : undefined;
      }),
  };
}

async function createParts(db: Database, masterKey: ReturnType<typeof generateMasterKey>): Promise<Parts> {
  const base = { db, clock: systemClock, random: systemRandom, log: quietLog };
  const vault = await createVault({ ...base, masterKeys: [masterKey] });
  const aws = createAws({ ...base, allowPrivateEndpoints: true, environment: {} });
  const externalIds = createExternalIds(base);
  const policy = { allowedMethods: ["keys" as const], assumeRoleEnabled: true };
  const credentials = createCredentials({ ...base, vault, aws, externalIds, policy });
  const integrations = createIntegrations({ ...base, credentials, externalIds, classify: classifyAwsError });
  const { id: externalId } = await externalIds.create(caller);
  return { aws, integrations, credentials, externalIds, externalId };
}

/** What `probe` gives once it gives something. */
export async function eventually<T>(patienceMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    assert.ok(performance.now() < deadline, `waited ${patienceMs} ms in vain`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
