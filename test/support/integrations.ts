import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { AppError, systemRandom } from "../../src/base/index.ts";
import { cloudIntegrationInput, searchRequest } from "../../src/contract/index.ts";
import {
  type AwsFailure,
  createIntegrations,
  type Integrations,
  type IntegrationUser,
  type RunEnd,
  type RunOutcome,
} from "../../src/integrations/index.ts";
import { forEachDatabase, type OpenedDatabase } from "./databases.ts";
import { quietLog } from "./quiet-log.ts";
import { createSettableClock, type SettableClock } from "./settable-clock.ts";

/** The resource on a real database, with an AWS and a vault that say what a test wants them to. */

export const roleArn = "arn:aws:iam::123456789012:role/NephoscopeRead";
export const externalId = "AbCdEfGh12345678";
export const credentialId = "99999999-2222-4333-8444-555555555555";
export const caller = { name: "alice" };
const identity = {
  accountId: "123456789012",
  arn: "arn:aws:sts::123456789012:assumed-role/R/s",
  userId: "u",
};
export const denied: AwsFailure = {
  cause: "DENIED_ASSUME",
  rawCode: "AccessDenied",
  message: "The role arn:aws:iam::140412345678:role/R could not be assumed.",
  advice: ["Check the trust policy."],
  disables: true,
};

/** An AWS that accepts the credentials, or refuses them while `refusing` is set. */
interface Fakes {
  refusing: boolean;
  attempts: number;
  usedExternalIds: string[];
  usersOfCredential?: (id: string) => Promise<IntegrationUser[]>;
  usersOfExternalId?: (id: string) => Promise<IntegrationUser[]>;
}

function assemble(
  opened: OpenedDatabase,
  clock: SettableClock,
): { integrations: Integrations; fakes: Fakes } {
  const fakes: Fakes = { refusing: false, attempts: 0, usedExternalIds: [] };
  const open = async () => {
    fakes.attempts++;
    const ask = async () => (fakes.refusing ? Promise.reject(new Error("AccessDenied")) : identity);
    return {
      region: "us-east-1",
      identity: ask,
      client: () => assert.fail(),
      withAccounting: () => assert.fail(),
    } as never;
  };
  const integrations = createIntegrations({
    db: opened.database,
    credentials: {
      open: async (id) =>
        id === credentialId ? open() : Promise.reject(new AppError("credential_not_found")),
      openDefault: open,
      get: async (id) => ({ id, name: "Production keys" }),
      registerUsers: (find) => {
        fakes.usersOfCredential = find;
      },
    },
    externalIds: {
      exists: async (id) => id === externalId,
      markUsed: async (id) => {
        fakes.usedExternalIds.push(id);
      },
      registerUsage: (find) => {
        fakes.usersOfExternalId = find;
      },
    },
    classify: () => denied,
    clock,
    random: systemRandom,
    log: quietLog,
  });
  return { integrations, fakes };
}

export const body = (changes: object = {}) =>
  cloudIntegrationInput.parse({
    name: "Prod",
    service: "CLOUDWATCH",
    cloudWatch: { baseCredentials: { roleArn, externalId } },
    ...changes,
  });

export interface Assembled {
  readonly integrations: Integrations;
  readonly fakes: Fakes;
  readonly clock: SettableClock;
  search(request: object, deleted?: boolean): ReturnType<Integrations["search"]>;
}

/** Runs the tests on each database there is; what `assembled` gives is new and empty for each of them. */
export function withIntegrations(tests: (assembled: () => Assembled) => void): void {
  forEachDatabase((open) => {
    let opened: OpenedDatabase;
    let current: Assembled;
    before(async () => {
      opened = await open();
    });
    after(() => opened.dispose());
    beforeEach(() => {
      const clock = createSettableClock(Date.UTC(2026, 0, 31));
      const { integrations, fakes } = assemble(opened, clock);
      const search: Assembled["search"] = (request, deleted = false) =>
        integrations.search(searchRequest.parse(request), { deleted });
      current = { integrations, fakes, clock, search };
    });
    afterEach(() => opened.database.kysely.deleteFrom("integrations").execute());
    tests(() => current);
  });
}

export const startOf = (integrationId: string) =>
  ({ integrationId, jobId: "j", trigger: "schedule", workerId: "w", leaseMs: 1000 }) as const;

/** A run from its beginning to its end. */
export async function settle(integrations: Integrations, id: string, outcome: RunOutcome): Promise<void> {
  const runId = (await integrations.runs.begin(startOf(id))) as string;
  assert.equal(await integrations.ledger.settle(id, { id: runId, end: ended }, outcome), true);
}

export const ended: RunEnd = {
  state: "succeeded",
  error: null,
  windowFrom: null,
  windowTo: null,
  metricsListed: 0,
  seriesStored: 0,
  pointsStored: 0,
  pointsAdded: 0,
  pointsChanged: 0,
  windowsPaid: 0,
  windowsOwed: 0,
  apiCalls: {},
  costUsd: 0,
};
export const good = (clock: SettableClock) => ({
  workerId: "w",
  succeeded: true,
  interrupted: false,
  received: { latestPointAt: clock.now(), metrics: 7 },
  error: null,
  disable: false,
  nextRunAt: null,
});
export const bad = (clock: SettableClock) => ({
  ...good(clock),
  succeeded: false,
  received: null,
  error: "denied",
  disable: true,
});
