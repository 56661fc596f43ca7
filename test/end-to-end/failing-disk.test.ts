import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { eventually } from "../support/connected.ts";
import { failSyncs, skipWithoutFailingSync } from "../support/failing-sync.ts";
import { createLogTarget, type LogTarget, sendOnce, storedMessages } from "../support/log-target.ts";
import { startServer, type TestServer } from "../support/server.ts";

const userNames = async (server: TestServer): Promise<string[]> => {
  const { items } = await server.api("GET", "/api/v1/users");
  return items.map((user: { name: string }) => user.name);
};

/** The disk takes what is written and fails to keep it, which only fsync tells. */
describe("a disk that fails to sync", { skip: skipWithoutFailingSync, timeout: 240_000 }, () => {
  const events = Array.from({ length: 12 }, (_, i) => `{"n":${i}}`);
  let directory: string;
  let server: TestServer;
  let target: LogTarget;
  let heal: () => Promise<void>;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-test-"));
    server = await startServer({ directory });
    target = await createLogTarget(server);
  });
  after(async () => {
    await heal?.();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const send = (event: string): Promise<Response> => sendOnce(server, target, event);
  const createUser = (name: string) => server.fetch("POST", "/api/v1/users", { name, policies: [] });

  test("acknowledges no event and makes no change", async () => {
    assert.equal((await send('{"n":"before"}')).status, 200);
    heal = await failSyncs(server.process.pid!);
    for (const answer of await Promise.all(events.map(send))) {
      assert.equal(answer.status, 503);
      assert.ok(Number(answer.headers.get("retry-after")) > 0, "told when to come back");
      assert.doesNotMatch(await answer.text(), /EIO|I\/O|fsync/);
    }
    const refused = await createUser("nobody");
    assert.equal(refused.status, 503, await refused.text());
  });

  test("is served again once it is well, and what senders repeat is stored once", async () => {
    await heal();
    for (const event of events)
      await eventually("the event to be taken", 60_000, async () =>
        (await send(event)).status === 200 ? true : undefined,
      );
    assert.deepEqual(
      (await storedMessages(server, target.group)).sort(),
      ['{"n":"before"}', ...events].sort(),
    );
    assert.equal((await userNames(server)).includes("nobody"), false);
    assert.equal((await createUser("somebody")).status, 200);
  });

  test("has lost nothing of that after a kill", async () => {
    await server.end("SIGKILL");
    server = await startServer({ directory });
    assert.equal((await storedMessages(server, target.group)).length, events.length + 1);
    assert.ok((await userNames(server)).includes("somebody"));
  });
});
