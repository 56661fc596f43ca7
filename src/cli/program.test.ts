import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { exitCodes } from "./cli-error.ts";
import { nouns, serverVerbs } from "./commands/index.ts";
import { runProgram } from "./program.ts";
import { createFakeTerminal, errorResponse, type FakeTerminal } from "./testing/fake-terminal.ts";
import {
  onePage,
  sampleCredential,
  sampleIntegration,
  samplePreview,
  sampleWireIntegration,
} from "./testing/samples.ts";

const page = "GET /api/v1/credentials";

function sentSecret({ requests: [first] }: FakeTerminal): unknown {
  assert.ok(first);
  return (first.body as Record<string, unknown>).secretAccessKey;
}

test("a list is a table for people and the answer itself with --json", async () => {
  const terminal = createFakeTerminal({ [page]: onePage(sampleCredential) });
  assert.equal(await runProgram(["credential", "list"], terminal), exitCodes.ok);
  assert.match(
    terminal.output(),
    /^NAME {2}METHOD .*\nprod {2}keys +eu-west-1 +ok +3 min ago +123456789012 /,
  );
  assert.equal(terminal.requests[0]?.authorization, "Bearer token-of-the-test");

  const machine = createFakeTerminal({ [page]: onePage(sampleCredential) });
  await runProgram(["credential", "list", "--json"], machine);
  assert.deepEqual(JSON.parse(machine.output()), onePage(sampleCredential));
});

// A name is text from somebody else: an escape sequence in it could hide a row or forge another.
test("control sequences in the server's answers do not reach the terminal", async () => {
  const evil = { ...sampleCredential, name: "a\u001b[2Jb\u202ec" };
  const terminal = createFakeTerminal({ [page]: onePage(evil) });
  await runProgram(["credential", "list"], terminal);
  assert.match(terminal.output(), /a\\u\{1b\}\[2Jb\\u\{202e\}c/);

  const failing = createFakeTerminal({
    [page]: errorResponse(400, "validation_failed", "\u001b]0;owned\u0007"),
  });
  await runProgram(["credential", "list"], failing);
  assert.doesNotMatch(failing.errors(), /\u001b|\u0007/);
});

test("each kind of failure has its exit code, its reason and the next step", async () => {
  const cases: [() => Response | never, number, RegExp][] = [
    [
      errorResponse(401, "unauthenticated", "Unknown token."),
      exitCodes.notAuthorised,
      /Unknown token[\s\S]*NEPHO_TOKEN/,
    ],
    [errorResponse(403, "access_denied", "Not allowed."), exitCodes.notAuthorised, /Not allowed/],
    [errorResponse(404, "credential_not_found", "None."), exitCodes.notFound, /None/],
    [errorResponse(409, "version_conflict", "Changed."), exitCodes.conflict, /Changed/],
    [
      errorResponse(400, "validation_failed", "Bad.", [{ path: "region", message: "Not a region." }]),
      exitCodes.usage,
      /Bad\.\n {2}region: Not a region/,
    ],
    [errorResponse(500, "internal", "Oops."), exitCodes.failed, /Request id req-1/],
    [() => new Response("<html>", { status: 502 }), exitCodes.failed, /answered 502/],
    [
      () => Response.json({ status: { result: "ERROR", message: "Old form.", code: 400 } }, { status: 400 }),
      exitCodes.usage,
      /Old form/,
    ],
    [() => Response.json({ items: "none" }), exitCodes.failed, /not understood/],
    [
      () => {
        throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
      },
      exitCodes.unreachable,
      /ECONNREFUSED[\s\S]*nepho serve/,
    ],
    [
      () => {
        const cause = Object.assign(new Error("unable to verify the first certificate"), {
          code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        });
        throw new TypeError("fetch failed", { cause });
      },
      exitCodes.unreachable,
      /verify the first certificate\n.*NODE_EXTRA_CA_CERTS/,
    ],
    [
      errorResponse(400, "validation_failed", "Character 9: A value is missing.", [
        { path: "pattern.8", message: "A value is missing." },
      ]),
      exitCodes.usage,
      /^Error: Character 9: A value is missing\.\n$/,
    ],
  ];
  for (const [response, exitCode, message] of cases) {
    const terminal = createFakeTerminal({ [page]: response });
    assert.equal(await runProgram(["credential", "list"], terminal), exitCode, String(message));
    assert.match(terminal.errors(), message);
    assert.equal(terminal.output(), "");
  }
});

test("with --json an error is JSON too", async () => {
  const terminal = createFakeTerminal({ [page]: errorResponse(403, "access_denied", "Not allowed.") });
  await runProgram(["credential", "list", "--json"], terminal);
  const { error } = JSON.parse(terminal.errors());
  assert.deepEqual([error.code, error.status, error.requestId], ["access_denied", 403, "req-1"]);
});

test("wrong usage ends with exit code 2 before anything is sent", async () => {
  for (const args of [
    ["credential", "bla"],
    ["bla"],
    ["token", "create"],
    ["credential", "list", "--nonsense"],
    ["metrics", "query", "A", "B", "--from", "yesterday"],
    ["credential", "create", "--name", "x"],
    ["key", "delete", ""],
    ["logs", "put", "/g", " ", "message"],
  ]) {
    const terminal = createFakeTerminal();
    assert.equal(await runProgram(args, terminal), exitCodes.usage, args.join(" "));
    assert.equal(terminal.requests.length, 0);
    assert.notEqual(terminal.errors(), "");
  }
});

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

test("integrations are found by name, acted on by id", async () => {
  const list = { "GET /api/v1/integrations": onePage(sampleIntegration) };
  const cases: [string[], string][] = [
    [["disable"], "POST /api/v2/cloudintegration/cw-1/disable"],
    [["enable"], "POST /api/v2/cloudintegration/cw-1/enable"],
    [["undelete"], "POST /api/v2/cloudintegration/cw-1/undelete"],
    [["run"], "POST /api/v1/integrations/cw-1/run"],
    [["delete"], "DELETE /api/v2/cloudintegration/cw-1"],
  ];
  for (const [verb, request] of cases) {
    const terminal = createFakeTerminal({ ...list, [request]: {} });
    assert.equal(await runProgram(["integration", ...verb, "prod metrics"], terminal), 0);
    assert.equal(`${terminal.requests[1]?.method} ${terminal.requests[1]?.path}`, request);
  }
});

test("a preview takes the options of a creation, or a stored integration with changes", async () => {
  const preview = "POST /api/v1/integrations/preview";
  const terminal = createFakeTerminal({ [preview]: samplePreview });
  const options = ["--namespace", "AWS/EC2", "--every", "10"];
  assert.equal(await runProgram(["integration", "preview", ...options], terminal), 0);
  assert.deepEqual(terminal.requests[0]?.body, {
    service: "CLOUDWATCH",
    cloudWatch: { namespaces: ["AWS/EC2"] },
    serviceRefreshRateInMins: 10,
  });
  assert.match(terminal.output(), /US dollars a month +at least 0\.86 to 5\.18, every 5 min/);
  assert.match(terminal.output(), /AWS\/EC2 +InstanceId +10 +5 min +0\.86 to 4\.32/);
  assert.match(
    terminal.output(),
    /metricFilterRegex +7 +aws\.ec2\.networkin, aws\.ec2\.networkout, \S+diskreadops\s/,
  );
  assert.match(terminal.output(), /10 min +0\.43 to 2\.59 +0\.43 to 2\.59[\s\S]*There is more\./);

  const machine = createFakeTerminal({
    [preview]: samplePreview,
    "GET /api/v1/integrations": onePage(sampleIntegration),
    "GET /api/v2/cloudintegration/cw-1": {
      status: { result: "OK", message: "", code: 200 },
      response: sampleWireIntegration,
    },
  });
  assert.equal(
    await runProgram(["integration", "preview", "prod metrics", "--every", "10", "--json"], machine),
    0,
  );
  assert.deepEqual(JSON.parse(machine.output()), samplePreview);
  assert.deepEqual(machine.requests[2]?.body, {
    ...sampleWireIntegration,
    serviceRefreshRateInMins: 10,
  });
});

test("a query is a chart on a terminal, a table in a pipe, CSV or JSON on request", async () => {
  const to = Date.parse("2026-11-21T12:00:00Z");
  const points = Array.from({ length: 60 }, (_, i) => [to - (60 - i) * 60_000, 50 + 40 * Math.sin(i / 8)]);
  const result = {
    from: to - 3_600_000,
    to,
    stepSeconds: 60,
    unit: "Percent",
    series: [{ labels: { InstanceId: "i-1" }, points, settledTo: to }],
    missing: [],
    noData: null,
    totalSeries: 3,
    truncated: true,
    tookMs: 4,
  };
  const answers = { "POST /api/v1/metrics/query": () => Response.json(result) };
  const args = [
    "metrics",
    "query",
    "AWS/EC2",
    "CPUUtilization",
    "--from",
    "-1h",
    "--group-by",
    "InstanceId",
    "--dimension",
    "Az=a",
    "--dimension",
    "Az=b",
  ];

  const drawn = createFakeTerminal(answers, { interactive: true });
  assert.equal(await runProgram(args, drawn), 0);
  assert.match(drawn.output(), /[\u2801-\u28ff]/);
  assert.match(drawn.output(), /InstanceId=i-1: last .*max 89\.94 Percent/);
  assert.match(drawn.errors(), /1 of 3 series/);
  assert.deepEqual(drawn.requests[0]?.body, {
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    from: to - 3_600_000,
    to,
    groupBy: ["InstanceId"],
    dimensions: { Az: ["a", "b"] },
    limit: 8,
  });

  const piped = createFakeTerminal(answers);
  await runProgram(args, piped);
  assert.match(piped.output(), /^SERIES +POINTS/);
  const csv = createFakeTerminal({ "POST /api/v1/metrics/query": () => new Response("time,value\n1,2\n") });
  await runProgram([...args, "--csv"], csv);
  assert.equal(csv.output(), "time,value\n1,2\n");

  const nothing = {
    ...result,
    series: [],
    totalSeries: 0,
    truncated: false,
    noData: { reason: "disabled", message: "The integration is disabled." },
  };
  const empty = createFakeTerminal({ "POST /api/v1/metrics/query": () => Response.json(nothing) });
  await runProgram([...args, "--settled"], empty);
  assert.match(empty.output(), /The integration is disabled\./);
  assert.equal((empty.requests[0]!.body as { finality?: string }).finality, "settled");
});

test("what has changed after it was read, and how late points come, are tables", async () => {
  const keys = { integrationId: "i", namespace: "AWS/EC2", metricName: "CPUUtilization" };
  const at = "2026-11-21T12:00:00.000Z";
  const change = {
    ...keys,
    accountId: "111122223333",
    region: "us-east-1",
    statistic: "Sum",
    dimensions: { InstanceId: "i-1" },
    at,
    before: 1,
    after: 2.5,
    seenAt: at,
  };
  const delay = {
    ...keys,
    points: 10_000,
    late: 20,
    changed: 5,
    arrivesAfterSeconds: { p50: 180, p999: 10_800 },
    settlesAfterSeconds: 97_200,
  };
  const page = { items: [change], offset: 0, limit: 50, totalItems: 1, moreItems: false };
  const answers = {
    "GET /api/v1/metrics/changes": () => Response.json(page),
    "GET /api/v1/metrics/delays": () => Response.json({ items: [delay] }),
  };
  const changes = createFakeTerminal(answers);
  assert.equal(
    await runProgram(["metrics", "changes", "--namespace", "AWS/EC2"], changes),
    0,
    changes.errors(),
  );
  assert.equal(changes.requests[0]?.path, "/api/v1/metrics/changes?namespace=AWS%2FEC2&limit=50");
  assert.match(changes.output(), /AWS\/EC2 CPUUtilization +Sum +InstanceId=i-1 region=us-east-1 .* 1 +2\.5/);
  const delays = createFakeTerminal(answers);
  assert.equal(await runProgram(["metrics", "delays"], delays), 0, delays.errors());
  assert.match(delays.output(), /CPUUtilization +10000 +20 +5 +3 min +3 h +27 h/);
});

test("a rotation is waited for and its failure is an exit code", async () => {
  const status = (state: string, done: number) => ({
    writeKeyId: "k2",
    masterKeys: [],
    secrets: 9,
    rotation: { state, done, total: 9, startedAt: null, finishedAt: null, message: null },
  });
  const states = [status("running", 3), status("running", 6), status("failed", 6)];
  const terminal = createFakeTerminal(
    { "POST /api/v1/vault/rotate": {}, "GET /api/v1/vault": () => states.shift() },
    { interactive: true },
  );
  assert.equal(await runProgram(["vault", "rotate"], terminal), exitCodes.failed);
  assert.match(terminal.errors(), /Rotating: 3 of 9 \rRotating: 6 of 9/);
});

test("every command explains itself", async () => {
  const all = [
    ...serverVerbs.map(({ name }) => [name]),
    ...nouns.flatMap(({ name, verbs }) => [[name], ...verbs.map((verb) => [name, verb.name])]),
  ];
  for (const words of all) {
    const terminal = createFakeTerminal();
    assert.equal(await runProgram([...words, "--help"], terminal), 0, words.join(" "));
    assert.match(terminal.output(), /^Usage: nepho /);
  }
});

test("the manual lists every command and every exit code", () => {
  const manual = readFileSync(new URL("../../docs/guide/cli.md", import.meta.url), "utf8");
  for (const { name, verbs } of nouns) {
    for (const verb of verbs)
      assert.ok(
        manual.includes(`\`nepho ${name} ${verb.name}`),
        `nepho ${name} ${verb.name} is missing in docs/guide/cli.md`,
      );
  }
  for (const { name } of serverVerbs)
    assert.ok(manual.includes(`\`nepho ${name}`), `nepho ${name} is missing`);
  for (const code of Object.values(exitCodes)) assert.match(manual, new RegExp(`^\\| ${code} \\|`, "m"));
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
