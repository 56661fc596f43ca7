import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { AppError } from "../../base/index.ts";
import { asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { createFakeServices } from "../testing/fake-services.ts";
import { trailEvent } from "../testing/samples/index.ts";

describe("audit records", () => {
  let console: TestConsole;
  before(async () => {
    console = await createTestConsole();
  });
  beforeEach(() => {
    console.calls.length = 0;
  });
  after(() => console.app.close());

  const get = (query: Record<string, string> = {}) =>
    console.app.inject(asToken("AdministratorAccess", { method: "GET", url: "/api/v1/events", query }));

  test("are looked up by everything that was given, fifty at a time", async () => {
    const response = await get({
      category: "Data",
      credentialId: "ACCAEXAMPLE0000000001",
      failed: "true",
      readOnly: "false",
      from: "2026-11-21T00:00:00Z",
      to: "1",
    });
    assert.equal(response.statusCode, 200, response.body);
    assert.deepEqual(response.json(), { items: [trailEvent], nextCursor: null });
    assert.deepEqual(console.calls[0]?.args[0], {
      category: "Data",
      credentialId: "ACCAEXAMPLE0000000001",
      failed: true,
      readOnly: false,
      from: Date.parse("2026-11-21T00:00:00Z"),
      to: 1,
      limit: 50,
    });
  });

  test("are not looked up by what is no time, no flag, no category, or too many", async () => {
    for (const [name, value] of [
      ["category", "Insight"],
      ["failed", "yes"],
      ["readOnly", "1"],
      ["from", "yesterday"],
      ["limit", "0"],
      ["limit", "1001"],
      ["userName", ""],
      ["resourceName", "x".repeat(2_001)],
      ["cursor", "x".repeat(513)],
    ] as const) {
      const response = await get({ [name]: value });
      assert.equal(response.statusCode, 400, name);
      assert.equal(response.json().error.code, "validation_failed");
      assert.deepEqual(
        response.json().error.fields.map(({ path }: { path: string }) => path),
        [name],
      );
    }
    assert.equal(console.calls.length, 0);
  });

  test("need cloudtrail:LookupEvents, as CloudTrail's API does", async () => {
    const { services, calls } = createFakeServices();
    const asked: unknown[] = [];
    const identity: typeof services.identity = {
      ...services.identity,
      authorize: async (_caller, { action, resource }) => {
        asked.push({ action, resource });
        throw new AppError("access_denied");
      },
    };
    const { app } = await createTestConsole({ services: { ...services, identity } });
    const response = await app.inject(asToken("ReadOnlyAccess", { method: "GET", url: "/api/v1/events" }));
    assert.equal(response.statusCode, 403);
    assert.deepEqual(asked, [{ action: "cloudtrail:LookupEvents", resource: "*" }]);
    assert.deepEqual(calls, []);
    await app.close();
  });
});
