import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { signedRequest } from "../../test/support/sdk-in-process.ts";
import { AppError, type Clock, createLog, Secret, systemRandom } from "../base/index.ts";
import type { ErrorCode, Principal } from "../contract/index.ts";
import { createChangeCounters, type Database } from "../db/index.ts";
import type { SecretStore } from "./access-keys.ts";
import { createIdentity, type FirstRun, type Identity } from "./index.ts";
import { createMemoryVault } from "./testing/memory-vault.ts";

const accountId = "000000000000";
const lines: string[] = [];
const log = createLog({ level: "debug", write: (line) => lines.push(line) });
const dayMs = 86_400_000;
const whoAmI = { service: "sts", body: "Action=GetCallerIdentity&Version=2011-06-15" };

let now = Date.parse("2026-01-01T00:00:00Z");
const clock: Clock = { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() };

const throwsCode = (code: ErrorCode) => (error: unknown) => error instanceof AppError && error.code === code;

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let db: Database;
  let vault: SecretStore;
  let identity: Identity;
  let admin: Principal;
  let firstRun: FirstRun;

  /** As another process would see the same database. */
  const open = () => {
    const counters = createChangeCounters({ kysely: db.kysely, clock });
    const region = "us-east-1";
    return createIdentity({ db, counters, vault, clock, random: systemRandom, log, accountId, region });
  };
  const signIn = async (user: string, password: string) => {
    const { cookieValue } = await identity.sessions.signIn({ user, password, address: "10.0.0.1" });
    const resolved = await identity.sessions.resolve(cookieValue);
    assert.ok(resolved);
    return { cookieValue, ...resolved };
  };

  before(async () => {
    opened = await openFresh();
    db = opened.database;
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    await db.kysely.deleteFrom("users").execute();
    await db.kysely.deleteFrom("access_keys").execute();
    vault = createMemoryVault();
    identity = open();
    firstRun = (await identity.bootstrap({ adminPassword: new Secret("a good password") })) as FirstRun;
    const resolved = await identity.tokens.resolve(firstRun.restToken);
    assert.ok(resolved);
    admin = resolved;
  });

  describe("first start", () => {
    test("makes an administrator, a token and a root access key that all work", async () => {
      assert.equal(firstRun.adminUser, "admin");
      assert.deepEqual(admin.policies, ["AdministratorAccess"]);
      assert.equal((await signIn("admin", "a good password")).principal.arn, admin.arn);
      const { rootAccessKeyId: accessKeyId, rootSecretAccessKey: secretAccessKey } = firstRun;
      const request = await signedRequest({ accessKeyId, secretAccessKey, atMs: now, ...whoAmI });
      const outcome = await identity.signatures.verify(request);
      assert.equal(outcome.ok && outcome.identity.principal.arn, `arn:aws:iam::${accountId}:root`);
    });

    test("happens once", async () => {
      assert.equal(await identity.bootstrap({}), undefined);
    });

    test("of two processes that start at the same time, one does it", async () => {
      await db.kysely.deleteFrom("users").execute();
      const results = await Promise.all([open().bootstrap({}), open().bootstrap({})]);
      assert.equal(results.filter(Boolean).length, 1);
      assert.equal((await identity.users.list({ offset: 0, limit: 10 })).totalItems, 1);
    });

    test("is undone when the new secrets could not be kept, so that nobody is locked out", async () => {
      await db.kysely.deleteFrom("users").execute();
      const keep = () => Promise.reject(new Error("disk full"));
      await assert.rejects(identity.bootstrap({ keep }), /disk full/);
      assert.ok(await identity.bootstrap({}));
    });

    test("takes what the operator has set", async () => {
      await db.kysely.deleteFrom("users").execute();
      await db.kysely.deleteFrom("access_keys").execute();
      const given = { rootAccessKeyId: "AKIAGIVEN0000000", rootSecretAccessKey: new Secret("given") };
      const kept: string[] = [];
      const result = await identity.bootstrap({
        ...given,
        adminPassword: new Secret("given password"),
        keep: async (firstRun) => void kept.push(JSON.stringify(firstRun)),
      });
      assert.equal(result?.adminPassword, "given password");
      assert.match(kept.join(), /"restToken":"nepho_\w+","rootAccessKeyId":"AKIAGIVEN0000000"\}$/);
      assert.doesNotMatch(kept.join(), /given/, "what the operator has already is not written down again");
      const request = await signedRequest({
        accessKeyId: "AKIAGIVEN0000000",
        secretAccessKey: "given",
        atMs: now,
        ...whoAmI,
      });
      assert.ok((await open().signatures.verify(request)).ok);
    });

    test("leaves no secret in the database in any form", async () => {
      const rows = JSON.stringify([
        await db.kysely.selectFrom("users").selectAll().execute(),
        await db.kysely.selectFrom("service_specific_credentials").selectAll().execute(),
        await db.kysely.selectFrom("access_keys").selectAll().execute(),
      ]);
      for (const secret of [firstRun.adminPassword, firstRun.restToken, firstRun.rootSecretAccessKey]) {
        for (const encoding of ["utf8", "hex", "base64", "base64url"] as const) {
          assert.ok(!rows.includes(Buffer.from(secret).toString(encoding)), encoding);
        }
      }
    });
  });

  describe("sessions", () => {
    test("a wrong password and an unknown user get the same answer", async () => {
      for (const user of ["admin", "nobody"]) {
        const attempt = identity.sessions.signIn({ user, password: "wrong", address: "10.0.0.1" });
        await assert.rejects(attempt, throwsCode("login_failed"));
      }
    });

    test("ends after eight idle hours, and after seven days however busy it is", async () => {
      const { cookieValue } = await signIn("admin", "a good password");
      now += 7 * 3_600_000;
      assert.ok(await identity.sessions.resolve(cookieValue));
      now += 8 * 3_600_000;
      assert.equal(await identity.sessions.resolve(cookieValue), undefined);

      const busy = await signIn("admin", "a good password");
      for (let hours = 0; hours < 7 * 24 - 7; hours += 7) {
        now += 7 * 3_600_000;
        assert.ok(await identity.sessions.resolve(busy.cookieValue));
      }
      now += 7 * 3_600_000;
      assert.equal(await identity.sessions.resolve(busy.cookieValue), undefined);
    });

    test("signing out revokes it on the server, in every process", async () => {
      const { cookieValue, principal } = await signIn("admin", "a good password");
      await identity.sessions.signOut(principal);
      assert.equal(await open().sessions.resolve(cookieValue), undefined);
    });

    test("signing in always makes a new session with a new CSRF token", async () => {
      const first = await signIn("admin", "a good password");
      const second = await signIn("admin", "a good password");
      assert.notEqual(first.cookieValue, second.cookieValue);
      assert.notEqual(first.csrfToken, second.csrfToken);
    });

    test("a new password ends the other sessions and keeps this one", async () => {
      const other = await signIn("admin", "a good password");
      const own = await signIn("admin", "a good password");
      await identity.sessions.changePassword(own.principal, {
        currentPassword: "a good password",
        newPassword: "an even better one",
        address: "10.0.0.1",
      });
      assert.equal(await identity.sessions.resolve(other.cookieValue), undefined);
      assert.ok(await identity.sessions.resolve(own.cookieValue));
      await signIn("admin", "an even better one");
    });

    test("a wrong current password changes nothing", async () => {
      const own = await signIn("admin", "a good password");
      const change = { currentPassword: "wrong", newPassword: "an even better one", address: "10.0.0.1" };
      const attempt = identity.sessions.changePassword(own.principal, change);
      await assert.rejects(attempt, throwsCode("validation_failed"));
      await signIn("admin", "a good password");
    });

    test("a user keeps the newest twenty", async () => {
      const cookies: string[] = [];
      for (let i = 0; i < 21; i++) {
        now += 1000;
        cookies.push((await signIn("admin", "a good password")).cookieValue);
      }
      assert.equal(await identity.sessions.resolve(cookies[0] as string), undefined);
      assert.ok(await identity.sessions.resolve(cookies[1] as string));
    });
  });

  describe("tokens", () => {
    test("expire to the millisecond", async () => {
      const token = await identity.tokens.create(admin, { name: "ci", expiresInDays: 1 });
      now += dayMs - 1;
      assert.ok(await identity.tokens.resolve(token.value));
      now += 1;
      assert.equal(await identity.tokens.resolve(token.value), undefined);
      const listed = (await identity.tokens.list(admin)).items.find(({ id }) => id === token.id);
      assert.equal(listed?.status, "expired");
    });

    test("revoking takes effect in another process within a second", async () => {
      const token = await identity.tokens.create(admin, { name: "ci", expiresInDays: null });
      const elsewhere = open();
      assert.ok(await elsewhere.tokens.resolve(token.value));
      await identity.tokens.delete(admin, token.id);
      assert.equal(await identity.tokens.resolve(token.value), undefined);
      now += 1000;
      assert.equal(await elsewhere.tokens.resolve(token.value), undefined);
    });

    test("of another user answer as if they did not exist", async () => {
      await identity.users.create(
        { name: "eve", password: "a password of eve", policies: ["Proxies"] },
        admin,
      );
      const eve = (await signIn("eve", "a password of eve")).principal;
      const token = await identity.tokens.create(admin, { name: "ci", expiresInDays: null });
      await assert.rejects(identity.tokens.delete(eve, token.id), throwsCode("token_not_found"));
      await assert.rejects(identity.tokens.delete(admin, "not-a-uuid"), throwsCode("token_not_found"));
      assert.ok(await identity.tokens.resolve(token.value));
    });

    test("the list shows the hint and the last use, never the value", async () => {
      const token = await identity.tokens.create(admin, { name: "ci", expiresInDays: 90 });
      assert.match(token.value, /^nepho_[A-Za-z0-9]{43}$/);
      await identity.tokens.resolve(token.value);
      const list = await identity.tokens.list(admin);
      assert.ok(!JSON.stringify(list).includes(token.value));
      const listed = list.items.find(({ id }) => id === token.id);
      assert.equal(listed?.hint, token.value.slice(-4));
      assert.equal(listed?.lastUsedAt, new Date(now).toISOString());
    });

    test("of unequal length or another form are unknown, not an error", async () => {
      for (const value of ["", "nepho_", "x".repeat(10_000), `${firstRun.restToken}x`, "nepho_\0"]) {
        assert.equal(await identity.tokens.resolve(value), undefined);
      }
    });

    test("are limited per user", async () => {
      for (let i = 1; i < 50; i++) await identity.tokens.create(admin, { name: "ci", expiresInDays: 1 });
      const attempt = identity.tokens.create(admin, { name: "ci", expiresInDays: 1 });
      await assert.rejects(attempt, throwsCode("limit_exceeded"));
    });
  });

  describe("users", () => {
    const eve = { name: "eve", password: "a password of eve", policies: ["ReadOnlyAccess" as const] };

    test("names are unique whatever their case", async () => {
      await identity.users.create(eve, admin);
      const attempt = identity.users.create({ ...eve, name: "EVE" }, admin);
      await assert.rejects(attempt, throwsCode("name_taken"));
    });

    test("the last administrator can be neither deleted nor demoted", async () => {
      await assert.rejects(identity.users.delete("admin", admin), throwsCode("last_administrator"));
      const demote = identity.users.update("admin", { policies: ["Proxies"] }, admin);
      await assert.rejects(demote, throwsCode("last_administrator"));
    });

    test("of two administrators that delete each other at the same time, one stays", async () => {
      await identity.users.create({ ...eve, policies: ["AdministratorAccess"] }, admin);
      const results = await Promise.allSettled([
        identity.users.delete("admin", admin),
        open().users.delete("eve", admin),
      ]);
      assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    });

    test("new policies hold from the next request on, and sessions end", async () => {
      await identity.users.create(eve, admin);
      const session = await signIn("eve", eve.password);
      const token = await identity.tokens.create(session.principal, { name: "ci", expiresInDays: null });
      await identity.users.update("eve", { policies: ["Proxies"] }, admin);
      assert.equal(await identity.sessions.resolve(session.cookieValue), undefined);
      assert.deepEqual((await identity.tokens.resolve(token.value))?.policies, ["Proxies"]);
    });

    test("a deleted user's session and tokens are gone", async () => {
      await identity.users.create(eve, admin);
      const session = await signIn("eve", eve.password);
      const token = await identity.tokens.create(session.principal, { name: "ci", expiresInDays: null });
      await identity.users.delete("eve", admin);
      assert.equal(await identity.sessions.resolve(session.cookieValue), undefined);
      assert.equal(await identity.tokens.resolve(token.value), undefined);
      await assert.rejects(identity.users.delete("eve", admin), throwsCode("user_not_found"));
    });

    test("are listed in pages", async () => {
      await identity.users.create(eve, admin);
      const page = await identity.users.list({ offset: 0, limit: 1 });
      assert.deepEqual(
        [page.items.map(({ name }) => name), page.totalItems, page.moreItems],
        [["admin"], 2, true],
      );
    });
  });

  test("whoever changes who may come in, and with what, is named in the log; no secret is", async () => {
    lines.length = 0;
    const eve = { name: "eve", password: "a password of eve", policies: ["ReadOnlyAccess" as const] };
    await identity.users.create(eve, admin);
    await identity.users.update("eve", { password: "another of eve" }, admin);
    const session = await signIn("eve", "another of eve");
    const token = await identity.tokens.create(session.principal, { name: "ci", expiresInDays: null });
    await identity.tokens.delete(session.principal, token.id);
    const wrong = { user: "my password, mistyped", password: "x", address: "10.0.0.2" };
    await assert.rejects(identity.sessions.signIn(wrong), throwsCode("login_failed"));
    await identity.settings.set("baseCredentialId", null, admin);
    await identity.users.delete("eve", admin);
    const told = lines.map((line) => JSON.parse(line) as { msg: string; by?: string });
    assert.deepEqual(
      told.map(({ msg, by }) => [msg, by?.split("/").at(-1)]),
      [
        ["Created a user.", "admin"],
        ["Changed a user.", "admin"],
        ["Signed in.", undefined],
        ["Created a service-specific credential.", "eve"],
        ["Deleted a service-specific credential.", "eve"],
        ["A sign-in failed.", undefined],
        ["Changed a setting.", "admin"],
        ["Deleted a user.", "admin"],
      ],
    );
    const text = lines.join("\n");
    for (const secret of [eve.password, "another of eve", token.value, session.cookieValue, wrong.user]) {
      assert.ok(!text.includes(secret));
    }
  });

  test("settings keep what was set last", async () => {
    assert.equal(await identity.settings.get("baseCredentialId"), null);
    await identity.settings.set("baseCredentialId", "a", admin);
    await identity.settings.set("baseCredentialId", "b", admin);
    assert.equal(await open().settings.get("baseCredentialId"), "b");
    await identity.settings.set("baseCredentialId", null, admin);
    assert.equal(await identity.settings.get("baseCredentialId"), null);
  });
});
