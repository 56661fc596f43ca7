import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sql } from "kysely";
import { startChild } from "../../test/support/child.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock } from "../base/index.ts";
import { openDatabase } from "./index.ts";

const traces = spawnSync("strace", ["-V"]).status === 0;
const killRounds = Number(process.env.NEPHO_TEST_KILL_ROUNDS ?? 6);

describe("commits of the embedded database", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-durable-"));
    // The first start creates the cluster, which takes seconds.
    await (await openDatabase({ directory, log: quietLog, clock: systemClock })).close();
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const rowIds = async () => {
    const database = await openDatabase({ directory, log: quietLog, clock: systemClock });
    try {
      const { rows } = await sql<{ id: number }>`select id from kill_rows`.execute(database.kysely);
      return new Set(rows.map(({ id }) => id));
    } finally {
      await database.close();
    }
  };

  test("nobody else can enter the folder that holds the data", async () => {
    assert.equal((await stat(join(directory, "control"))).mode & 0o777, 0o700);
  });

  // Killing a process does not tell a synced commit from one in the page cache; the order of calls does.
  test("each commit is synced once before it is acknowledged", {
    skip: traces ? false : "strace is not installed",
  }, async () => {
    const trace = join(directory, "trace");
    const calls = "trace=fsync,fdatasync,write";
    const child = startChild(
      "commit-rows",
      [directory, "0", "40"],
      ["strace", "-f", "-qq", "-o", trace, "-e", calls],
    );
    await child.line(/^closed$/);
    await child.end("SIGTERM");
    const lines = (await readFile(trace, "utf8")).split("\n");
    const start = lines.findIndex((line) => line.includes('write(1, "ready'));
    const acknowledged = lines.flatMap((line, index) =>
      line.includes('write(1, "committed') ? [index] : [],
    );
    assert.equal(acknowledged.length, 20);
    for (const [position, index] of acknowledged.entries()) {
      const since = lines.slice((acknowledged[position - 1] ?? start) + 1, index);
      const syncs = since.filter((line) => /f(data)?sync\(\d+\)\s+= 0/.test(line));
      assert.equal(syncs.length, 1, `commit ${position}: ${since.join("\n")}`);
    }
  });

  test("a sync that fails is never reported as a commit, and the database opens again by itself", {
    skip: traces ? false : "strace is not installed",
  }, async () => {
    const { ids, errors } = await commitWithFailingSync(directory);
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /store_unavailable/);
    assert.ok(ids.length >= 1, "nothing was committed after the failure");
    const stored = await rowIds();
    for (const id of ids) assert.ok(stored.has(id), `committed row ${id} is missing`);
  });

  test(`${killRounds} kills under load lose no committed row and tear no transaction`, async () => {
    const committed: number[] = [];
    for (let round = 0; round < killRounds; round++) {
      const first = 1_000_000 * (round + 1);
      const child = startChild("commit-rows", [directory, String(first)]);
      // Past a different number of commits in each round, so that the kill meets different moments.
      await child.line(new RegExp(`^committed ${first + 2 * (20 + round * 37)}$`));
      await child.end("SIGKILL");
      for (const line of child.lines) {
        const id = /^committed (\d+)$/.exec(line)?.[1];
        if (id !== undefined) committed.push(Number(id));
      }
    }
    const stored = await rowIds();
    for (const id of committed)
      assert.ok(stored.has(id) && stored.has(id + 1), `committed row ${id} is missing`);
    for (const id of stored)
      assert.ok(stored.has(id % 2 ? id - 1 : id + 1), `half of transaction ${id} is there`);
  });
});

/** Runs the child with one sync failing; row ids acknowledged, and what was reported instead for the others. */
async function commitWithFailingSync(directory: string): Promise<{ ids: number[]; errors: string[] }> {
  const inject = ["-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=8..8"];
  const child = startChild(
    "commit-with-retry",
    [directory],
    ["strace", "-f", "-qq", "-o", "/dev/null", ...inject],
  );
  await child.line(/^closed$/);
  await child.end("SIGTERM");
  return {
    ids: child.lines.flatMap((line) => /^committed (\d+)$/.exec(line)?.[1] ?? []).map(Number),
    errors: child.lines.filter((line) => line.startsWith("failed")),
  };
}
