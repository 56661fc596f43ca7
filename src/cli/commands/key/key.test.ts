import assert from "node:assert/strict";
import { test } from "node:test";
import type { ApiKey, CreatedApiKey } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal, errorResponse } from "../../testing/fake-terminal.ts";
import { onePage } from "../../testing/samples.ts";

const key: ApiKey = {
  id: "ACCAEXAMPLE1EXAMPLE1X",
  userName: "shop",
  alias: "shop-at-000000000000",
  status: "Active",
  createdAt: "2026-11-20T12:00:00Z",
  expiresAt: "2027-02-18T12:00:00Z",
  lastUsedAt: null,
};
const created: CreatedApiKey = { ...key, secret: "ACWLvalue" };

test("a new key's value stands alone on standard output, what belongs to it on standard error", async () => {
  const terminal = createFakeTerminal({ "POST /api/v1/keys": created });
  assert.equal(await runProgram(["key", "create", "shop"], terminal), exitCodes.ok);
  assert.deepEqual(terminal.requests[0]?.body, { userName: "shop", createUser: true, ageDays: 90 });
  assert.equal(terminal.output(), "ACWLvalue\n");
  assert.match(terminal.errors(), /not shown again.*ACCAEXAMPLE1EXAMPLE1X of shop, expires 2027-02-18/);
  assert.doesNotMatch(terminal.errors(), /ACWLvalue|Warning/);

  const machine = createFakeTerminal({ "POST /api/v1/keys": created });
  await runProgram(["key", "create", "shop", "--json"], machine);
  assert.deepEqual(JSON.parse(machine.output()), created);
  assert.equal(machine.errors(), "");
});

test("days, no end with its warning, and users that exist are asked for as said", async () => {
  const bodyOf = async (...flags: string[]) => {
    const terminal = createFakeTerminal({ "POST /api/v1/keys": { ...created, expiresAt: null } });
    const exitCode = await runProgram(["key", "create", "shop", ...flags], terminal);
    return { exitCode, body: terminal.requests[0]?.body, errors: terminal.errors() };
  };
  const days = await bodyOf("--days", "5", "--existing-user");
  assert.deepEqual(days.body, { userName: "shop", createUser: false, ageDays: 5 });
  const never = await bodyOf("--never-expires");
  assert.deepEqual(never.body, { userName: "shop", createUser: true, ageDays: null });
  assert.match(never.errors, /expires never[\s\S]*Warning: .*not recommended/);
  const both = await bodyOf("--never-expires", "--days", "5");
  assert.deepEqual([both.exitCode, both.body], [exitCodes.usage, undefined]);
});

test("who has two keys is told how to make room", async () => {
  const full = errorResponse(409, "limit_exceeded", "Cannot exceed quota for something: 2");
  const terminal = createFakeTerminal({ "POST /api/v1/keys": full });
  assert.equal(await runProgram(["key", "create", "shop"], terminal), exitCodes.conflict);
  assert.match(terminal.errors(), /quota for something: 2\n.*`nepho key list --user shop`/);
});

test("the list warns about active keys that expire in less than 14 days", async () => {
  const soon: ApiKey = { ...key, id: "ACCASOON", expiresAt: "2026-11-25T12:00:00Z" };
  const later: ApiKey = { ...key, id: "ACCALATER", expiresAt: "2026-12-05T12:00:00Z" };
  const inactive: ApiKey = { ...soon, id: "ACCAOFF", status: "Inactive" };
  const never: ApiKey = { ...key, id: "ACCANEVER", expiresAt: null };
  const terminal = createFakeTerminal({ "GET /api/v1/keys": onePage<ApiKey>(soon, later, inactive, never) });
  assert.equal(await runProgram(["key", "list", "--user", "shop"], terminal), exitCodes.ok);
  assert.equal(terminal.requests[0]?.path, "/api/v1/keys?user=shop&limit=1000");
  assert.match(
    terminal.output(),
    /ACCASOON +shop +shop-at-000000000000 +Active +24 h ago +in 4 days +-\n[\s\S]*ACCANEVER .* never /,
  );
  assert.match(terminal.errors(), /^Warning: ACCASOON of shop expires in 4 days\.[^\n]*\n$/);
});

test("keys are switched, reset and deleted by id", async () => {
  const path = `/api/v1/keys/${key.id}`;
  const cases: [verb: string, request: string, answer: unknown, body: unknown, output: RegExp][] = [
    ["activate", `PUT ${path}`, key, { status: "Active" }, /is active/],
    [
      "deactivate",
      `PUT ${path}`,
      { ...key, status: "Inactive" },
      { status: "Inactive" },
      /of shop is inactive/,
    ],
    ["reset", `POST ${path}/reset`, created, undefined, /^ACWLvalue\n$/],
    ["delete", `DELETE ${path}`, new Response(null, { status: 204 }), undefined, /Deleted ACCA/],
  ];
  for (const [verb, request, answer, body, output] of cases) {
    const terminal = createFakeTerminal({ [request]: answer });
    assert.equal(await runProgram(["key", verb, key.id], terminal), exitCodes.ok, terminal.errors());
    assert.deepEqual(terminal.requests[0]?.body, body);
    assert.match(terminal.output(), output);
  }
});
