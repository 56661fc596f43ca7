import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { type SimulatedAws, simulateAws } from "../test/support/simulated-aws.ts";

function assume(
  aws: SimulatedAws,
  input: Partial<AssumeRoleCommandInput> = {},
  client = new STSClient(aws.config()),
) {
  const { externalIds, roleArn } = aws.simulator.seeded;
  return client.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: "test",
      ExternalId: externalIds[0],
      ...input,
    }),
  );
}

const denied = {
  name: "AccessDenied",
  message: /is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::/,
};

describe("assuming a role", () => {
  test("with the right external ID gives a session of the role", async () => {
    const aws = simulateAws();
    const credentials = await aws.assume();
    const { Arn, Account } = await new STSClient(aws.config({ credentials })).send(
      new GetCallerIdentityCommand({}),
    );
    assert.equal(Arn, "arn:aws:sts::222222222222:assumed-role/NephoscopeRead/test");
    assert.equal(Account, "222222222222");
  });

  test("with a wrong, a missing or a revoked external ID, or of a role that does not exist, gets one and the same refusal", async () => {
    const aws = simulateAws();
    await assert.rejects(assume(aws, { ExternalId: "wrong" }), denied);
    await assert.rejects(assume(aws, { ExternalId: undefined }), denied);
    await assert.rejects(assume(aws, { RoleArn: "arn:aws:iam::222222222222:role/Nobody" }), denied);
    aws.simulator.accounts.setExternalIds(aws.simulator.seeded.roleArn, ["new-one"]);
    await assert.rejects(assume(aws), denied);
    await assume(aws, { ExternalId: "new-one" });
  });

  test("of the open role works with any external ID and with none", async () => {
    const aws = simulateAws();
    const RoleArn = aws.simulator.seeded.openRoleArn;
    await assume(aws, { RoleArn, ExternalId: undefined });
    await assume(aws, { RoleArn, ExternalId: "whatever" });
  });

  test("fails when trust is revoked or the caller may not; a session that exists lives on", async () => {
    const aws = simulateAws();
    const { accounts, seeded } = aws.simulator;
    const credentials = await aws.assume();
    accounts.revokeTrust(seeded.roleArn);
    await assert.rejects(assume(aws), denied);
    await new STSClient(aws.config({ credentials })).send(new GetCallerIdentityCommand({}));
    accounts.setTrustedPrincipals(seeded.roleArn, [seeded.userArn]);
    await assume(aws);
    accounts.deny(seeded.userArn, "sts:AssumeRole");
    await assert.rejects(assume(aws), denied);
  });

  test("by a session is chaining: one hour at most", async () => {
    const aws = simulateAws();
    const { accounts, seeded } = aws.simulator;
    const target = accounts.addRole({
      accountId: seeded.productionAccountId,
      name: "Second",
      principals: [seeded.roleArn],
      sessionSecondsMax: 43_200,
    });
    const chained = new STSClient(aws.config({ credentials: await aws.assume() }));
    await assume(aws, { RoleArn: target, DurationSeconds: 3_600 }, chained);
    await assert.rejects(assume(aws, { RoleArn: target, DurationSeconds: 3_601 }, chained), {
      name: "ValidationError",
      message: /1 hour session limit for roles assumed by role chaining/,
    });
  });

  test("checks its parameters as AWS does", async () => {
    const aws = simulateAws();
    const cases: [Partial<AssumeRoleCommandInput>, RegExp][] = [
      [
        { RoleSessionName: "a" },
        /at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2/,
      ],
      [{ RoleSessionName: "a b" }, /regular expression pattern: \[\\w\+=,\.@-\]\*/],
      [{ DurationSeconds: 899 }, /greater than or equal to 900/],
      [{ DurationSeconds: 43_201 }, /less than or equal to 43200/],
      [{ ExternalId: "x" }, /externalId/],
      [{ RoleArn: "arn:aws:iam::222222222222:root" }, /is invalid/],
      [
        { RoleArn: aws.simulator.seeded.openRoleArn, DurationSeconds: 7_200 },
        /exceeds the MaxSessionDuration/,
      ],
    ];
    for (const [input, message] of cases)
      await assert.rejects(assume(aws, input), { name: "ValidationError", message });
  });

  test("by a web identity needs no signature, but the right claims and time", async () => {
    const aws = simulateAws();
    const { webIdentity, webIdentityRoleArn } = aws.simulator.seeded;
    const exp = Math.floor(aws.clock.nowMs / 1000) + 600;
    const token = (claims: object) =>
      ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "sig"].join(".");
    const send = (claims: object) =>
      new STSClient(aws.config()).send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: webIdentityRoleArn,
          RoleSessionName: "pod",
          WebIdentityToken: token(claims),
        }),
      );
    const good = { sub: webIdentity.subject, aud: webIdentity.audience, exp };
    const { AssumedRoleUser } = await send(good);
    assert.match(AssumedRoleUser?.Arn ?? "", /assumed-role\/NephoscopeWebIdentity\/pod$/);
    await assert.rejects(send({ ...good, sub: "else" }), { name: "AccessDenied" });
    await assert.rejects(send({ ...good, aud: "else" }), { name: "InvalidIdentityTokenException" });
    await assert.rejects(send({ ...good, exp: exp - 3_600 }), { name: "ExpiredTokenException" });
    await assert.rejects(send({}), { name: "InvalidIdentityTokenException" });
  });
});
