import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { type SigningInput, signedRequest } from "../../../test/support/sdk-in-process.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import type { Principal } from "../../contract/index.ts";
import { createIamFixture, type IamFixture, iamError, region } from "../testing/iam-fixture.ts";

const hourMs = 3_600_000;

interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let fixture: IamFixture;
  /** Of alice, who may do nothing, and of root. */
  let long: Key;
  let rootKey: Key;

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(Date.UTC(2026, 10, 21, 12, 0, 0, 789));
    fixture = await createIamFixture({ kysely: opened.database.kysely, clock });
    const { rootAccessKeyId, rootSecretAccessKey } = fixture.firstRun;
    rootKey = { accessKeyId: rootAccessKeyId, secretAccessKey: rootSecretAccessKey };
    await fixture.addUser("alice");
    const { AccessKey } = await fixture.call("CreateAccessKey", { UserName: "alice" });
    long = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  });

  const verify = async (key: Key, signing: Partial<SigningInput> = {}, identity = fixture.identity) =>
    identity.signatures.verify(
      await signedRequest({ ...key, service: "logs", body: "{}", atMs: clock.now(), ...signing }),
    );
  /** The caller, or the reason of the refusal. */
  const callerOf = async (...asked: Parameters<typeof verify>): Promise<Principal | string> => {
    const outcome = await verify(...asked);
    return outcome.ok ? outcome.identity.principal : outcome.failure.reason;
  };
  const principalOf = async (key: Key): Promise<Principal> => {
    const caller = await callerOf(key);
    assert.ok(typeof caller === "object", String(caller));
    return caller;
  };
  const arnOf = async (...asked: Parameters<typeof verify>) => {
    const caller = await callerOf(...asked);
    return typeof caller === "string" ? caller : caller.arn;
  };
  const ask = async (input: object = {}, key: Key = long) => {
    const { Credentials } = await fixture.call("GetSessionToken", input, await principalOf(key));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials;
    const session: Key = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    return { session, expiresAt: Expiration as Date };
  };
  const aliceArn = "arn:aws:iam::123456789012:user/alice";

  describe("temporary credentials", () => {
    test("sign for their user, in headers and queries, on every process, without a row or a query", async () => {
      const { session, expiresAt } = await ask();
      assert.match(session.accessKeyId, /^ASIA[A-Z2-7]{16}$/);
      assert.match(session.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
      assert.equal(expiresAt.toISOString(), "2026-11-22T00:00:00.000Z");
      const presigned = { method: "GET", body: "", presignSeconds: 60 };
      await fixture.elsewhere.directory.current();
      const before = fixture.statements();
      assert.equal(await arnOf(session), aliceArn);
      assert.equal(await arnOf(session, presigned), aliceArn);
      assert.equal(await arnOf(session, {}, fixture.elsewhere), aliceArn);
      assert.equal(fixture.statements(), before);
      const keys = await opened.database.kysely.selectFrom("access_keys").select("access_key_id").execute();
      assert.ok(!keys.some((key) => key.access_key_id === session.accessKeyId));
    });

    test("show the user as the long-term key does, and the time of their issue in whole seconds", async () => {
      const caller = await principalOf((await ask()).session);
      const { UserId, Arn } = await fixture.call("GetCallerIdentity", {}, caller);
      assert.deepEqual([UserId, Arn], [(await principalOf(long)).id, aliceArn]);
      assert.equal(caller.proof.issuedAtMs, Date.UTC(2026, 10, 21, 12));
      assert.equal((await principalOf(long)).proof.issuedAtMs, undefined);
    });

    test("last as long as was asked for, and no longer", async () => {
      const { session } = await ask({ DurationSeconds: 900 });
      clock.advance(899_000);
      assert.equal(await arnOf(session), aliceArn);
      clock.advance(1_000);
      const outcome = await verify(session);
      assert.deepEqual(outcome, {
        ok: false,
        failure: {
          reason: "expired-token",
          message: "The security token included in the request is expired",
        },
      });
    });

    test("of root last an hour at most, whatever was asked for", async () => {
      for (const [input, ms] of [
        [{}, hourMs],
        [{ DurationSeconds: 129_600 }, hourMs],
        [{ DurationSeconds: 900 }, 900_000],
      ] as const) {
        const { session, expiresAt } = await ask(input, rootKey);
        assert.equal(expiresAt.getTime(), Date.UTC(2026, 10, 21, 12) + ms);
        assert.equal(await arnOf(session), "arn:aws:iam::123456789012:root");
      }
    });

    test("end with the key that asked for them, here at once and elsewhere within a second", async () => {
      const { session } = await ask();
      const setStatus = (Status: string) =>
        fixture.call("UpdateAccessKey", { UserName: "alice", AccessKeyId: long.accessKeyId, Status });
      const both = async () => [await arnOf(session), await arnOf(session, {}, fixture.elsewhere)];
      assert.deepEqual(await both(), [aliceArn, aliceArn]);
      await setStatus("Inactive");
      clock.advance(999);
      assert.deepEqual(await both(), ["unknown-key", "unknown-key"]);
      await setStatus("Active");
      clock.advance(999);
      assert.deepEqual(await both(), [aliceArn, aliceArn]);
      await fixture.call("DeleteAccessKey", { UserName: "alice", AccessKeyId: long.accessKeyId });
      clock.advance(999);
      assert.deepEqual(await both(), ["unknown-key", "unknown-key"]);
    });

    test("end with their user, and do not come back with another of the same name", async () => {
      const { session } = await ask();
      await fixture.identity.users.delete("alice", await fixture.principal("admin"));
      assert.equal(await arnOf(session), "unknown-key");
      await fixture.addUser("alice");
      await fixture.call("CreateAccessKey", { UserName: "alice" });
      assert.equal(await arnOf(session), "unknown-key");
    });

    test("are nothing without their token, with another one, or with one that was changed", async () => {
      const [{ session }, { session: other }] = [await ask(), await ask()];
      const { sessionToken = "", ...bare } = session;
      assert.equal(await arnOf(bare), "unknown-key");
      assert.equal(await arnOf({ ...session, sessionToken: other.sessionToken! }), "unknown-key");
      assert.equal(await arnOf({ ...session, sessionToken: sessionToken.slice(0, -1) }), "unknown-key");
      assert.equal(await arnOf({ ...session, secretAccessKey: other.secretAccessKey }), "mismatch");
      assert.equal(await arnOf({ ...long, sessionToken }), "unknown-key");
    });

    test("a token that is sent and not signed proves nothing", async () => {
      const { sessionToken, ...bare } = (await ask()).session;
      const request = await signedRequest({ ...bare, service: "logs", atMs: clock.now(), body: "{}" });
      const headers = { ...request.headers, "x-amz-security-token": sessionToken };
      const outcome = await fixture.identity.signatures.verify({ ...request, headers });
      assert.equal(!outcome.ok && outcome.failure.reason, "mismatch");
    });

    test("count as a use of the key that asked for them, and are told as it", async () => {
      const { session } = await ask();
      clock.advance(61_000);
      const outcome = await verify(session, { service: "cloudtrail", region: "eu-central-1" });
      assert.equal(outcome.ok && outcome.identity.accessKeyId, long.accessKeyId);
      const { AccessKeyLastUsed } = await fixture.call("GetAccessKeyLastUsed", {
        AccessKeyId: long.accessKeyId,
      });
      const { ServiceName, Region } = AccessKeyLastUsed;
      assert.deepEqual([ServiceName, Region], ["cloudtrail", "eu-central-1"]);
    });

    test("cannot call IAM, and are told what can", async () => {
      const outcome = await verify((await ask()).session, { service: "iam" });
      assert.ok(!outcome.ok);
      assert.equal(outcome.failure.reason, "invalid-token");
      assert.match(
        outcome.failure.message,
        /^The security token included in the request is invalid\. .*sign with the access key/,
      );
    });

    test("of a key that is known can be told before a body is read", async () => {
      const { session } = await ask();
      const { signatures } = fixture.identity;
      const claim = { accessKeyId: session.accessKeyId, sessionToken: session.sessionToken };
      assert.equal(await signatures.refuse(claim), undefined);
      assert.equal(await signatures.refuse({ ...long, sessionToken: undefined }), undefined);
      const { sessionToken } = (await ask()).session;
      for (const wrong of [
        { ...claim, sessionToken: undefined },
        { ...claim, sessionToken },
      ])
        assert.equal((await signatures.refuse(wrong))?.reason, "unknown-key");
    });
  });

  describe("GetSessionToken", () => {
    const refuses = async (input: object, code: string, message: string, key: Key = long) =>
      assert.rejects(ask(input, key), iamError(code, message));

    test("takes durations of AWS's bounds", async () => {
      await refuses(
        { DurationSeconds: 899 },
        "ValidationError",
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      );
      await refuses(
        { DurationSeconds: 129_601 },
        "ValidationError",
        "1 validation error detected: Value '129601' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600",
      );
      await ask({ DurationSeconds: 129_600 });
    });

    test("knows no MFA device, and no half of one", async () => {
      const SerialNumber = "arn:aws:iam::123456789012:mfa/alice";
      await refuses(
        { SerialNumber, TokenCode: "123456" },
        "AccessDenied",
        "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
      );
      const half =
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";
      await refuses({ SerialNumber }, "AccessDenied", half);
      await refuses({ TokenCode: "123456" }, "AccessDenied", half);
    });

    test("is refused to temporary credentials, so that none prolong themselves", async () => {
      const { session } = await ask();
      const text = "Cannot call GetSessionToken with session credentials";
      await refuses({}, "AccessDenied", text, session);
    });

    test("needs no permission, but a Deny binds", async () => {
      await ask();
      await fixture.setInlinePolicy("alice", {
        Effect: "Deny",
        Action: "sts:GetSessionToken",
        Resource: "*",
      });
      clock.advance(999);
      await assert.rejects(ask(), iamError("AccessDenied", /sts:GetSessionToken.*explicit deny/));
    });
  });

  describe("policies know", () => {
    const mayRead = async (key: Key): Promise<boolean> => {
      const question = { action: "logs:DescribeLogGroups", resource: `arn:aws:logs:${region}:*:*` };
      const caller = await principalOf(key);
      return fixture.identity.authorize(caller, question).then(
        () => true,
        () => false,
      );
    };
    const allowReading = { Effect: "Allow", Action: "logs:*", Resource: "*" };

    test("sessions that were issued before a time: the usual way to end them all", async () => {
      const { session: before } = await ask();
      clock.advance(60_000);
      await fixture.setInlinePolicy("alice", [
        allowReading,
        {
          Effect: "Deny",
          Action: "*",
          Resource: "*",
          Condition: { DateLessThan: { "aws:TokenIssueTime": "2026-11-21T12:00:30Z" } },
        },
      ]);
      const { session: after } = await ask();
      assert.deepEqual(
        [await mayRead(before), await mayRead(after), await mayRead(long)],
        [false, true, true],
      );
    });

    test("that nobody proved a second factor: false in a session, absent with a long-term key", async () => {
      await fixture.setInlinePolicy("alice", [
        allowReading,
        {
          Effect: "Deny",
          Action: "logs:*",
          Resource: "*",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
        },
      ]);
      clock.advance(999);
      assert.deepEqual([await mayRead((await ask()).session), await mayRead(long)], [false, true]);
    });

    test("what the user may do now, not what he might when the session began", async () => {
      const { session } = await ask();
      assert.equal(await mayRead(session), false);
      await fixture.setInlinePolicy("alice", allowReading);
      clock.advance(999);
      assert.equal(await mayRead(session), true);
    });
  });
});
