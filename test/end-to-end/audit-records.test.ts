import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createLogTarget, type LogTarget, sendOnce } from "../support/log-target.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** Uses of keys are recorded within a second; the rest is what a busy machine may take. */
const foundWithinMs = 10_000;

describe("what an API key was used for", () => {
  let server: TestServer;
  let target: LogTarget;
  before(async () => {
    server = await startServer();
    target = await createLogTarget(server);
  });
  after(() => server?.stop());

  const send = async () => {
    const response = await sendOnce(server, target, '{"secret":"of-the-sender"}');
    await response.arrayBuffer();
    return response.status;
  };
  const find = (query: string) => server.api("GET", `/api/v1/events?${query}`);
  /** Asks until there are so many records. */
  const findSome = async (query: string, count: number) => {
    const startedAt = performance.now();
    for (;;) {
      const { items } = await find(query);
      if (items.length >= count) return items;
      assert.ok(performance.now() - startedAt < foundWithinMs, `not ${count} but ${items.length}: ${query}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  test("is found while it is fresh: what was taken, and what was refused once the key was revoked", async () => {
    assert.equal(await send(), 200);
    await server.api("PUT", `/api/v1/keys/${target.keyId}`, { status: "Inactive" });
    assert.equal(await send(), 401);
    const [refused, taken, ...others] = await findSome(`credentialId=${target.keyId}`, 2);
    assert.deepEqual(others, []);
    for (const event of [taken, refused]) {
      assert.equal(event.name, "CallWithBearerToken");
      assert.equal(event.category, "Data");
      assert.equal(event.userName, target.userName);
      assert.equal(event.sourceIp, "127.0.0.1");
      assert.equal(event.record.eventID, event.id);
      assert.ok(!JSON.stringify(event).includes(target.key));
      assert.ok(!JSON.stringify(event).includes("of-the-sender"));
    }
    assert.equal(taken.errorCode, null);
    assert.ok(taken.resources[0].arn.endsWith(`:log-group:${target.group}`));
    assert.match(refused.errorCode, /./);
    const failed = await find(`credentialId=${target.keyId}&failed=true&sourceIp=127.0.0.1`);
    assert.deepEqual(failed.items, [refused]);
    assert.deepEqual((await find(`category=Management&credentialId=${target.keyId}`)).items, []);
  });

  test("stands among the changes that were made at the time", async () => {
    const { items } = await find(`resourceName=${encodeURIComponent(target.group)}&limit=1000`);
    const categories = new Set(items.map(({ category }: { category: string }) => category));
    assert.deepEqual([...categories].sort(), ["Data", "Management"]);
    const times = items.map(({ timestamp }: { timestamp: string }) => timestamp);
    assert.deepEqual(times, times.toSorted().reverse());
  });

  test("is told to those only who may look up records", async () => {
    const [name, password] = ["curious", "correct horse battery"];
    const policies = ["CloudWatchLogsAPIKeyAccess"];
    await server.api("POST", "/api/v1/users", { name, policies, password });
    const answer = await fetch(`${server.consoleUrl}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user: name, password }),
    });
    assert.equal(answer.status, 200);
    const cookie = answer.headers.getSetCookie().map((text) => text.split(";")[0]);
    const refused = await fetch(`${server.consoleUrl}/api/v1/events`, {
      headers: { cookie: cookie.join("; ") },
    });
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /cloudtrail:LookupEvents/);
  });
});
