import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { forEachDatabase } from "../../../test/support/databases.ts";
import { type Credential, connectionTestHistory } from "../../contract/index.ts";
import type { Credentials } from "./credentials.ts";
import {
  caller,
  canaries,
  hasCode,
  input,
  keyId,
  passwordCanary,
  secretCanary,
  tokenCanary,
  useCredentialsWorld,
} from "./testing/credentials-world.ts";

forEachDatabase((open) => {
  const world = useCredentialsWorld(open);
  let credentials: Credentials;
  beforeEach(() => {
    credentials = world.create();
  });

  describe("a secret", () => {
    test("never comes back: not from create, get, list, update or options", async () => {
      const created = await credentials.create(
        input({
          sessionToken: tokenCanary,
          proxy: {
            type: "url",
            url: "https://proxy.example.com:3128",
            username: "u",
            password: passwordCanary,
          },
        }),
        caller,
      );
      const updated = await credentials.update(created.id, { version: 1, description: "new" }, caller);
      const all = [
        created,
        updated,
        await credentials.get(created.id),
        await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" }),
        await credentials.options(),
      ];
      const text = JSON.stringify(all);
      for (const canary of canaries) assert.ok(!text.includes(canary));
      assert.equal(created.accessKeyIdMasked, "AKIA…ARY1");
      assert.deepEqual(
        [created.hasSecretAccessKey, created.hasSessionToken, created.proxy.hasPassword],
        [true, true, true],
      );
    });

    test("that is left out of an update stays, and its age does too", async () => {
      const created = await credentials.create(input(), caller);
      world.advance(1000);
      const updated = await credentials.update(created.id, { version: 1, name: "Renamed" }, caller);
      assert.equal(updated.hasSecretAccessKey, true);
      assert.equal(updated.secretUpdatedAt, created.secretUpdatedAt);
      assert.equal(await usedSecret(updated), secretCanary);
    });

    test("that is replaced takes effect at once and resets the status", async () => {
      const created = await credentials.create(input(), caller);
      const first = await credentials.open(created.id);
      const updated = await credentials.update(
        created.id,
        { version: 1, secretAccessKey: "another" },
        caller,
      );
      assert.notEqual(await credentials.open(created.id), first);
      assert.equal(await usedSecret(updated), "another");
      assert.equal(updated.status, "untested");
    });

    test("must be entered again with a new access key ID", async () => {
      const created = await credentials.create(input({ sessionToken: tokenCanary }), caller);
      const change = { version: 1, accessKeyId: "AKIAIOSFODNN7OTHER00" };
      await assert.rejects(
        credentials.update(created.id, change, caller),
        hasCode("secret_required", "secretAccessKey"),
      );
      const updated = await credentials.update(created.id, { ...change, secretAccessKey: "x" }, caller);
      assert.equal(updated.hasSessionToken, false, "the token of the old key must not live on");
    });

    test("stays when the same access key ID is sent again", async () => {
      const created = await credentials.create(input(), caller);
      const updated = await credentials.update(created.id, { version: 1, accessKeyId: keyId }, caller);
      assert.equal(await usedSecret(updated), secretCanary);
    });

    test("is cleared by null where that is allowed, and erased with its method", async () => {
      const created = await credentials.create(input({ sessionToken: tokenCanary }), caller);
      const cleared = await credentials.update(created.id, { version: 1, sessionToken: null }, caller);
      assert.equal(cleared.hasSessionToken, false);
      const changed = await credentials.update(created.id, { version: 2, method: "default" }, caller);
      assert.deepEqual(
        [changed.hasSecretAccessKey, changed.accessKeyIdMasked, changed.keyFingerprint],
        [false, null, null],
      );
      const rows = await world.database.kysely
        .selectFrom("sealed_secrets")
        .innerJoin("data_keys", "data_keys.id", "sealed_secrets.data_key_id")
        .selectAll()
        .where("record_id", "=", created.id)
        .execute();
      assert.deepEqual(rows, []);
    });

    test("is demanded again when a new host would see what it signs, session token included", async () => {
      const created = await credentials.create(input({ sessionToken: tokenCanary }), caller);
      const endpoints = { monitoring: "https://vpce-1.monitoring.eu-central-1.vpce.amazonaws.com" };
      const change = { version: 1, endpoints };
      await assert.rejects(
        credentials.update(created.id, change, caller),
        hasCode("secret_required", "secretAccessKey"),
      );
      await assert.rejects(
        credentials.update(created.id, { ...change, secretAccessKey: secretCanary }, caller),
        hasCode("secret_required", "sessionToken"),
      );
      const proxy = { type: "url" as const, url: "https://proxy.example.com" };
      await assert.rejects(
        credentials.update(created.id, { version: 1, proxy }, caller),
        hasCode("secret_required"),
      );
      await credentials.update(
        created.id,
        { ...change, secretAccessKey: secretCanary, sessionToken: tokenCanary },
        caller,
      );
      const back = await credentials.update(created.id, { version: 2, endpoints: {} }, caller);
      assert.deepEqual(back.endpoints, {}, "going back to AWS needs no secret");
    });

    test("of the method keys needs both halves, and temporary keys their token", async () => {
      const { accessKeyId: _, ...withoutId } = input();
      await assert.rejects(
        credentials.create(withoutId, caller),
        hasCode("validation_failed", "accessKeyId"),
      );
      const { secretAccessKey: __, ...withoutSecret } = input();
      await assert.rejects(
        credentials.create(withoutSecret, caller),
        hasCode("validation_failed", "secretAccessKey"),
      );
      await assert.rejects(
        credentials.create(input({ accessKeyId: "ASIAIOSFODNN7EXAMPLE" }), caller),
        hasCode("validation_failed", "sessionToken"),
      );
    });

    async function usedSecret(credential: Credential): Promise<string> {
      const session = await credentials.open(credential.id);
      const keys = await (
        session.client("sts").config.credentials as () => Promise<{ secretAccessKey: string }>
      )();
      return keys.secretAccessKey;
    }
  });

  describe("a record", () => {
    test("is changed by the first of two editors; the second is told", async () => {
      const created = await credentials.create(input(), caller);
      const results = await Promise.allSettled([
        credentials.update(created.id, { version: 1, description: "a" }, caller),
        credentials.update(created.id, { version: 1, description: "b" }, caller),
      ]);
      const rejected = results.filter((result) => result.status === "rejected");
      assert.equal(rejected.length, 1);
      hasCode("version_conflict")(rejected[0]?.reason);
    });

    test("has a name of its own, whatever the case", async () => {
      await credentials.create(input(), caller);
      await assert.rejects(
        credentials.create(input({ name: "PRODUCTION" }), caller),
        hasCode("name_taken", "name"),
      );
      const other = await credentials.create(input({ name: "Other" }), caller);
      await assert.rejects(
        credentials.update(other.id, { version: 1, name: "production" }, caller),
        hasCode("name_taken"),
      );
      assert.equal(
        (await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" })).totalItems,
        2,
      );
    });

    test("that does not exist is not found, whatever the id looks like", async () => {
      for (const id of ["nonsense", "a0000000-0000-4000-8000-000000000009", "' or 1=1"]) {
        await assert.rejects(credentials.get(id), hasCode("credential_not_found"));
        await assert.rejects(credentials.open(id), hasCode("credential_not_found"));
      }
    });

    test("in use is not deleted, and the answer says by whom", async () => {
      const created = await credentials.create(input(), caller);
      const users = [{ kind: "integration" as const, id: "i-1", name: "Metrics" }];
      credentials.registerUsers(async (id) => (id === created.id ? users : []));
      await assert.rejects(credentials.remove(created.id, caller), hasCode("credential_in_use", "i-1"));
      assert.deepEqual((await credentials.get(created.id)).usedBy, users);
      users.pop();
      await credentials.remove(created.id, caller);
      await assert.rejects(credentials.get(created.id), hasCode("credential_not_found"));
    });

    test("is found by text, method and status; wildcards in the text are plain characters", async () => {
      await credentials.create(input({ name: "100% sure" }), caller);
      await credentials.create(
        input({ name: "other", method: "default", accessKeyId: undefined, secretAccessKey: undefined }),
        caller,
      );
      const names = async (query: object) =>
        (await credentials.list({ offset: 0, limit: 10, sort: "name", order: "desc", ...query })).items.map(
          (item) => item.name,
        );
      assert.deepEqual(await names({ text: "%" }), ["100% sure"]);
      assert.deepEqual(await names({ method: "default" }), ["other"]);
      assert.deepEqual(await names({ status: "ok" }), []);
      assert.deepEqual(await names({}), ["other", "100% sure"]);
    });

    test("warns of old keys, temporary keys and a key that two credentials hold", async () => {
      const first = await credentials.create(input(), caller);
      await credentials.create(input({ name: "Twin", sessionToken: tokenCanary }), caller);
      const codes = async () => (await credentials.get(first.id)).warnings.map((warning) => warning.code);
      assert.deepEqual(await codes(), ["duplicate_key"]);
      world.advance(91 * 86_400_000);
      assert.deepEqual(await codes(), ["key_old", "duplicate_key"]);
      world.advance(300 * 86_400_000);
      assert.deepEqual(await codes(), ["key_very_old", "duplicate_key"]);
      const page = await credentials.list({ offset: 0, limit: 1, sort: "name", order: "desc" });
      assert.deepEqual(
        page.items[0]?.warnings.map((warning) => warning.code),
        ["session_expires", "duplicate_key"],
      );
      assert.equal(page.moreItems, true);
    });
  });

  test("the base credential of the server cannot be deleted", async () => {
    let baseId: string | null = null;
    credentials = world.create({}, false, async () => baseId);
    const { id } = await credentials.create(input(), caller);
    baseId = id;
    await assert.rejects(credentials.remove(id, caller), hasCode("credential_in_use", "baseCredentialId"));
    assert.equal((await credentials.get(id)).id, id);
    baseId = null;
    await credentials.remove(id, caller);
  });

  describe("scheduled tests", () => {
    test("are due for what was never tested and for what was tested long ago", async () => {
      const { id } = await credentials.create(input(), caller);
      assert.deepEqual(await credentials.recheckDue(world.now()), [id]);
      await world.database.kysely
        .updateTable("credentials")
        .set({ tested_at: new Date(world.now()) })
        .execute();
      assert.deepEqual(await credentials.recheckDue(world.now() + 23 * 3_600_000), []);
      assert.deepEqual(await credentials.recheckDue(world.now() + 24 * 3_600_000), [id]);
    });

    test("of a credential that may no longer be used fail on the record, and are not due again at once", async () => {
      const { id } = await credentials.create(input(), caller);
      credentials = world.create({ allowedMethods: ["default"] });
      await credentials.recheck(id);
      const { status, lastTest } = await credentials.get(id);
      assert.equal(status, "failed");
      assert.match(lastTest?.steps[0]?.message ?? "", /NEPHO_ALLOWED_AUTH_METHODS/);
      assert.deepEqual(await credentials.recheckDue(world.now()), []);
      assert.deepEqual(
        (await credentials.statuses()).map(({ id: of, status: is }) => [of, is]),
        [[id, "failed"]],
      );
    });
  });

  describe("the test history", () => {
    const refused = async () => credentials.recheck((await only()).id);
    const only = async () => {
      const { items } = await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" });
      return items[0] as Credential;
    };
    beforeEach(async () => {
      await credentials.create(input(), caller);
      credentials = world.create({ allowedMethods: ["default"] });
    });

    test("keeps the last 20, newest first, with the step that failed", async () => {
      const { id } = await only();
      assert.deepEqual(await credentials.tests(id), { items: [] });
      const startedAt = world.now();
      for (let count = 1; count <= 22; count += 1) {
        world.advance(1000);
        await refused();
      }
      const { items } = connectionTestHistory.parse(await credentials.tests(id));
      assert.deepEqual(
        items.map(({ testedAt }) => (Date.parse(testedAt) - startedAt) / 1000),
        Array.from({ length: 20 }, (_, index) => 22 - index),
      );
      assert.deepEqual([items[0]?.overall, items[0]?.trigger], ["failed", "schedule"]);
      assert.equal(items[0]?.failedStep?.id, "validate");
      assert.match(items[0]?.failedStep?.message ?? "", /NEPHO_ALLOWED_AUTH_METHODS/);
    });

    test("is each credential's own, outlives a change of it and ends with it", async () => {
      const { id } = await only();
      await refused();
      credentials = world.create();
      const other = await credentials.create(input({ name: "Other" }), caller);
      await credentials.update(id, { version: 1, region: "us-east-1" }, caller);
      assert.equal((await credentials.get(id)).lastTest, null);
      assert.equal((await credentials.tests(id)).items.length, 1);
      assert.equal((await credentials.tests(other.id)).items.length, 0);
      await credentials.remove(id, caller);
      await assert.rejects(credentials.tests(id), hasCode("credential_not_found"));
      assert.deepEqual(await world.database.kysely.selectFrom("credential_tests").selectAll().execute(), []);
    });
  });
});
