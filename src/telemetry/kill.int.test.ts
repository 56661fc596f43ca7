import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startChild } from "../../test/support/child.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock } from "../base/index.ts";
import { openTelemetry, type Telemetry } from "./index.ts";

const traces = spawnSync("strace", ["-V"]).status === 0;
const killRounds = Number(process.env.NEPHO_TEST_KILL_ROUNDS ?? 6);
const pointsPerWindow = 50;

describe("acknowledged points of the embedded store", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-points-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test(`${killRounds} kills under load lose none`, async () => {
    const acknowledged = new Set<string>();
    let reopenMsMax = 0;
    for (let round = 0; round < killRounds; round++) {
      const first = round * 1_000;
      const child = startChild("write-points", [directory, String(first)]);
      await child.line(new RegExp(`^written 0 ${first + 5 + round * 7}$`));
      await child.end("SIGKILL");
      for (const line of child.lines) if (line.startsWith("written")) acknowledged.add(line.slice(8));
      const started = performance.now();
      await withTelemetry(directory, async (telemetry) => {
        const stored = await storedWindows(telemetry);
        for (const window of acknowledged) {
          assert.equal(
            stored.get(window),
            pointsPerWindow,
            `round ${round}: acknowledged window ${window} is not whole`,
          );
        }
      });
      reopenMsMax = Math.max(reopenMsMax, performance.now() - started);
    }
    assert.ok(acknowledged.size > killRounds * 5);
    assert.ok(reopenMsMax < 10_000, `reopening took ${reopenMsMax} ms`);
  });

  // Killing a process does not tell synced points from points in the page cache.
  test("the files of a write are synced before it is acknowledged", {
    skip: traces ? false : "strace is not installed",
  }, async () => {
    const trace = join(directory, "trace");
    const calls = "trace=fsync,fdatasync,write";
    const prefix = ["strace", "-f", "-qq", "-y", "-o", trace, "-e", calls];
    const child = startChild("write-points", [directory, "900000", "5"], prefix);
    await child.line(/^closed$/);
    await child.end("SIGTERM");
    const lines = (await readFile(trace, "utf8")).split("\n");
    const writes = lines.flatMap((line, index) => (/"written \d/.test(line) ? [index] : []));
    const start = lines.findIndex((line) => line.includes('"ready'));
    const before = lines.slice(start, writes[0]);
    // Both tables: the data file of the part, and the directory that names it.
    const synced = before.filter((line) => /f(data)?sync\(\d+</.test(line));
    assert.ok(synced.filter((line) => line.includes("data.bin>")).length >= 2, before.join("\n"));
    assert.ok(
      synced.filter((line) => /\/(all|\d{6})_|tmp_insert_[^/]*>/.test(line)).length >= 2,
      before.join("\n"),
    );
  });
});

async function withTelemetry(
  directory: string,
  work: (telemetry: Telemetry) => Promise<void>,
): Promise<void> {
  const telemetry = await openTelemetry({ directory, log: quietLog, clock: systemClock });
  try {
    await work(telemetry);
  } finally {
    await telemetry.close();
  }
}

/** Number of points by worker and window; a point's value is the number of its window. */
async function storedWindows(telemetry: Telemetry): Promise<Map<string, number>> {
  const windows = new Map<string, number>();
  for (const worker of [0, 1]) {
    const { series } = await telemetry.metrics.query({
      filter: { namespace: "Kill", metricName: `Worker${worker}`, statistic: "Average" },
      fromSeconds: 1_790_000_000,
      toSeconds: 1_790_000_000 + (killRounds + 1) * 1_000 * pointsPerWindow,
      stepSeconds: 1,
      aggregation: "last",
      groupBy: [],
      limit: 1,
      limits: {},
    });
    for (const [, value] of series[0]?.points ?? []) {
      const window = `${worker} ${value}`;
      windows.set(window, (windows.get(window) ?? 0) + 1);
    }
  }
  return windows;
}
