import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { exitCodes } from "./cli-error.ts";
import { nouns, serverVerbs } from "./commands/index.ts";
import { runProgram } from "./program.ts";
import { createFakeTerminal, errorResponse } from "./testing/fake-terminal.ts";
import { onePage, sampleCredential } from "./testing/samples.ts";

const page = "GET /api/v1/credentials";

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
