import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { AppError } from "../base/index.ts";
import type { AccessQuestion, ErrorCode, Principal } from "../contract/index.ts";
import type { ApiKeys } from "./index.ts";
import { accountId, createIamFixture, type IamFixture, root } from "./testing/iam-fixture.ts";

const throwsCode = (code: ErrorCode) => (error: unknown) => error instanceof AppError && error.code === code;
const page = { offset: 0, limit: 10 };

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let fixture: IamFixture;
  let keys: ApiKeys;
  const create = (userName = "sender", change: { createUser?: boolean; ageDays?: number | null } = {}) =>
    keys.create({ userName, createUser: true, ageDays: 90, ...change }, root);
  const allows = async (caller: Principal, questions: readonly AccessQuestion[]) => {
    try {
      for (const question of questions) await fixture.identity.authorize(caller, question);
      return true;
    } catch (error) {
      assert.ok(throwsCode("access_denied")(error));
      return false;
    }
  };

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(Date.UTC(2026, 10, 21));
    fixture = await createIamFixture({ kysely: opened.database.kysely, clock });
    keys = fixture.identity.keys;
  });

  test("a key for somebody new makes a user who may send logs and nothing else", async () => {
    const created = await create();
    assert.equal(created.alias, `sender-at-${accountId}`);
    const outcome = await fixture.identity.bearer.resolve(created.secret);
    assert.ok(outcome.ok);
    assert.deepEqual(outcome.principal.policies, ["CloudWatchLogsAPIKeyAccess"]);
    const ask = (action: string) => allows(outcome.principal, [{ action, resource: "*" }]);
    assert.deepEqual(
      [await ask("logs:PutLogEvents"), await ask("logs:CallWithBearerToken"), await ask("logs:GetLogEvents")],
      [true, true, false],
    );
    const { items } = await fixture.identity.users.list(page);
    const sender = items.find(({ name }) => name === "sender");
    assert.deepEqual([sender?.hasPassword, sender?.policies], [false, ["CloudWatchLogsAPIKeyAccess"]]);
  });

  test("a key for somebody who is there changes no policy", async () => {
    await fixture.addUser("sender");
    await create();
    assert.deepEqual((await fixture.principal("sender")).policies, []);
  });

  test("a key for nobody is refused where no user is to be made, and the third for one leaves nothing behind", async () => {
    await assert.rejects(create("nobody", { createUser: false }), throwsCode("user_not_found"));
    await create();
    await create();
    await assert.rejects(create(), throwsCode("limit_exceeded"));
    assert.equal((await keys.list({ ...page, user: "sender" })).totalItems, 2);
  });

  test("keys are listed by user, without a secret, and REST tokens are none", async () => {
    const created = await create();
    await create("other", { ageDays: null });
    const all = await keys.list(page);
    assert.deepEqual(
      all.items.map(({ userName, expiresAt }) => [userName, expiresAt === null]),
      [
        ["other", true],
        ["sender", false],
      ],
    );
    const { secret, ...shown } = created;
    assert.deepEqual((await keys.list({ ...page, user: "sender" })).items, [shown]);
    assert.ok(!JSON.stringify(all).includes(secret));
  });

  test("deactivating, resetting and deleting hold at once", async () => {
    const { id, secret } = await create();
    const state = async (token: string) => {
      const outcome = await fixture.identity.bearer.resolve(token);
      return outcome.ok ? "ok" : outcome.reason;
    };
    assert.equal((await keys.update(id, { status: "Inactive" }, root)).status, "Inactive");
    assert.equal(await state(secret), "inactive");
    await keys.update(id, { status: "Active" }, root);
    const reset = await keys.reset(id, root);
    assert.deepEqual([await state(secret), await state(reset.secret)], ["unknown", "ok"]);
    await keys.delete(id, root);
    assert.equal(await state(reset.secret), "unknown");
  });

  test("an expired key cannot be reset", async () => {
    const { id } = await create("sender", { ageDays: 1 });
    clock.advance(86_400_000);
    await assert.rejects(keys.reset(id, root), throwsCode("api_key_expired"));
    assert.equal((await keys.list(page)).items[0]?.status, "Expired");
  });

  test("an unknown id, and that of a REST token, is not found", async () => {
    const alice = await fixture.addUser("alice", undefined, ["ReadOnlyAccess"]);
    const token = await fixture.identity.tokens.create(alice, { name: "ci", expiresInDays: null });
    for (const id of [token.id, "ACCA00000000000000000", "x"]) {
      await assert.rejects(keys.update(id, { status: "Inactive" }, root), throwsCode("api_key_not_found"));
      await assert.rejects(keys.reset(id, root), throwsCode("api_key_not_found"));
      await assert.rejects(keys.delete(id, root), throwsCode("api_key_not_found"));
    }
  });

  describe("whoever makes a key", () => {
    const input = { userName: "sender", createUser: true, ageDays: 30 };
    const allow = (Action: string[], Condition: object = {}) => ({
      Effect: "Allow",
      Action,
      Resource: `arn:aws:iam::${accountId}:user/sender`,
      Condition,
    });

    test("may for the users and ages that policies allow", async () => {
      await fixture.addUser("sender");
      const upTo90 = { NumericLessThanEquals: { "iam:ServiceSpecificCredentialAgeDays": 90 } };
      const bob = await fixture.addUser("bob", allow(["iam:CreateServiceSpecificCredential"], upTo90));
      assert.ok(await allows(bob, await keys.access.create(input)));
      assert.ok(!(await allows(bob, await keys.access.create({ ...input, ageDays: null }))));
      assert.ok(!(await allows(bob, await keys.access.create({ ...input, userName: "admin" }))));
    });

    test("needs to be allowed to make the user too, and to attach the one policy", async () => {
      const bob = await fixture.addUser("bob", allow(["iam:CreateServiceSpecificCredential"]));
      assert.ok(!(await allows(bob, await keys.access.create(input))));
      const actions = ["iam:CreateServiceSpecificCredential", "iam:CreateUser", "iam:AttachUserPolicy"];
      const onlyAdministrators = {
        ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" },
      };
      await fixture.setInlinePolicy("bob", allow(actions));
      assert.ok(await allows(bob, await keys.access.create(input)));
      await fixture.setInlinePolicy("bob", allow(actions, onlyAdministrators));
      assert.ok(!(await allows(bob, await keys.access.create(input))));
    });
  });

  // The copy in memory may be 400 ms behind what another process changed; the change itself must not be.
  describe("whoever lost a permission in another process a moment ago", () => {
    const input = { userName: "sender", createUser: true, ageDays: 30 };
    const changes: [string, (bob: Principal, keyId: string) => Promise<unknown>][] = [
      ["makes no key", (bob) => keys.create(input, bob)],
      ["resets no key", (bob, id) => keys.reset(id, bob)],
      ["makes no token", (bob) => fixture.identity.tokens.create(bob, { name: "ci", expiresInDays: null })],
      ["makes no user", (bob) => fixture.identity.users.create({ name: "eve", policies: [] }, bob)],
      [
        "changes no user",
        (bob) => fixture.identity.users.update("alice", { policies: ["AdministratorAccess"] }, bob),
      ],
      ["deletes no user", (bob) => fixture.identity.users.delete("alice", bob)],
      [
        "deletes no credential",
        (bob, ServiceSpecificCredentialId) =>
          fixture.call("DeleteServiceSpecificCredential", { ServiceSpecificCredentialId }, bob),
      ],
    ];
    for (const [what, change] of changes) {
      test(what, async () => {
        const bob = await fixture.addUser("bob", undefined, ["AdministratorAccess"]);
        await fixture.addUser("alice");
        const { id } = await create("alice");
        await fixture.identity.authorize(bob, "iam:UpdateUser");
        await fixture.elsewhere.users.update("bob", { policies: [] }, root);
        await fixture.identity.authorize(bob, "iam:UpdateUser");
        await assert.rejects(change(bob, id), throwsCode("access_denied"));
        const { users } = await fixture.identity.directory.reload();
        assert.deepEqual(
          users.map(({ name, policyNames, credentials }) => [name, policyNames.length, credentials.length]),
          [
            ["admin", 1, 1],
            ["alice", 0, 1],
            ["bob", 0, 0],
          ],
        );
      });
    }

    test("makes a user only if allowed to, though there was one when it was asked", async () => {
      const bob = await fixture.addUser("bob", {
        Effect: "Allow",
        Action: "iam:CreateServiceSpecificCredential",
        Resource: "*",
      });
      await fixture.addUser("sender");
      assert.ok(await allows(bob, await keys.access.create(input)));
      await fixture.elsewhere.users.delete("sender", root);
      await assert.rejects(keys.create(input, bob), throwsCode("access_denied"));
    });

    test("attaches and detaches only what it was allowed to", async () => {
      const bob = await fixture.addUser("bob", { Effect: "Allow", Action: "iam:UpdateUser", Resource: "*" });
      await fixture.addUser("alice", undefined, ["AdministratorAccess"]);
      const { users } = fixture.identity;
      const policies = ["AdministratorAccess"];
      assert.ok(await allows(bob, await users.access.update("alice", { policies })));
      await fixture.elsewhere.users.update("alice", { policies: [] }, root);
      await assert.rejects(users.update("alice", { policies }, bob), throwsCode("access_denied"));
    });
  });

  describe("whoever may not change something", () => {
    const messageOf = async (work: () => Promise<unknown>) => {
      const error = await work().then(
        () => assert.fail("It was allowed."),
        (thrown: unknown) => thrown as AppError,
      );
      return `${error.code} ${error.message}`;
    };

    test("is not told which keys there are", async () => {
      const bob = await fixture.addUser("bob", {
        Effect: "Allow",
        Action: "iam:*",
        Resource: `arn:aws:iam::${accountId}:user/bob`,
      });
      await fixture.addUser("alice");
      const unknown = "ACCA00000000000000000";
      const made = (await create("alice")).id;
      const { AccessKey } = await fixture.call("CreateAccessKey", { UserName: "alice" });
      const rest = (verb: "update" | "reset" | "delete") => async (id: string) => {
        for (const question of await keys.access[verb](id, bob))
          await fixture.identity.authorize(bob, question);
      };
      const iam = (operation: string, more: object) => (ServiceSpecificCredentialId: string) =>
        fixture.call(operation, { ServiceSpecificCredentialId, ...more }, bob);
      for (const ask of [
        rest("update"),
        rest("reset"),
        rest("delete"),
        iam("UpdateServiceSpecificCredential", { Status: "Inactive" }),
        iam("ResetServiceSpecificCredential", {}),
        iam("DeleteServiceSpecificCredential", {}),
      ]) {
        const [known, other] = [await messageOf(() => ask(made)), await messageOf(() => ask(unknown))];
        assert.equal(known.replace(made, unknown), other);
      }
      const useOf = (AccessKeyId: string) => fixture.call("GetAccessKeyLastUsed", { AccessKeyId }, bob);
      assert.equal(
        await messageOf(() => useOf(AccessKey.AccessKeyId)),
        await messageOf(() => useOf("AKIAUNKNOWNUNKNOWN00")),
      );
    });

    test("is not told which policies there are", async () => {
      const bob = await fixture.addUser("bob", {
        Effect: "Allow",
        Action: ["iam:CreateUser", "iam:UpdateUser"],
        Resource: "*",
      });
      await fixture.addUser("alice");
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "*", Resource: "*" },
      });
      await fixture.call("CreatePolicy", { PolicyName: "Secret", Path: "/hidden/", PolicyDocument });
      const { access } = fixture.identity.users;
      for (const ask of [
        (policies: string[]) => access.create({ name: "eve", policies }),
        (policies: string[]) => access.update("alice", { policies }),
      ]) {
        const attempt = async (policy: string) => {
          for (const question of await ask([policy])) await fixture.identity.authorize(bob, question);
        };
        const messages = await Promise.all(
          ["Secret", "Nothing"].map((policy) => messageOf(() => attempt(policy))),
        );
        assert.match(messages[0]!, /^access_denied/);
        assert.equal(messages[0], messages[1]);
      }
    });
  });

  describe("whoever changes a user in the console", () => {
    const allow = (...Action: string[]) => ({ Effect: "Allow", Action, Resource: "*" });

    test("does not become an administrator by a leave to rename users", async () => {
      await fixture.addUser("alice", undefined, ["ReadOnlyAccess"]);
      const bob = await fixture.addUser("bob", allow("iam:UpdateUser"));
      const { access } = fixture.identity.users;
      const policies = ["ReadOnlyAccess", "AdministratorAccess"];
      assert.ok(!(await allows(bob, await access.update("bob", { policies }))));
      assert.ok(!(await allows(bob, await access.update("alice", { password: "a new password" }))));
      assert.ok(await allows(bob, await access.update("alice", { policies: ["ReadOnlyAccess"] })));
      assert.ok(!(await allows(bob, await access.update("alice", { policies: [] }))));
      assert.ok(!(await allows(bob, await access.create({ name: "eve", policies: [] }))));
      await fixture.setInlinePolicy("bob", allow("iam:UpdateUser", "iam:*UserPolicy", "iam:*LoginProfile"));
      assert.ok(await allows(bob, await access.update("alice", { policies, password: "a new password" })));
    });

    test("is bound by a Deny for users of a tag, whatever the way", async () => {
      const bob = await fixture.addUser("bob", [
        allow("iam:*"),
        {
          Effect: "Deny",
          Action: "iam:*",
          Resource: "*",
          Condition: { StringEquals: { "iam:ResourceTag/kept": "yes" } },
        },
      ]);
      await fixture.addUser("alice");
      const { id } = await create("alice");
      const { access } = fixture.identity.users;
      const forDeletion = (await access.delete("alice")).map(({ action }) => action);
      assert.ok(
        forDeletion.includes("iam:DeleteServiceSpecificCredential"),
        "what goes along is asked about",
      );
      const ways = async () => [
        await access.update("alice", { password: "a new password" }),
        await access.delete("alice"),
        await keys.access.list({ user: "alice", ...page }),
        await keys.access.create({ userName: "alice", createUser: true, ageDays: 1 }),
      ];
      for (const questions of await ways()) assert.ok(await allows(bob, questions));
      await fixture.call("TagUser", { UserName: "alice", Tags: [{ Key: "kept", Value: "yes" }] });
      for (const questions of await ways()) assert.ok(!(await allows(bob, questions)));
      await assert.rejects(keys.reset(id, bob), throwsCode("api_key_not_found"));
      const credential = { UserName: "alice", ServiceSpecificCredentialId: id };
      await assert.rejects(fixture.call("DeleteServiceSpecificCredential", credential, bob), {
        code: "access_denied",
      });
      const newName = { UserName: "alice", NewUserName: "alina" };
      await assert.rejects(fixture.call("UpdateUser", newName, bob), { code: "access_denied" });
    });

    test("names policies by name or ARN, and each that does not exist is a mistake", async () => {
      const update = (policies: string[]) => fixture.identity.users.update("alice", { policies }, root);
      await fixture.addUser("alice");
      const changed = await update(["arn:aws:iam::aws:policy/Proxies", "ReadOnlyAccess", "Proxies"]);
      assert.deepEqual(changed.policies, ["Proxies", "ReadOnlyAccess"]);
      await assert.rejects(update(["Nothing"]), throwsCode("validation_failed"));
    });
  });
});
