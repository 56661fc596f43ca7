import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { AppError, systemRandom } from "../base/index.ts";
import {
  type CloudIntegration,
  cloudIntegration,
  cloudIntegrationInput,
  searchRequest,
} from "../contract/index.ts";
import type { AwsFailure } from "./connection.ts";
import type { IntegrationUser } from "./dependencies.ts";
import { createIntegrations, type Integrations } from "./integrations.ts";
import type { RunOutcome } from "./ledger.ts";
import type { RunEnd } from "./runs.ts";

const roleArn = "arn:aws:iam::123456789012:role/NephoscopeRead";
const externalId = "AbCdEfGh12345678";
const credentialId = "99999999-2222-4333-8444-555555555555";
const caller = { name: "alice" };
const identity = {
  accountId: "123456789012",
  arn: "arn:aws:sts::123456789012:assumed-role/R/s",
  userId: "u",
};
const denied: AwsFailure = {
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

const body = (changes: object = {}) =>
  cloudIntegrationInput.parse({
    name: "Prod",
    service: "CLOUDWATCH",
    cloudWatch: { baseCredentials: { roleArn, externalId } },
    ...changes,
  });

interface Fixture {
  readonly before: unknown;
  readonly body: unknown;
  readonly answer: object;
  readonly code?: string;
  readonly field?: string;
}

function fixtures(folder: string): [name: string, Fixture][] {
  const url = new URL(`./fixtures/${folder}/`, import.meta.url);
  return readdirSync(url).map((file) => [
    file.replace(".json", ""),
    JSON.parse(readFileSync(new URL(file, url), "utf8")),
  ]);
}

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let integrations: Integrations;
  let fakes: Fakes;
  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(() => {
    clock = createSettableClock(Date.UTC(2026, 0, 31));
    ({ integrations, fakes } = assemble(opened, clock));
  });
  afterEach(() => opened.database.kysely.deleteFrom("integrations").execute());

  const search = (request: object, deleted = false) =>
    integrations.search(searchRequest.parse(request), { deleted });

  describe("bodies as clients send them", () => {
    for (const [name, fixture] of fixtures("create")) {
      test(`create: ${name}`, async () => {
        const created = await integrations.create(cloudIntegrationInput.parse(fixture.body), caller);
        assert.deepEqual(cloudIntegration.parse(created), created, "the answer meets the contract");
        assertHas(created, fixture.answer);
        assert.deepEqual(await integrations.get(created.id), created);
        assert.deepEqual(
          (await search({ query: [{ key: "id", value: created.id, matchingMethod: "EXACT" }] })).items,
          [created],
        );
        assert.match(created.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assertNoNulls(created);
      });
    }
    for (const [name, { body: sent, code, field }] of fixtures("refused")) {
      test(`refused: ${name}`, async () => {
        await assert.rejects(
          integrations.create(cloudIntegrationInput.parse(sent), caller),
          (error: unknown) => {
            assert.ok(error instanceof AppError);
            assert.equal(error.code, code);
            assert.deepEqual(
              error.fields.map(({ path }) => path),
              [field],
            );
            assert.ok(!error.message.includes("404"));
            return true;
          },
        );
        assert.equal((await search({})).totalItems, 0, "nothing is stored");
      });
    }
    for (const [name, fixture] of fixtures("update")) {
      test(`update: ${name}`, async () => {
        const { id } = await integrations.create(cloudIntegrationInput.parse(fixture.before), caller);
        const change = integrations.update(id, cloudIntegrationInput.parse(fixture.body), { name: "bob" });
        if (fixture.code) {
          await assert.rejects(change, { code: fixture.code });
          return;
        }
        const updated = await change;
        assertHas(updated, fixture.answer);
        assert.equal(updated.id, id);
        assert.equal(updated.updaterId, "bob");
        assert.equal(updated.creatorId, "alice");
        assert.deepEqual(await integrations.get(id), updated);
      });
    }
  });

  describe("saving", () => {
    test("refused credentials store nothing; the message names cause and advice and no account number that looks like 404", async () => {
      fakes.refusing = true;
      await assert.rejects(integrations.create(body(), caller), (error: unknown) => {
        assert.ok(error instanceof AppError);
        assert.equal(error.code, "credentials_rejected");
        assert.match(error.message, /DENIED_ASSUME/);
        assert.match(error.message, /Check the trust policy/);
        assert.ok(!error.message.includes("404"));
        return true;
      });
      assert.equal((await search({})).totalItems, 0);
    });

    test("with forceSave they are stored with the error, still enabled, and forceSave is answered false", async () => {
      fakes.refusing = true;
      const created = await integrations.create(body({ forceSave: true }), caller);
      assert.equal(created.forceSave, false);
      assert.equal(created.disabled, false);
      assert.equal(created.lastError, denied.message);
      assert.equal(created.lastErrorMs, clock.now());
    });

    test("the external ID counts as used once an integration has it", async () => {
      await integrations.create(body(), caller);
      assert.deepEqual(fakes.usedExternalIds, [externalId]);
    });

    test("an integration can take over the external ID of another", async () => {
      const first = await integrations.create(body(), caller);
      const second = await integrations.create(
        body({ reuseExternalIdCredential: first.id, cloudWatch: { baseCredentials: { roleArn } } }),
        caller,
      );
      assert.equal(second.cloudWatch?.baseCredentials.externalId, externalId);
    });

    test("users of credentials and external IDs are known, in the trash too", async () => {
      const created = await integrations.create(body({ credentialId }), caller);
      await integrations.remove(created.id, { skipTrash: false }, caller);
      const user = [{ kind: "integration", id: created.id, name: "Prod" }];
      assert.deepEqual(await fakes.usersOfCredential?.(credentialId), user);
      assert.deepEqual(await fakes.usersOfExternalId?.(externalId), user);
      await integrations.remove(created.id, { skipTrash: false }, caller);
      assert.deepEqual(await fakes.usersOfExternalId?.(externalId), []);
    });

    test("a rename does not ask AWS, a new role does", async () => {
      const { id } = await integrations.create(body(), caller);
      const attempts = fakes.attempts;
      await integrations.update(id, body({ name: "Other" }), caller);
      assert.equal(fakes.attempts, attempts);
      fakes.refusing = true;
      const other = { baseCredentials: { roleArn: `${roleArn}2` } };
      await assert.rejects(integrations.update(id, body({ cloudWatch: other }), caller), {
        code: "credentials_rejected",
      });
      assert.equal((await integrations.get(id)).cloudWatch?.baseCredentials.roleArn, roleArn);
    });
  });

  describe("two edits of one integration", () => {
    test("the second is told when it asks for it and comes from an older reading", async () => {
      const read = await integrations.create(body(), caller);
      const asking = { ...read, ifUpdatedEpochMillis: read.updatedEpochMillis };
      await integrations.update(read.id, body({ ...asking, name: "first" }), caller);
      await assert.rejects(integrations.update(read.id, body({ ...asking, name: "second" }), caller), {
        code: "version_conflict",
      });
      assert.equal((await integrations.get(read.id)).name, "first");
    });

    // Ruby's importer makes a second integration when an update fails, and its files may be old.
    test("what was read long ago can be sent back by whoever does not ask", async () => {
      const read = await integrations.create(body(), caller);
      await integrations.update(read.id, body({ ...read, name: "first" }), caller);
      assert.equal(
        (await integrations.update(read.id, body({ ...read, name: "second" }), caller)).name,
        "second",
      );
    });

    test("two at the very same time: one wins, the other is told", async () => {
      const { id } = await integrations.create(body(), caller);
      const ends = await Promise.allSettled(
        ["a", "b"].map((name) => integrations.update(id, body({ name }), caller)),
      );
      const told = ends.filter((end) => end.status === "rejected").map((end) => end.reason.code);
      // They may also have come one after the other, which is no conflict for clients that send no time.
      assert.ok(told.length === 0 || (told.length === 1 && told[0] === "version_conflict"));
    });

    test("what a run records meanwhile is neither a conflict nor undone", async () => {
      const read = await integrations.create(body(), caller);
      await settle(integrations, read.id, good(clock));
      const updated = await integrations.update(read.id, body({ ...read, name: "after" }), caller);
      assert.equal(updated.name, "after");
      assert.equal((await integrations.get(read.id)).lastMetricCount, 7);
    });
  });

  describe("life cycle", () => {
    let created: CloudIntegration;
    beforeEach(async () => {
      created = await integrations.create(body(), caller);
    });

    test("enable and disable can be repeated and change nothing the second time", async () => {
      clock.advance(1000);
      const disabled = await integrations.disable(created.id, { name: "bob" });
      assert.equal(disabled.disabled, true);
      assert.equal(disabled.updaterId, "bob");
      assert.ok(disabled.updatedEpochMillis > created.updatedEpochMillis);
      clock.advance(1000);
      assert.deepEqual(await integrations.disable(created.id, { name: "carol" }), disabled);
      assert.equal((await integrations.enable(created.id, caller)).disabled, false);
      assert.equal((await integrations.enable(created.id, caller)).disabled, false);
    });

    test("a deleted integration is in the trash only, comes back as it was, and a second deletion is for good", async () => {
      await integrations.disable(created.id, caller);
      const removed = await integrations.remove(created.id, { skipTrash: false }, caller);
      assert.ok(removed.inTrash && removed.deleted);
      await assert.rejects(integrations.get(created.id), { code: "integration_not_found" });
      assert.equal((await integrations.list({ offset: 0, limit: 100 })).totalItems, 0);
      assert.equal((await search({})).totalItems, 0);
      assert.deepEqual((await search({}, true)).items, [removed]);
      for (const change of [integrations.enable, integrations.disable]) {
        await assert.rejects(change(created.id, caller), { code: "integration_not_found" });
      }
      await assert.rejects(integrations.update(created.id, body(), caller), {
        code: "integration_not_found",
      });
      const restored = await integrations.undelete(created.id, caller);
      assert.ok(restored.disabled && !restored.inTrash && restored.id === created.id);
      await integrations.remove(created.id, { skipTrash: false }, caller);
      await integrations.remove(created.id, { skipTrash: false }, caller);
      assert.equal((await search({}, true)).totalItems, 0);
      await assert.rejects(integrations.remove(created.id, { skipTrash: false }, caller), {
        code: "integration_not_found",
      });
    });

    test("skipTrash removes for good at once", async () => {
      await integrations.remove(created.id, { skipTrash: true }, caller);
      assert.equal((await search({}, true)).totalItems, 0);
      await assert.rejects(integrations.undelete(created.id, caller), { code: "integration_not_found" });
    });

    test("what is not in the trash cannot be taken out of it", async () => {
      await assert.rejects(integrations.undelete(created.id, caller), { code: "validation_failed" });
    });

    for (const id of [
      "404",
      "nobody",
      "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
      "'; drop table integrations; --",
    ]) {
      test(`${id} is not found, whatever is asked`, async () => {
        for (const ask of [
          () => integrations.get(id),
          () => integrations.enable(id, caller),
          () => integrations.remove(id, { skipTrash: true }, caller),
          () => integrations.undelete(id, caller),
          () => integrations.update(id, body(), caller),
          () => integrations.summaries.get(id),
        ]) {
          await assert.rejects(ask, { code: "integration_not_found" });
        }
        assert.deepEqual(
          (await search({ query: [{ key: "id", value: id, matchingMethod: "EXACT" }] })).items,
          [],
        );
      });
    }
  });

  describe("finding", () => {
    beforeEach(async () => {
      for (const name of ["b", "c", "a"]) await integrations.create(body({ name }), caller);
    });

    test("lists keep the order of creation over pages that do not overlap", async () => {
      const all = (await integrations.list({ offset: 0, limit: 100 })).items.map(({ id }) => id);
      const pages = await Promise.all([0, 1, 2].map((offset) => integrations.list({ offset, limit: 1 })));
      assert.deepEqual(
        pages.flatMap(({ items }) => items.map(({ id }) => id)),
        all,
      );
      assert.deepEqual(
        pages.map(({ moreItems, totalItems }) => [moreItems, totalItems]),
        [
          [true, 3],
          [true, 3],
          [false, 3],
        ],
      );
    });

    test("search pages, sorts and takes numbers as text", async () => {
      const page = await search({
        query: null,
        limit: "2",
        offset: "1",
        sort: { field: "name", ascending: false },
      });
      assert.deepEqual(
        page.items.map(({ name }) => name),
        ["b", "a"],
      );
      assert.deepEqual([page.offset, page.limit, page.totalItems, page.moreItems], [1, 2, 3, false]);
      assert.deepEqual(page.sort, { field: "name", ascending: false, default: false });
    });

    test("facets give the values of properties", async () => {
      const names = await integrations.facet("name", {}, { deleted: false });
      assert.deepEqual(names.items, ["a", "b", "c"]);
      const both = await integrations.facets({ facets: ["service", "disabled"] }, { deleted: false });
      assert.deepEqual(both.facets, { service: ["CLOUDWATCH"], disabled: ["false"] });
    });

    test("summaries tell state, reason and who pulls", async () => {
      const { items } = await integrations.summaries.list({ offset: 0, limit: 10, sort: "name" });
      assert.deepEqual(
        items.map(({ name, state, roleArn: role }) => [name, state, role]),
        ["a", "b", "c"].map((name) => [name, "waiting", roleArn]),
      );
      const [first] = items;
      assert.ok(first);
      await settle(integrations, first.id, good(clock));
      assert.equal((await integrations.summaries.get(first.id)).state, "ok");
      await settle(integrations, first.id, { ...bad(clock), disable: false });
      assert.equal((await integrations.summaries.get(first.id)).state, "failing");
      await settle(integrations, first.id, bad(clock));
      const broken = await integrations.summaries.get(first.id);
      assert.deepEqual(
        [broken.state, broken.stateReason, broken.nextRunAt],
        ["disabled-by-error", "denied", null],
      );
      assert.equal(
        (await integrations.summaries.list({ offset: 0, limit: 10, state: "disabled-by-error" })).totalItems,
        1,
      );
      assert.equal((await integrations.summaries.list({ offset: 0, limit: 10, text: "B" })).totalItems, 1);
    });
  });

  describe("what runs leave behind", () => {
    let id: string;
    beforeEach(async () => {
      id = (await integrations.create(body(), caller)).id;
    });

    test("refused credentials disable with an event that goes on until the next good run", async () => {
      await settle(integrations, id, bad(clock));
      const broken = await integrations.get(id);
      assert.ok(broken.disabled);
      assert.equal(broken.lastError, "denied");
      assert.equal(broken.lastErrorEvent?.runningState, "ONGOING");
      assert.equal((await integrations.enable(id, caller)).lastErrorEvent?.runningState, "ONGOING");
      clock.advance(60_000);
      await settle(integrations, id, good(clock));
      const repaired = await integrations.get(id);
      assert.equal(repaired.disabled, false);
      assert.equal(repaired.lastErrorEvent?.runningState, "ENDED");
      assert.equal(repaired.lastErrorEvent?.endTime, clock.now());
      assert.equal(repaired.lastError, "denied", "the last error stays to be read");
      assert.deepEqual(cloudIntegration.parse(repaired), repaired);
    });

    test("only one run of an integration at a time, whoever starts it", async () => {
      const start = startOf(id);
      const ids = await Promise.all([1, 2, 3].map(() => integrations.runs.begin(start)));
      assert.equal(ids.filter((run) => run !== undefined).length, 1);
    });

    test("a run whose lease is over is abandoned: it can neither finish nor move a checkpoint any more", async () => {
      const start = startOf(id);
      const runId = (await integrations.runs.begin(start)) as string;
      const books = integrations.openBooks(id, runId);
      const position = (storedTo: number) => ({
        startedAt: 0,
        storedTo,
        askedAt: storedTo,
        metrics: 1,
        readings: [],
        trouble: null,
      });
      await books.record("eu-west-1", { position: position(1000) });
      assert.deepEqual(await integrations.runs.abandon("expired"), []);
      clock.advance(2000);
      assert.deepEqual(await integrations.runs.abandon("expired"), [
        { id: runId, integrationId: id, jobId: "j" },
      ]);
      assert.equal((await integrations.runs.get(runId)).state, "abandoned");
      assert.equal(await integrations.runs.renew(runId, 1000), false);
      assert.equal(await integrations.ledger.settle(id, { id: runId, end: ended }, good(clock)), false);
      assert.equal((await integrations.get(id)).lastProcessingTimestamp, undefined, "nothing is said of it");
      await assert.rejects(books.record("eu-west-1", { position: position(2000) }), { name: "RunLostError" });
      assert.deepEqual(await books.position("eu-west-1"), position(1000));
      assert.ok(await integrations.runs.begin(start), "another worker can take over");
    });

    test("of two workers one moves the turn", async () => {
      const [due] = await integrations.ledger.due(10);
      assert.ok(due);
      const moved = await Promise.all(
        [1, 2].map(() => integrations.ledger.claim(due, due.nextRunAt + 60_000)),
      );
      assert.equal(moved.filter(Boolean).length, 1);
      assert.deepEqual(await integrations.ledger.due(10), []);
    });

    test("old runs are deleted, the newest and the one under way are kept", async () => {
      const start = startOf(id);
      for (let i = 0; i < 4; i++) {
        await settle(integrations, id, good(clock));
        clock.advance(1000);
      }
      await integrations.runs.begin(start);
      assert.equal(await integrations.runs.purge(3, 90), 2);
      const left = await integrations.runs.list({ integrationId: id, offset: 0, limit: 10 });
      assert.deepEqual(
        left.items.map(({ state }) => state),
        ["running", "succeeded", "succeeded"],
      );
      clock.advance(91 * 24 * 3_600_000);
      await integrations.runs.purge(3, 90);
      assert.equal((await integrations.runs.list({ offset: 0, limit: 10 })).totalItems, 1);
      assert.equal((await integrations.runs.lastDay()).total, 0);
    });
  });
});

const startOf = (integrationId: string) =>
  ({ integrationId, jobId: "j", trigger: "schedule", workerId: "w", leaseMs: 1000 }) as const;

/** A run from its beginning to its end. */
async function settle(integrations: Integrations, id: string, outcome: RunOutcome): Promise<void> {
  const runId = (await integrations.runs.begin(startOf(id))) as string;
  assert.equal(await integrations.ledger.settle(id, { id: runId, end: ended }, outcome), true);
}

const ended: RunEnd = {
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
const good = (clock: SettableClock) => ({
  workerId: "w",
  succeeded: true,
  interrupted: false,
  received: { latestPointAt: clock.now(), metrics: 7 },
  error: null,
  disable: false,
  nextRunAt: null,
});
const bad = (clock: SettableClock) => ({
  ...good(clock),
  succeeded: false,
  received: null,
  error: "denied",
  disable: true,
});

/** Every key of `expected` is in `actual`, whole. */
function assertHas(actual: object, expected: object): void {
  const picked = Object.fromEntries(
    Object.keys(expected).map((key) => [key, (actual as Record<string, unknown>)[key]]),
  );
  assert.deepEqual(picked, expected);
}

function assertNoNulls(value: unknown): void {
  assert.notEqual(value, null);
  if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) assertNoNulls(inner);
}
