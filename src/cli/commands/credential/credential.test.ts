import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal, type FakeTerminal } from "../../testing/fake-terminal.ts";
import { onePage, sampleCredential } from "../../testing/samples.ts";

const page = "GET /api/v1/credentials";

function sentSecret({ requests: [first] }: FakeTerminal): unknown {
  assert.ok(first);
  return (first.body as Record<string, unknown>).secretAccessKey;
}

test("a secret comes from the environment, a file or standard input and goes into the body only", async () => {
  const create = { "POST /api/v1/credentials": sampleCredential };
  const args = [
    "credential",
    "create",
    "--name",
    "prod",
    "--region",
    "eu-west-1",
    "--access-key-id",
    "AKIAIOSFODNN7EXAMPLE",
  ];
  const fromEnvironment = createFakeTerminal(create, { environment: { NEPHO_TOKEN: "t", SECRET: "s3cret" } });
  assert.equal(
    await runProgram(
      [...args, "--secret-from-env", "SECRET", "--role-arn", "arn:aws:iam::123456789012:role/R"],
      fromEnvironment,
    ),
    0,
  );
  assert.deepEqual(fromEnvironment.requests[0]?.body, {
    name: "prod",
    method: "keys",
    region: "eu-west-1",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "s3cret",
    roleChain: [{ roleArn: "arn:aws:iam::123456789012:role/R", externalIdSource: "generated" }],
  });
  assert.doesNotMatch(fromEnvironment.output() + fromEnvironment.errors(), /s3cret/);

  const fromInput = createFakeTerminal(create);
  await runProgram([...args, "--secret-access-key-file", "-"], fromInput);
  assert.equal(sentSecret(fromInput), "from standard input");

  const asked = createFakeTerminal(create, { askSecret: async () => "typed" });
  await runProgram(args, asked);
  assert.equal(sentSecret(asked), "typed");
});

test("an external ID says who made it: this server, the role's owner or nobody", async () => {
  const role = "arn:aws:iam::123456789012:role/R";
  const chainFor = async (...flags: string[]) => {
    const terminal = createFakeTerminal({ "POST /api/v1/credentials": sampleCredential });
    const args = ["credential", "create", "--name", "prod", "--method", "default", "--region", "eu-west-1"];
    const exitCode = await runProgram([...args, "--role-arn", role, ...flags], terminal);
    const body = terminal.requests[0]?.body as { roleChain: unknown } | undefined;
    return exitCode === 0 ? body?.roleChain : terminal.errors();
  };
  assert.deepEqual(await chainFor("--external-id", "made-here"), [
    { roleArn: role, externalIdSource: "generated", externalId: "made-here" },
  ]);
  assert.deepEqual(await chainFor("--owner-external-id", "theirs", "--role-arn", `${role}2`), [
    { roleArn: role, externalIdSource: "owner", externalId: "theirs" },
    { roleArn: `${role}2`, externalIdSource: "none" },
  ]);
  assert.deepEqual(await chainFor("--no-external-id"), [{ roleArn: role, externalIdSource: "none" }]);
  assert.match(
    String(await chainFor("--external-id", "a1", "--owner-external-id", "b2")),
    /one of the three/,
  );
});

test("an update names the version it was made from and sends only what was given", async () => {
  const terminal = createFakeTerminal({
    [page]: onePage(sampleCredential),
    [`PUT /api/v1/credentials/${sampleCredential.id}`]: sampleCredential,
  });
  assert.equal(await runProgram(["credential", "update", "prod", "--region", "us-east-1"], terminal), 0);
  assert.deepEqual(terminal.requests[1]?.body, { region: "us-east-1", version: 3 });
});

test("a name that nothing or several things bear is told apart", async () => {
  const none = createFakeTerminal({ [page]: onePage() });
  assert.equal(await runProgram(["credential", "show", "prod"], none), exitCodes.notFound);
  const two = createFakeTerminal({ [page]: onePage(sampleCredential, sampleCredential) });
  assert.equal(await runProgram(["credential", "show", "prod"], two), exitCodes.usage);
  assert.match(two.errors(), /give the id/);
});

test("references of a declaration are resolved here and only in fields that hold secrets", async () => {
  const declaration = {
    credentials: [{ name: "env:NAME", secretAccessKey: "env:SECRET", proxy: { password: "env:SECRET" } }],
  };
  const terminal = createFakeTerminal(
    { "POST /api/v1/credentials/import": { items: [{ name: "a", id: "1", action: "created" }] } },
    {
      environment: { NEPHO_TOKEN: "t", SECRET: "s3cret" },
      readInput: async () => JSON.stringify(declaration),
    },
  );
  assert.equal(await runProgram(["credential", "import", "-"], terminal), 0);
  assert.deepEqual(terminal.requests[0]?.body, {
    credentials: [{ name: "env:NAME", secretAccessKey: "s3cret", proxy: { password: "s3cret" } }],
  });
});

test("a failed connection test shows each step with advice and exits with 1", async () => {
  const step = {
    id: "base-identity",
    title: "Who am I",
    outcome: "failed",
    service: "sts",
    region: "eu-west-1",
    endpointHost: null,
    message: "The key is unknown.",
    cause: "BAD_KEY",
    rawCode: "InvalidClientTokenId",
    httpStatus: 403,
    requestId: null,
    advice: ["Make a new key."],
    tookMs: 12,
  };
  const result = {
    overall: "failed",
    testedAt: "2026-11-21T12:00:00Z",
    tookMs: 20,
    identity: null,
    clockOffsetMs: null,
    steps: [step],
  };
  const terminal = createFakeTerminal({
    [page]: onePage(sampleCredential),
    [`POST /api/v1/credentials/${sampleCredential.id}/test`]: result,
  });
  assert.equal(
    await runProgram(["credential", "test", "prod", "--service", "logs", "--no-external-id-check"], terminal),
    exitCodes.failed,
  );
  assert.deepEqual(terminal.requests[1]?.body, { services: ["logs"], checkExternalId: false });
  assert.match(
    terminal.output(),
    /✗ Who am I \(eu-west-1\): The key is unknown\. \[BAD_KEY InvalidClientTokenId\]\n {4}→ Make a new key\./,
  );
});

// What is redirected into a file is the template alone; the ID has to be read from somewhere all the same.
test("role-setup prints the template to standard output, and the external ID beside it", async () => {
  const terminal = createFakeTerminal({
    "POST /api/v1/role-setup": {
      partition: "aws",
      principalArn: "arn:aws:iam::111111111111:user/n",
      externalId: "Made0Here",
      roleName: "NephoscopeRead",
      trustPolicy: "{}",
      permissionsPolicy: "{}",
      cloudFormation: "Resources: {}",
      terraform: "resource",
      awsCli: "aws iam create-role",
      notes: ["Wait a minute."],
    },
  });
  const args = ["credential", "role-setup", "--principal-arn", "arn:aws:iam::111111111111:user/n"];
  assert.equal(await runProgram([...args, "--format", "cloudformation"], terminal), 0);
  assert.equal(terminal.output(), "Resources: {}\n");
  assert.match(terminal.errors(), /external ID is Made0Here[\s\S]*Wait a minute/);
});
