import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { asToken, createTestConsole, type TestConsole } from "../testing/console.ts";

describe("API keys", () => {
  let console: TestConsole;
  before(async () => {
    console = await createTestConsole();
  });
  beforeEach(() => {
    console.calls.length = 0;
  });
  after(() => console.app.close());

  const send = (method: "GET" | "PUT" | "POST", path: string, payload?: object) =>
    console.app.inject(
      asToken("AdministratorAccess", { method, url: `/api/v1/keys${path}`, ...(payload && { payload }) }),
    );

  test("never expire only when that was said", async () => {
    assert.equal((await send("POST", "", { userName: "log-sender" })).statusCode, 400);
    for (const ageDays of [0, 36_601, 1.5, "90"])
      assert.equal((await send("POST", "", { userName: "log-sender", ageDays })).statusCode, 400);
    assert.equal(console.calls.length, 0);
    assert.equal((await send("POST", "", { userName: "log-sender", ageDays: null })).statusCode, 200);
    assert.deepEqual(console.calls[0]?.args[0], { userName: "log-sender", createUser: true, ageDays: null });
  });

  test("show their value in the answers to creation and reset, and nowhere else", async () => {
    const id = "ACCA0123456789ABCDEFG";
    for (const [method, path, payload, shown] of [
      ["POST", "", { userName: "log-sender", ageDays: 1 }, true],
      ["POST", `/${id}/reset`, undefined, true],
      ["PUT", `/${id}`, { status: "Inactive" }, false],
      ["GET", "", undefined, false],
    ] as const) {
      const response = await send(method, path, payload);
      assert.equal(response.statusCode, 200, response.body);
      assert.equal(response.body.includes("ACWLsecret"), shown, `${method} ${path}`);
    }
    assert.ok(console.logLines.every((line) => !line.includes("ACWLsecret")));
  });

  test("cannot be made expired by hand", async () => {
    assert.equal((await send("PUT", "/ACCA0123456789ABCDEFG", { status: "Expired" })).statusCode, 400);
    assert.equal(console.calls.length, 0);
  });
});
