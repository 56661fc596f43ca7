import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { type Child, startChild } from "../../test/support/child.ts";
import { lockDataDirectory } from "./index.ts";

/** `darwin` stands for all systems without abstract sockets: there a file holds the lock. */
for (const platform of [process.platform, "darwin"] as const) {
  describe(`the lock on the data directory, as on ${platform}`, () => {
    let directory: string;
    let children: Child[];
    const start = () => {
      const child = startChild("hold-directory", [directory, platform]);
      children.push(child);
      return child;
    };
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "nepho-lock-"));
      children = [];
    });
    afterEach(async () => {
      await Promise.all(children.map((child) => child.end("SIGKILL")));
      await rm(directory, { recursive: true, force: true });
    });

    test("a second process is refused, and told who holds it", async () => {
      const holder = start();
      await holder.line(/^locked$/);
      const refusal = JSON.parse(await start().line(/^\{/));
      assert.equal(refusal.code, "data_directory_locked");
      assert.match(refusal.message, new RegExp(`process ${holder.pid} on ${hostname()}`));
      await assert.rejects(lockDataDirectory(directory, { platform }), { code: "data_directory_locked" });
    });

    test("a killed holder leaves nothing that stops the next start", async () => {
      for (let round = 0; round < 3; round++) {
        const holder = start();
        await holder.line(/^locked$/);
        await holder.end("SIGKILL");
      }
      const lock = await lockDataDirectory(directory, { platform });
      await lock.release();
    });

    test("a released lock can be taken again, and releasing twice is harmless", async () => {
      const lock = await lockDataDirectory(directory, { platform });
      await lock.release();
      await lock.release();
      await start().line(/^locked$/);
    });

    test("a holder file that is torn or names a process id that was given to another program does not block", async () => {
      const path = join(directory, "holder.json");
      await writeFile(path, '{"pid": 1');
      await (await lockDataDirectory(directory, { platform })).release();
      const reused = { pid: process.pid, host: hostname(), startedAt: "2020-01-01", processStart: "1" };
      await writeFile(path, JSON.stringify(reused));
      const lock = await lockDataDirectory(directory, { platform });
      assert.equal(JSON.parse(await readFile(path, "utf8")).pid, process.pid);
      await lock.release();
    });
  });
}
