import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, describe, test } from "node:test";
import {
  type Assembled,
  body,
  caller,
  credentialId,
  denied,
  externalId,
  good,
  roleArn,
  settle,
  withIntegrations,
} from "../../test/support/integrations.ts";
import { AppError } from "../base/index.ts";
import { cloudIntegration, cloudIntegrationInput } from "../contract/index.ts";

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
    JSON.parse(readFileSync(new URL(file, url), "utf8"), repeated),
  ]);
}

/** A text that is too long to be written out is `{ "repeat": "x", "times": 4000 }`. */
function repeated(_key: string, value: unknown): unknown {
  const { repeat, times } = Object(value) as { repeat?: string; times?: number };
  return typeof repeat === "string" ? repeat.repeat(times ?? 0) : value;
}

withIntegrations((assembled) => {
  let integrations: Assembled["integrations"];
  let fakes: Assembled["fakes"];
  let clock: Assembled["clock"];
  let search: Assembled["search"];
  beforeEach(() => {
    ({ integrations, fakes, clock, search } = assembled());
  });

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
