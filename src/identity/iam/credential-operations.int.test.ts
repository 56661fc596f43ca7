import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { accountId, createIamFixture, type IamFixture, iamError, root } from "../testing/iam-fixture.ts";

const dayMs = 86_400_000;
const logs = "logs.amazonaws.com";
const noCredential = "ACCA00000000000000000";
const onCredentials = (Action: string | string[] = "iam:*ServiceSpecificCredential*", Resource = "*") => ({
  Effect: "Allow",
  Action,
  Resource,
});

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let fixture: IamFixture;
  const call = (...args: Parameters<IamFixture["call"]>) => fixture.call(...args);
  const create = async (input: object = {}, as = root) =>
    (await call("CreateServiceSpecificCredential", { UserName: "alice", ServiceName: logs, ...input }, as))
      .ServiceSpecificCredential;
  const list = async (input: object = {}, as = root) =>
    (await call("ListServiceSpecificCredentials", { UserName: "alice", ...input }, as))
      .ServiceSpecificCredentials;
  const idOf = ({ ServiceSpecificCredentialId }: { ServiceSpecificCredentialId: string }) => ({
    ServiceSpecificCredentialId,
  });
  const reasonOf = async (token: string) => {
    const outcome = await fixture.identity.bearer.resolve(token);
    return outcome.ok ? "ok" : outcome.reason;
  };

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(Date.UTC(2026, 10, 21));
    fixture = await createIamFixture({ kysely: opened.database.kysely, clock });
    await fixture.addUser("alice");
  });

  describe("a key for logs", () => {
    test("has the members, the ids and the secret of the real service, and no others", async () => {
      const made = await create({ CredentialAgeDays: 30 });
      assert.deepEqual(Object.keys(made).sort(), [
        "CreateDate",
        "ExpirationDate",
        "ServiceCredentialAlias",
        "ServiceCredentialSecret",
        "ServiceName",
        "ServiceSpecificCredentialId",
        "Status",
        "UserName",
      ]);
      assert.match(made.ServiceSpecificCredentialId, /^ACCA[A-Z0-9]{17}$/);
      assert.equal(made.ServiceCredentialAlias, `alice-at-${accountId}`);
      assert.match(made.ServiceCredentialSecret, /^ACWL[A-Za-z0-9+/]+=*$/);
      const decoded = Buffer.from(made.ServiceCredentialSecret.slice(4), "base64").toString();
      assert.equal(decoded.slice(0, decoded.lastIndexOf(":")), made.ServiceCredentialAlias);
      assert.match(decoded.slice(decoded.lastIndexOf(":") + 1), /^[A-Za-z0-9+/]{60}$/);
      assert.equal(made.Status, "Active");
      assert.equal(made.ExpirationDate.getTime() - made.CreateDate.getTime(), 30 * dayMs);
    });

    test("has no expiration when no age was given, and its second a numbered alias", async () => {
      assert.equal("ExpirationDate" in (await create()), false);
      assert.equal((await create()).ServiceCredentialAlias, `alice+1-at-${accountId}`);
    });

    test("takes the first alias that is free again", async () => {
      const first = await create();
      await create();
      await call("DeleteServiceSpecificCredential", idOf(first));
      assert.equal((await create()).ServiceCredentialAlias, `alice-at-${accountId}`);
    });

    test("is kept as a hash only", async () => {
      const { ServiceCredentialSecret } = await create();
      const rows = await opened.database.kysely
        .selectFrom("service_specific_credentials")
        .selectAll()
        .execute();
      const password = Buffer.from(ServiceCredentialSecret.slice(4), "base64").toString().split(":")[1] ?? "";
      for (const secret of [ServiceCredentialSecret, password, password.slice(-4)]) {
        assert.ok(!JSON.stringify(rows).includes(secret));
      }
    });

    test("proves its user, by its own id", async () => {
      const made = await create();
      const outcome = await fixture.identity.bearer.resolve(made.ServiceCredentialSecret);
      assert.ok(outcome.ok);
      assert.equal(outcome.credentialId, made.ServiceSpecificCredentialId);
      assert.equal(outcome.principal.arn, `arn:aws:iam::${accountId}:user/alice`);
      assert.deepEqual(outcome.principal.proof, { kind: "api-key", id: made.ServiceSpecificCredentialId });
    });
  });

  describe("creation", () => {
    test("of a third for the same user and service is refused, inactive ones counted", async () => {
      const first = await create();
      await create();
      await call("UpdateServiceSpecificCredential", { ...idOf(first), Status: "Inactive" });
      await assert.rejects(
        create(),
        iamError("LimitExceeded", "Cannot exceed quota for ContextSpecificCredentialsPerUserPerContext: 2"),
      );
    });

    test("for a service that has none is refused, as is listing them", async () => {
      const expected = iamError(
        "NoSuchEntity",
        "No such service codecommit.amazonaws.com is supported for Service Specific Credentials",
      );
      const ServiceName = "codecommit.amazonaws.com";
      await assert.rejects(create({ ServiceName }), expected);
      await assert.rejects(list({ ServiceName }), expected);
    });

    test("takes the service's name in any case and gives it back in lower case", async () => {
      assert.equal((await create({ ServiceName: "Logs.AmazonAWS.com" })).ServiceName, logs);
      assert.equal((await list({ ServiceName: "LOGS.amazonaws.com" })).length, 1);
    });

    test("refuses characters that no service has in its name", async () => {
      await assert.rejects(
        create({ ServiceName: "logs amazonaws" }),
        iamError("ValidationError", "ServiceName must match [a-zA-Z0-9.-]*"),
      );
    });

    test("for nobody is refused", async () => {
      await assert.rejects(
        create({ UserName: "nobody" }),
        iamError("NoSuchEntity", "The user with name nobody cannot be found."),
      );
    });

    for (const CredentialAgeDays of [0, -1, 36_601]) {
      test(`for ${CredentialAgeDays} days is refused`, async () => {
        await assert.rejects(create({ CredentialAgeDays }), iamError("ValidationError", /credentialAgeDays/));
      });
    }

    test("for the longest age is not", async () => {
      const made = await create({ CredentialAgeDays: 36_600 });
      assert.equal(made.ExpirationDate.getTime() - made.CreateDate.getTime(), 36_600 * dayMs);
    });
  });

  describe("a change", () => {
    const changes = [
      ["UpdateServiceSpecificCredential", { Status: "Inactive" }],
      ["ResetServiceSpecificCredential", {}],
      ["DeleteServiceSpecificCredential", {}],
    ] as const;
    for (const [operation, input] of changes) {
      test(`${operation} of an unknown id is refused`, async () => {
        await assert.rejects(
          call(operation, { UserName: "alice", ServiceSpecificCredentialId: noCredential, ...input }),
          iamError("NoSuchEntity", `No such credential ${noCredential} exists`),
        );
      });

      test(`${operation} of another user's is refused`, async () => {
        await fixture.addUser("bob");
        const made = await create();
        await assert.rejects(
          call(operation, { UserName: "bob", ...idOf(made), ...input }),
          iamError(
            "ValidationError",
            `User bob does not have a service specific credential with id ${made.ServiceSpecificCredentialId}`,
          ),
        );
        assert.equal(await reasonOf(made.ServiceCredentialSecret), "ok");
      });

      test(`${operation} without a user's name is meant for the owner of the id`, async () => {
        const administrator = await fixture.principal("admin");
        const made = await create();
        await call(operation, { ...idOf(made), ...input }, administrator);
        assert.notEqual(await reasonOf(made.ServiceCredentialSecret), "ok");
      });

      test(`${operation} without a user's name needs leave to change the owner's`, async () => {
        const own = `arn:aws:iam::${accountId}:user/bob`;
        const bob = await fixture.addUser("bob", onCredentials(undefined, own));
        const made = await create();
        await assert.rejects(
          call(operation, { ...idOf(made), ...input }, bob),
          iamError("NoSuchEntity", `No such credential ${made.ServiceSpecificCredentialId} exists`),
        );
        assert.equal(await reasonOf(made.ServiceCredentialSecret), "ok");
      });

      // The copy in memory does not know it yet: asked about as the caller's own, it must not be taken for it.
      test(`${operation} of what another process made for somebody else a moment ago is refused`, async () => {
        const own = `arn:aws:iam::${accountId}:user/bob`;
        const bob = await fixture.addUser("bob", onCredentials(undefined, own));
        await fixture.principal("bob");
        const key = { userName: "alice", createUser: false, ageDays: null };
        const { id, secret } = await fixture.elsewhere.keys.create(key, root);
        await assert.rejects(
          call(operation, { ServiceSpecificCredentialId: id, ...input }, bob),
          iamError("NoSuchEntity"),
        );
        clock.advance(400);
        assert.equal(await reasonOf(secret), "ok");
      });

      test(`${operation} of an id that cannot be one is refused`, async () => {
        await assert.rejects(
          call(operation, { ServiceSpecificCredentialId: "ACCA1234EXAMPLE1234", ...input }),
          iamError("ValidationError", /Member must have length greater than or equal to 20/),
        );
      });
    }

    test("of the status goes both ways, and holds at once", async () => {
      const made = await create();
      for (const [Status, reason] of [
        ["Inactive", "inactive"],
        ["Active", "ok"],
      ] as const) {
        await call("UpdateServiceSpecificCredential", { ...idOf(made), Status });
        assert.equal(await reasonOf(made.ServiceCredentialSecret), reason);
        assert.equal((await list())[0].Status, Status);
      }
    });

    test("to the status Expired is refused, and to one that does not exist", async () => {
      const made = await create();
      await assert.rejects(
        call("UpdateServiceSpecificCredential", { ...idOf(made), Status: "Expired" }),
        iamError("InvalidInput", "Operation does not support status Expired"),
      );
      await assert.rejects(
        call("UpdateServiceSpecificCredential", { ...idOf(made), Status: "Off" }),
        iamError(
          "ValidationError",
          "1 validation error detected: Value 'Off' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]",
        ),
      );
    });

    test("to a new secret keeps everything else, and the old secret is dead at once", async () => {
      const made = await create({ CredentialAgeDays: 5 });
      await call("UpdateServiceSpecificCredential", { ...idOf(made), Status: "Inactive" });
      clock.advance(dayMs);
      const reset = (await call("ResetServiceSpecificCredential", idOf(made))).ServiceSpecificCredential;
      const { ServiceCredentialSecret: oldSecret, ...kept } = made;
      const { ServiceCredentialSecret: newSecret, ...now } = reset;
      assert.deepEqual(now, { ...kept, Status: "Inactive" });
      assert.equal(await reasonOf(oldSecret), "unknown");
      assert.equal(await reasonOf(newSecret), "inactive");
      await call("UpdateServiceSpecificCredential", { ...idOf(made), Status: "Active" });
      assert.equal(await reasonOf(newSecret), "ok");
    });

    test("to a new secret is refused once it has expired", async () => {
      const made = await create({ CredentialAgeDays: 1 });
      clock.advance(dayMs);
      await assert.rejects(call("ResetServiceSpecificCredential", idOf(made)), iamError("InvalidInput"));
    });
  });

  test("a key works to the last millisecond before it expires, and is shown as expired then", async () => {
    const made = await create({ CredentialAgeDays: 1 });
    clock.advance(dayMs - 1);
    assert.equal(await reasonOf(made.ServiceCredentialSecret), "ok");
    assert.equal((await list())[0].Status, "Active");
    clock.advance(1);
    assert.equal(await reasonOf(made.ServiceCredentialSecret), "expired");
    assert.equal((await list())[0].Status, "Expired");
  });

  describe("the list", () => {
    test("shows no secret, and no password", async () => {
      await create({ CredentialAgeDays: 1 });
      const [shown] = await list();
      assert.deepEqual(Object.keys(shown).sort(), [
        "CreateDate",
        "ExpirationDate",
        "ServiceCredentialAlias",
        "ServiceName",
        "ServiceSpecificCredentialId",
        "Status",
        "UserName",
      ]);
    });

    test("has a marker only where there is more, and each item once", async () => {
      const made = [await create(), await create()].map(idOf);
      const first = await call("ListServiceSpecificCredentials", { UserName: "alice", MaxItems: 1 });
      assert.equal(first.IsTruncated, true);
      const second = await call("ListServiceSpecificCredentials", {
        UserName: "alice",
        MaxItems: 1,
        Marker: first.Marker,
      });
      assert.equal(second.IsTruncated, false);
      assert.equal("Marker" in second, false);
      const shown = [first, second].flatMap((page) => page.ServiceSpecificCredentials.map(idOf));
      assert.deepEqual(new Set(shown.map((item) => JSON.stringify(item))).size, 2);
      assert.deepEqual(
        shown.map((item) => JSON.stringify(item)).sort(),
        made.map((item) => JSON.stringify(item)).sort(),
      );
    });

    test("is of all services when the name of the service is empty, or left out", async () => {
      await create();
      await create({ ServiceName: "nephoscope" });
      assert.equal((await list({ ServiceName: "" })).length, 2);
      assert.equal((await list()).length, 2);
      assert.equal((await list({ ServiceName: "nephoscope" })).length, 1);
    });

    test("is of all users when they are asked for, which goes with no name and needs leave for all", async () => {
      const bob = await fixture.addUser(
        "bob",
        onCredentials("iam:ListServiceSpecificCredentials", `arn:aws:iam::${accountId}:user/bob`),
      );
      await create();
      await create({ UserName: "bob" });
      const all = await call("ListServiceSpecificCredentials", { AllUsers: true, ServiceName: logs });
      assert.deepEqual(
        all.ServiceSpecificCredentials.map(({ UserName }: { UserName: string }) => UserName),
        ["alice", "bob"],
      );
      await assert.rejects(
        call("ListServiceSpecificCredentials", { AllUsers: true, UserName: "bob" }),
        iamError("InvalidInput", "Cannot list credentials for all users if a username is given"),
      );
      const asBob = call("ListServiceSpecificCredentials", { AllUsers: true }, bob);
      await assert.rejects(asBob, iamError("AccessDenied"));
      const own = await call("ListServiceSpecificCredentials", {}, bob);
      assert.equal(own.ServiceSpecificCredentials.length, 1);
    });
  });

  test("renaming the user changes the user's name; alias and secret stay, also beside a new user of the old name", async () => {
    const made = await create();
    await call("UpdateUser", { UserName: "alice", NewUserName: "carol" });
    const outcome = await fixture.identity.bearer.resolve(made.ServiceCredentialSecret);
    assert.equal(outcome.ok && outcome.principal.name, "carol");
    const [shown] = await list({ UserName: "carol" });
    assert.deepEqual([shown.UserName, shown.ServiceCredentialAlias], ["carol", `alice-at-${accountId}`]);
    await fixture.addUser("alice");
    const other = await create();
    assert.equal(other.ServiceCredentialAlias, `alice+1-at-${accountId}`);
    assert.equal(await reasonOf(made.ServiceCredentialSecret), "ok");
  });

  test("a user who has credentials cannot be deleted", async () => {
    const made = await create();
    await assert.rejects(
      call("DeleteUser", { UserName: "alice" }),
      iamError("DeleteConflict", "Cannot delete entity, must remove referenced objects first."),
    );
    await call("DeleteServiceSpecificCredential", idOf(made));
    await call("DeleteUser", { UserName: "alice" });
    assert.equal(await reasonOf(made.ServiceCredentialSecret), "unknown");
  });

  describe("a policy on the age", () => {
    const upTo90 = {
      ...onCredentials("iam:CreateServiceSpecificCredential"),
      Condition: {
        StringEquals: { "iam:ServiceSpecificCredentialServiceName": logs },
        NumericLessThanEquals: { "iam:ServiceSpecificCredentialAgeDays": "90" },
      },
    };
    const cases: readonly [object, boolean][] = [
      [{ CredentialAgeDays: 90 }, true],
      [{ CredentialAgeDays: 91 }, false],
      [{}, false],
      [{ CredentialAgeDays: 1, ServiceName: "LOGS.amazonaws.COM" }, true],
      [{ CredentialAgeDays: 1, ServiceName: "nephoscope" }, false],
    ];
    for (const [input, isAllowed] of cases) {
      test(`of at most 90 days ${isAllowed ? "allows" : "denies"} ${JSON.stringify(input)}`, async () => {
        const bob = await fixture.addUser("bob", upTo90);
        const attempt = create({ UserName: "bob", ...input }, bob);
        if (isAllowed) await attempt;
        else await assert.rejects(attempt, iamError("AccessDenied"));
      });
    }

    test("knows the stored service for changes of a key", async () => {
      const onLogs = {
        ...onCredentials("iam:DeleteServiceSpecificCredential"),
        Condition: { StringEquals: { "iam:ServiceSpecificCredentialServiceName": logs } },
      };
      const bob = await fixture.addUser("bob", onLogs);
      const key = await create();
      const token = await create({ ServiceName: "nephoscope" });
      const deletion = (made: typeof key) => call("DeleteServiceSpecificCredential", idOf(made), bob);
      await assert.rejects(deletion(token), iamError("AccessDenied"));
      await deletion(key);
    });
  });

  describe("a REST token", () => {
    test("made by IAM works on the REST API, and one made there is in IAM's list", async () => {
      const made = await create({ ServiceName: "nephoscope", CredentialAgeDays: 1 });
      assert.match(made.ServiceCredentialSecret, /^nepho_[A-Za-z0-9]{43}$/);
      assert.equal((await fixture.identity.tokens.resolve(made.ServiceCredentialSecret))?.name, "alice");
      await fixture.setInlinePolicy("alice", onCredentials());
      const alice = await fixture.principal("alice");
      await fixture.identity.tokens.create(alice, { name: "terraform", expiresInDays: null });
      const aliases = (await list({ ServiceName: "nephoscope" })).map(
        ({ ServiceCredentialAlias }: { ServiceCredentialAlias: string }) => ServiceCredentialAlias,
      );
      assert.deepEqual(aliases.sort(), [`alice-at-${accountId}`, "terraform"].sort());
    });

    test("is no log key, and a log key is no REST token", async () => {
      const token = await create({ ServiceName: "nephoscope" });
      const key = await create();
      assert.equal(await reasonOf(token.ServiceCredentialSecret), "other-service");
      assert.equal(await fixture.identity.tokens.resolve(key.ServiceCredentialSecret), undefined);
    });

    test("is one of fifty at most", async () => {
      for (let i = 0; i < 50; i++) await create({ ServiceName: "nephoscope" });
      await assert.rejects(
        create({ ServiceName: "nephoscope" }),
        iamError("LimitExceeded", "Cannot exceed quota for ContextSpecificCredentialsPerUserPerContext: 50"),
      );
    });
  });

  describe("in another process, within a second", () => {
    const elsewhere = async (token: string) => {
      const outcome = await fixture.elsewhere.bearer.resolve(token);
      return outcome.ok ? "ok" : outcome.reason;
    };
    const changes: readonly [string, (id: object) => Promise<unknown>, string][] = [
      ["deleted", (id) => call("DeleteServiceSpecificCredential", id), "unknown"],
      ["reset", (id) => call("ResetServiceSpecificCredential", id), "unknown"],
      [
        "deactivated",
        (id) => call("UpdateServiceSpecificCredential", { ...id, Status: "Inactive" }),
        "inactive",
      ],
      ["orphaned", () => fixture.identity.users.delete("alice", root), "unknown"],
    ];
    for (const [what, change, reason] of changes) {
      test(`a key that was ${what} is refused`, async () => {
        const made = await create();
        clock.advance(1000);
        assert.equal(await elsewhere(made.ServiceCredentialSecret), "ok");
        await change(idOf(made));
        clock.advance(1000);
        assert.equal(await elsewhere(made.ServiceCredentialSecret), reason);
      });
    }

    test("a changed policy decides", async () => {
      const question = { action: "logs:PutLogEvents", resource: "*" };
      const bob = await fixture.addUser("bob", { Effect: "Allow", Action: "logs:*", Resource: "*" });
      clock.advance(1000);
      await fixture.elsewhere.authorize(bob, question);
      await fixture.setInlinePolicy("bob", { Effect: "Deny", Action: "logs:*", Resource: "*" });
      clock.advance(1000);
      await assert.rejects(
        fixture.elsewhere.authorize(bob, question),
        iamError("AccessDenied", /own denies it/),
      );
    });
  });

  test("bad keys ask the database nothing", async () => {
    const { ServiceCredentialSecret: good } = await create();
    assert.equal(await reasonOf(good), "ok");
    const decoded = Buffer.from(good.slice(4), "base64").toString();
    const encode = (text: string) => `ACWL${Buffer.from(text).toString("base64")}`;
    const bad = [
      "",
      "ACWL",
      "ACWL!!!!",
      `${good}A`,
      `${good.slice(0, 4)} ${good.slice(4)}`,
      encode(`${decoded}x`),
      encode(decoded.replace("alice-at", "nobody-at")),
      encode(decoded.replace(":", "")),
      encode(":"),
      `ACWL${"A".repeat(100_000)}`,
      `nepho_${"x".repeat(43)}`,
      good.replace("ACWL", "ABSK"),
    ];
    const before = fixture.statements();
    for (const token of bad) assert.equal(await reasonOf(token), "unknown", token.slice(0, 80));
    assert.equal(fixture.statements(), before);
  });

  test("the last use is shown in the console, and costs no request a statement", async () => {
    const made = await create();
    await reasonOf(made.ServiceCredentialSecret);
    const before = fixture.statements();
    await reasonOf(made.ServiceCredentialSecret);
    assert.equal(fixture.statements(), before);
    const page = await fixture.identity.keys.list({ offset: 0, limit: 10, user: "alice" });
    assert.equal(page.items[0]?.lastUsedAt, new Date(clock.now()).toISOString());
  });
});
