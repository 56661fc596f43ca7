import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { AppError } from "../base/index.ts";
import {
  type AwsFailure,
  attemptTimeoutMs,
  type Credentials,
  tryConnection,
  withinTime,
} from "./connection.ts";

const never = new Promise<never>(() => {});
const denied: AwsFailure = {
  cause: "DENIED_ASSUME",
  rawCode: "AccessDenied",
  message: "no",
  advice: [],
  disables: true,
};
const settings = { roleArn: "arn:aws:iam::123456789012:role/R", externalId: "abc", credentialId: null };
const identity = {
  accountId: "123456789012",
  arn: "arn:aws:sts::123456789012:assumed-role/R/s",
  userId: "u",
};

function credentialsThat(openDefault: Credentials["openDefault"]): Credentials {
  return { openDefault, open: () => assert.fail("not asked for"), get: () => assert.fail("not asked for") };
}
const session = (ask: () => Promise<typeof identity>) =>
  ({
    region: "us-east-1",
    identity: ask,
    client: () => assert.fail(),
    withAccounting: () => assert.fail(),
  }) as never;

test("a role without a stored credential is assumed by the server's own identity, with the external ID", async () => {
  let hops: unknown;
  const credentials = credentialsThat(async (given) => {
    hops = given;
    return session(async () => identity);
  });
  const attempt = await tryConnection(
    { credentials, classify: () => denied, clock: createSettableClock(0) },
    settings,
  );
  assert.deepEqual(attempt, { ok: true, identity });
  assert.deepEqual(hops, [{ roleArn: settings.roleArn, externalId: "abc" }]);
});

test("what AWS refuses is a result, what the operator forbids is thrown", async () => {
  const clock = createSettableClock(0);
  const refused = credentialsThat(async () => session(async () => Promise.reject(new Error("AccessDenied"))));
  assert.deepEqual(await tryConnection({ credentials: refused, classify: () => denied, clock }, settings), {
    ok: false,
    failure: denied,
  });
  const forbidden = credentialsThat(async () => Promise.reject(new AppError("assume_role_disabled")));
  await assert.rejects(tryConnection({ credentials: forbidden, classify: () => denied, clock }, settings), {
    code: "assume_role_disabled",
  });
});

test("an AWS that hangs is given up on, well before the client's own limit", async () => {
  const clock = createSettableClock(0);
  const hanging = credentialsThat(async () => session(() => never));
  const attempt = tryConnection({ credentials: hanging, classify: () => denied, clock }, settings);
  await new Promise(setImmediate);
  clock.advance(attemptTimeoutMs);
  const result = await attempt;
  assert.ok(!result.ok && result.failure.cause === "NETWORK" && !result.failure.disables);
  assert.ok(attemptTimeoutMs < 30_000);
});

test("work that does not listen is left behind when the caller's signal aborts", async () => {
  const stop = new AbortController();
  const work = withinTime(createSettableClock(0), 1_000, () => never, stop.signal);
  stop.abort(new Error("stopped"));
  await assert.rejects(work, /stopped/);
});
