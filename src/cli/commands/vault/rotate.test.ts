import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";

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
