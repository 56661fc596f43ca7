import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { signedRequest } from "../../../test/support/sdk-in-process.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { AppError } from "../../base/index.ts";
import {
  accountId,
  createIamFixture,
  type IamFixture,
  iamError,
  region,
  root,
} from "../testing/iam-fixture.ts";

const password = "a password of alice";

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let fixture: IamFixture;
  const call = (...args: Parameters<IamFixture["call"]>) => fixture.call(...args);

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(Date.UTC(2026, 10, 21));
    fixture = await createIamFixture({ kysely: opened.database.kysely, clock });
  });

  describe("users", () => {
    test("are made with path and tags, under AWS's ids", async () => {
      const Tags = [{ Key: "team", Value: "ops" }];
      const { User } = await call("CreateUser", { UserName: "alice", Path: "/teams/ops/", Tags });
      assert.match(User.UserId, /^AIDA[A-Z0-9]{17}$/);
      assert.equal(User.Arn, `arn:aws:iam::${accountId}:user/teams/ops/alice`);
      assert.deepEqual((await call("GetUser", { UserName: "ALICE" })).User, User);
      const { Users } = await call("ListUsers", { PathPrefix: "/teams/" });
      assert.deepEqual(
        Users.map(({ UserName }: { UserName: string }) => UserName),
        ["alice"],
      );
    });

    test("are what the audit record of a call on them is about, by their path", async () => {
      const arn = `arn:aws:iam::${accountId}:user/teams/ops/alice`;
      const made = { UserName: "alice", Path: "/teams/ops/" };
      assert.deepEqual(await fixture.resources("CreateUser", made), [arn]);
      await call("CreateUser", made);
      const PolicyArn = "arn:aws:iam::aws:policy/Proxies";
      const alice = await fixture.principal("alice");
      assert.deepEqual(await fixture.resources("AttachUserPolicy", { UserName: "Alice", PolicyArn }), [
        arn,
        PolicyArn,
      ]);
      for (const name of ["GetUser", "UpdateUser", "DeleteUser", "TagUser", "PutUserPolicy"])
        assert.deepEqual(await fixture.resources(name, { UserName: "Alice" }), [arn], name);
      for (const name of ["CreateAccessKey", "UpdateLoginProfile", "CreateServiceSpecificCredential"])
        assert.deepEqual(await fixture.resources(name, {}, alice), [arn], name);
    });

    test("are listed by the beginning of a path, and by nothing that cannot be one", async () => {
      assert.equal((await call("ListUsers", { PathPrefix: "/te" })).Users.length, 0);
      await assert.rejects(
        call("ListUsers", { PathPrefix: "teams/" }),
        iamError("ValidationError", /'pathPrefix' .* regular expression pattern/),
      );
    });

    test("are told times without a fraction of a second", async () => {
      clock.advance(1_234);
      const { User } = await call("CreateUser", { UserName: "alice" });
      assert.equal(User.CreateDate.toISOString(), "2026-11-21T00:00:01.000Z");
    });

    test("have names that are unique whatever their case", async () => {
      await call("CreateUser", { UserName: "alice" });
      await assert.rejects(
        call("CreateUser", { UserName: "Alice" }),
        iamError("EntityAlreadyExists", "User with name Alice already exists."),
      );
    });

    const bad: readonly [object, RegExp][] = [
      [{ UserName: "" }, /'userName' .* length greater than or equal to 1/],
      [{ UserName: "x".repeat(65) }, /'userName' .* length less than or equal to 64/],
      [{ UserName: "a b" }, /The specified value for userName is invalid/],
      [{ UserName: "a\0" }, /The specified value for userName is invalid/],
      [{ UserName: "a", Path: "ops" }, /The specified value for path is invalid/],
      [{ UserName: "a", Path: `/${"x".repeat(511)}/` }, /'path' .* length less than or equal to 512/],
    ];
    for (const [input, message] of bad) {
      test(`are refused as ${JSON.stringify(input).slice(0, 60)}`, async () => {
        await assert.rejects(call("CreateUser", input), iamError("ValidationError", message));
      });
    }

    test("with two tags of one key, or with a boundary, are refused", async () => {
      const Tags = [
        { Key: "a", Value: "1" },
        { Key: "A", Value: "2" },
      ];
      await assert.rejects(call("CreateUser", { UserName: "alice", Tags }), iamError("InvalidInput"));
      const PermissionsBoundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
      await assert.rejects(
        call("CreateUser", { UserName: "alice", PermissionsBoundary }),
        iamError("InvalidInput"),
      );
    });

    test("can be renamed and moved, but not to a name that is taken", async () => {
      await call("CreateUser", { UserName: "alice" });
      await call("UpdateUser", { UserName: "alice", NewUserName: "Alice", NewPath: "/ops/" });
      assert.equal(
        (await call("GetUser", { UserName: "alice" })).User.Arn,
        `arn:aws:iam::${accountId}:user/ops/Alice`,
      );
      await assert.rejects(
        call("UpdateUser", { UserName: "alice", NewUserName: "ADMIN" }),
        iamError("EntityAlreadyExists"),
      );
      await assert.rejects(
        call("UpdateUser", { UserName: "nobody", NewUserName: "somebody" }),
        iamError("NoSuchEntity", "The user with name nobody cannot be found."),
      );
    });

    test("are renamed by whoever may change both names", async () => {
      await fixture.addUser("alice");
      const resource = (name: string) => `arn:aws:iam::${accountId}:user/${name}`;
      const onlyAlice = { Effect: "Allow", Action: "iam:UpdateUser", Resource: resource("alice") };
      const bob = await fixture.addUser("bob", onlyAlice);
      const input = { UserName: "alice", NewUserName: "carol" };
      await assert.rejects(call("UpdateUser", input, bob), iamError("AccessDenied", /user\/carol/));
      await fixture.setInlinePolicy("bob", { ...onlyAlice, Resource: resource("*") });
      await call("UpdateUser", input, bob);
    });

    test("are listed in pages of which each begins after the last", async () => {
      for (const UserName of ["bob", "Alice", "carol"]) await call("CreateUser", { UserName });
      const names: string[] = [];
      let Marker: string | undefined;
      do {
        const page = await call("ListUsers", { MaxItems: 1, Marker });
        names.push(...page.Users.map(({ UserName }: { UserName: string }) => UserName));
        Marker = page.Marker;
      } while (Marker);
      assert.deepEqual(names, ["admin", "Alice", "bob", "carol"]);
      await assert.rejects(
        call("ListUsers", { Marker: "what" }),
        iamError("ValidationError", "Invalid Marker."),
      );
      await assert.rejects(call("ListUsers", { MaxItems: 0 }), iamError("ValidationError", /maxItems/));
    });

    test("ask who they are without a name; root has none", async () => {
      const alice = await fixture.addUser("alice", { Effect: "Allow", Action: "iam:GetUser", Resource: "*" });
      assert.equal((await call("GetUser", {}, alice)).User.UserName, "alice");
      const { User } = await call("GetUser");
      assert.deepEqual(
        [User.Arn, User.UserId, User.UserName],
        [`arn:aws:iam::${accountId}:root`, accountId, undefined],
      );
    });

    test("are told who they are by STS without any permission", async () => {
      const alice = await fixture.addUser("alice");
      assert.deepEqual(await call("GetCallerIdentity", {}, alice), {
        UserId: alice.id,
        Account: accountId,
        Arn: alice.arn,
      });
      assert.equal((await call("GetCallerIdentity")).Arn, `arn:aws:iam::${accountId}:root`);
    });

    test("are deleted only when nothing of theirs is left", async () => {
      const deletion = () => call("DeleteUser", { UserName: "alice" });
      await fixture.addUser("alice", { Effect: "Allow", Action: "*", Resource: "*" }, ["ReadOnlyAccess"]);
      const { AccessKeyId } = (await call("CreateAccessKey", { UserName: "alice" })).AccessKey;
      await call("CreateLoginProfile", { UserName: "alice", Password: password });
      const conflict = (first: string) =>
        iamError("DeleteConflict", `Cannot delete entity, must ${first} first.`);
      await assert.rejects(deletion(), conflict("remove access keys"));
      await call("DeleteAccessKey", { UserName: "alice", AccessKeyId });
      await assert.rejects(deletion(), conflict("delete login profile"));
      await call("DeleteLoginProfile", { UserName: "alice" });
      await assert.rejects(deletion(), conflict("detach all policies"));
      await fixture.identity.users.update("alice", { policies: [] }, root);
      await assert.rejects(deletion(), conflict("delete policies"));
      await opened.database.kysely.deleteFrom("user_inline_policies").execute();
      await deletion();
      await assert.rejects(deletion(), iamError("NoSuchEntity", "The user with name alice cannot be found."));
    });

    test("of whom one is the last administrator cannot be deleted", async () => {
      await assert.rejects(call("DeleteUser", { UserName: "admin" }), iamError("DeleteConflict", /only one/));
    });
  });

  describe("tags", () => {
    test("are added, replaced and taken away, whatever the case of their keys", async () => {
      await call("CreateUser", { UserName: "alice" });
      const tags = async () => (await call("ListUserTags", { UserName: "alice" })).Tags;
      await call("TagUser", {
        UserName: "alice",
        Tags: [
          { Key: "team", Value: "a" },
          { Key: "Cost", Value: "" },
        ],
      });
      await call("TagUser", { UserName: "alice", Tags: [{ Key: "Team", Value: "b" }] });
      assert.deepEqual(await tags(), [
        { Key: "Cost", Value: "" },
        { Key: "Team", Value: "b" },
      ]);
      await call("UntagUser", { UserName: "alice", TagKeys: ["TEAM", "none"] });
      assert.deepEqual(await tags(), [{ Key: "Cost", Value: "" }]);
      await assert.rejects(
        call("UntagUser", { UserName: "alice", TagKeys: [""] }),
        iamError("ValidationError"),
      );
    });

    // An assignment to an object's member of this name is lost without a word.
    test("cannot have a key that is kept for AWS", async () => {
      await call("CreateUser", { UserName: "alice" });
      await assert.rejects(
        call("TagUser", { UserName: "alice", Tags: [{ Key: "AWS:team", Value: "a" }] }),
        iamError("InvalidInput", "Caller is an end user and not allowed to mutate system tags"),
      );
    });

    test("may have the key __proto__", async () => {
      const Tags = [{ Key: "__proto__", Value: "kept" }];
      await call("CreateUser", { UserName: "alice", Tags });
      await call("TagUser", { UserName: "alice", Tags: [{ Key: "constructor", Value: "" }] });
      assert.deepEqual((await call("ListUserTags", { UserName: "alice" })).Tags, [
        ...Tags,
        { Key: "constructor", Value: "" },
      ]);
    });

    test("are fifty at most", async () => {
      await call("CreateUser", { UserName: "alice" });
      const Tags = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: "" }));
      await call("TagUser", { UserName: "alice", Tags });
      await assert.rejects(
        call("TagUser", { UserName: "alice", Tags: [{ Key: "one more", Value: "" }] }),
        iamError("LimitExceeded"),
      );
    });

    test("of caller and user are condition keys", async () => {
      const sameTeam = {
        Effect: "Allow",
        Action: "iam:GetUser",
        Resource: "*",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's language.
        Condition: { StringEquals: { "aws:ResourceTag/team": "${aws:PrincipalTag/team}" } },
      };
      const bob = await fixture.addUser("bob", sameTeam);
      await fixture.addUser("alice");
      const attempt = () => call("GetUser", { UserName: "alice" }, bob);
      await call("TagUser", { UserName: "bob", Tags: [{ Key: "team", Value: "ops" }] });
      await assert.rejects(attempt(), iamError("AccessDenied"));
      await call("TagUser", { UserName: "alice", Tags: [{ Key: "team", Value: "ops" }] });
      assert.equal((await attempt()).User.UserName, "alice");
    });

    test("are given to a new user by those who may tag", async () => {
      const bob = await fixture.addUser("bob", { Effect: "Allow", Action: "iam:CreateUser", Resource: "*" });
      const Tags = [{ Key: "team", Value: "ops" }];
      await assert.rejects(call("CreateUser", { UserName: "eve", Tags }, bob), iamError("AccessDenied"));
      await call("CreateUser", { UserName: "eve" }, bob);
    });
  });

  describe("access keys", () => {
    const sign = ({ AccessKeyId, SecretAccessKey }: { AccessKeyId: string; SecretAccessKey: string }) =>
      signedRequest({
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        service: "iam",
        region: "ap-south-1",
        atMs: clock.now(),
        body: "Action=ListUsers",
      });
    const verify = async (
      key: { AccessKeyId: string; SecretAccessKey: string },
      identity = fixture.identity,
    ) => {
      const outcome = await identity.signatures.verify(await sign(key), { services: ["iam"] });
      return outcome.ok ? outcome.identity.principal.arn : outcome.failure.reason;
    };
    const create = async (input: object = { UserName: "alice" }, as = root) =>
      (await call("CreateAccessKey", input, as)).AccessKey;
    const aliceArn = `arn:aws:iam::${accountId}:user/alice`;
    beforeEach(async () => {
      await fixture.addUser("alice", { Effect: "Allow", Action: "iam:*AccessKey*", Resource: aliceArn });
    });

    test("sign for their user while they are active; their last use is known", async () => {
      const key = await create();
      assert.match(key.AccessKeyId, /^AKIA[A-Z2-7]{16}$/);
      assert.equal(key.SecretAccessKey.length, 40);
      const { AccessKeyId } = key;
      await assert.rejects(
        call("GetAccessKeyLastUsed", { AccessKeyId: "A" }),
        iamError("ValidationError", /'accessKeyId' .* length greater than or equal to 16/),
      );
      const lastUsed = async () => (await call("GetAccessKeyLastUsed", { AccessKeyId })).AccessKeyLastUsed;
      assert.deepEqual(await lastUsed(), { ServiceName: "N/A", Region: "N/A" });
      assert.equal(await verify(key), aliceArn);
      assert.deepEqual(await lastUsed(), {
        LastUsedDate: new Date(clock.now()),
        ServiceName: "iam",
        Region: "ap-south-1",
      });
      await call("UpdateAccessKey", { UserName: "alice", AccessKeyId, Status: "Inactive" });
      assert.equal(await verify(key), "unknown-key");
      await call("UpdateAccessKey", { UserName: "alice", AccessKeyId, Status: "Active" });
      assert.equal(await verify(key), aliceArn);
    });

    test("are refused by another process within a second, and their secret is forgotten", async () => {
      const key = await create();
      const secrets = fixture.vault.size();
      clock.advance(1000);
      assert.equal(await verify(key, fixture.elsewhere), aliceArn);
      await call("DeleteAccessKey", { UserName: "alice", AccessKeyId: key.AccessKeyId });
      assert.equal(fixture.vault.size(), secrets - 1);
      clock.advance(1000);
      assert.equal(await verify(key, fixture.elsewhere), "unknown-key");
    });

    test("of a user who is deleted in the console go with the user, secrets included", async () => {
      const secrets = fixture.vault.size();
      const key = await create();
      await fixture.identity.users.delete("alice", root);
      assert.equal(await verify(key), "unknown-key");
      assert.equal(fixture.vault.size(), secrets);
    });

    test("are two at most, also for root", async () => {
      await create();
      await create();
      await assert.rejects(
        create(),
        iamError("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"),
      );
      await create({});
      await assert.rejects(create({}), iamError("LimitExceeded"));
    });

    test("of oneself need no name; those of others are not found without one", async () => {
      const alice = await fixture.principal("alice");
      const own = await create({}, alice);
      assert.equal(own.UserName, "alice");
      const { AccessKeyMetadata } = await call("ListAccessKeys", {}, alice);
      assert.deepEqual(
        AccessKeyMetadata.map(({ AccessKeyId }: { AccessKeyId: string }) => AccessKeyId),
        [own.AccessKeyId],
      );
      const { rootAccessKeyId: AccessKeyId } = fixture.firstRun;
      await assert.rejects(
        call("DeleteAccessKey", { AccessKeyId }, alice),
        iamError("NoSuchEntity", `The Access Key with id ${AccessKeyId} cannot be found.`),
      );
      await assert.rejects(create({ UserName: "admin" }, alice), iamError("AccessDenied"));
    });

    test("that do not exist cost no statement", async () => {
      await fixture.identity.directory.current();
      const before = fixture.statements();
      const unknown = { AccessKeyId: "AKIAAAAAAAAAAAAAAAAA", SecretAccessKey: "x".repeat(40) };
      assert.equal(await verify(unknown), "unknown-key");
      assert.equal(fixture.statements(), before);
    });

    test("with a wrong secret, or for another service, do not verify", async () => {
      const key = await create();
      assert.equal(await verify({ ...key, SecretAccessKey: "x".repeat(40) }), "mismatch");
      const outcome = await fixture.identity.signatures.verify(await sign(key), { services: ["logs"] });
      assert.equal(!outcome.ok && outcome.failure.reason, "mismatch");
    });
  });

  describe("login profiles", () => {
    const signIn = () => fixture.identity.sessions.signIn({ user: "alice", password, address: "10.0.0.1" });
    const loginFailed = (error: unknown) => error instanceof AppError && error.code === "login_failed";
    beforeEach(async () => {
      await fixture.addUser("alice");
    });

    test("let a user into the console, who could not enter without", async () => {
      await assert.rejects(signIn(), loginFailed);
      await assert.rejects(
        call("GetLoginProfile", { UserName: "alice" }),
        iamError("NoSuchEntity", "Login Profile for User alice cannot be found."),
      );
      const made = await call("CreateLoginProfile", { UserName: "alice", Password: password });
      assert.deepEqual(await call("GetLoginProfile", { UserName: "alice" }), made);
      assert.equal((await signIn()).session.user, "alice");
      await assert.rejects(
        call("CreateLoginProfile", { UserName: "alice", Password: password }),
        iamError("EntityAlreadyExists"),
      );
    });

    test("that change or go end the sessions they opened", async () => {
      await call("CreateLoginProfile", { UserName: "alice", Password: password });
      const changes = [
        ["UpdateLoginProfile", { UserName: "alice", Password: password }],
        ["DeleteLoginProfile", { UserName: "alice" }],
      ] as const;
      for (const [operation, input] of changes) {
        const { cookieValue } = await signIn();
        assert.ok(await fixture.identity.sessions.resolve(cookieValue));
        await call(operation, input);
        assert.equal(await fixture.identity.sessions.resolve(cookieValue), undefined);
      }
      await assert.rejects(signIn(), loginFailed);
    });

    test("want a password that is long enough, and cannot demand a new one", async () => {
      const UserName = "alice";
      await assert.rejects(call("CreateLoginProfile", { UserName }), iamError("ValidationError"));
      await assert.rejects(
        call("CreateLoginProfile", { UserName, Password: "too short" }),
        iamError("PasswordPolicyViolation"),
      );
      await assert.rejects(
        call("CreateLoginProfile", { UserName, Password: password, PasswordResetRequired: true }),
        iamError("InvalidInput"),
      );
    });
  });

  test("a session shows what its user may do now, by every kind of policy", async () => {
    await fixture.identity.users.create({ name: "alice", password, policies: ["ReadOnlyAccess"] }, root);
    const allowed = async () => {
      const { session } = await fixture.identity.sessions.signIn({ user: "alice", password, address: "" });
      return session.allowedOperations;
    };
    assert.ok(!(await allowed()).includes("vault:Rotate"));
    await fixture.setInlinePolicy("alice", { Effect: "Allow", Action: "vault:*", Resource: "*" });
    assert.ok((await allowed()).includes("vault:Rotate"));
    assert.ok((await allowed()).includes("iam:CreateServiceSpecificCredential"));
  });

  test("facts of the request decide where a policy asks for them", async () => {
    const fromHome = {
      Effect: "Allow",
      Action: "logs:*",
      Resource: "*",
      Condition: {
        IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
        StringEquals: { "aws:RequestedRegion": region },
      },
    };
    const alice = await fixture.addUser("alice", fromHome);
    const ask = (sourceIp: string) =>
      fixture.identity.authorize(alice, { action: "logs:PutLogEvents", resource: "*" }, { sourceIp });
    await ask("10.1.2.3");
    await assert.rejects(ask("192.168.0.1"), iamError("AccessDenied", /aws:SourceIp/));
  });

  test("the account's summary counts, and it has no alias", async () => {
    const { SummaryMap } = await call("GetAccountSummary");
    assert.deepEqual([SummaryMap.Users, SummaryMap.AccountAccessKeysPresent], [1, 1]);
    assert.deepEqual(await call("ListAccountAliases"), { AccountAliases: [], IsTruncated: false });
    for (const page of [{ MaxItems: 0 }, { MaxItems: 1001 }, { Marker: "" }, { Marker: "x" }])
      await assert.rejects(call("ListAccountAliases", page), iamError("ValidationError"));
  });

  test("a stored policy that cannot be read denies everything", async () => {
    const alice = await fixture.addUser("alice", { Effect: "Allow", Action: "*", Resource: "*" });
    await fixture.identity.authorize(alice, "runs:List");
    await opened.database.kysely
      .updateTable("user_inline_policies")
      .set({ document: '{"Statement":[{"Effect":"Maybe"}]}' })
      .execute();
    await fixture.identity.directory.reload();
    await assert.rejects(
      fixture.identity.authorize(alice, "runs:List"),
      iamError("AccessDenied", /UnreadablePolicy/),
    );
  });
});
