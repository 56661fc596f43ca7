import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startChild } from "../../test/support/child.ts";
import { createHastyClock } from "../../test/support/hasty-clock.ts";
import {
  callApi,
  type LogFile,
  openStores,
  readLogFiles,
  type Stores,
  trailDeps,
} from "../../test/support/trail.ts";
import type { Clock } from "../base/index.ts";
import { createLocalBuckets } from "./delivery/buckets.ts";
import { createTrail, type Trail } from "./trail.ts";

const killRounds = Number(process.env.NEPHO_TEST_KILL_ROUNDS ?? 3);
const callsPerRound = 100;

let directory: string;
let clock: Clock;
const hastySince = Date.now();
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "nepho-trail-kill-"));
  clock = createHastyClock(hastySince);
});
after(() => rm(directory, { recursive: true, force: true }));

async function withTrail<T>(work: (trail: Trail, stores: Stores) => Promise<T>): Promise<T> {
  const stores = await openStores(directory, clock);
  const trail = createTrail(trailDeps(stores, clock, createLocalBuckets(directory)));
  try {
    return await work(trail, stores);
  } finally {
    await trail.close();
    await stores.close();
  }
}

test(`${killRounds} kills while calls are recorded and delivered lose no record, and repeat one file each`, async () => {
  await withTrail(async (trail) => {
    await callApi(trail, "CreateTrail", { Name: "main", S3BucketName: "audit" });
    await callApi(trail, "StartLogging", { Name: "main" });
  });
  const [begun, finished] = [new Set<string>(), new Set<string>()];
  for (let round = 0; round < killRounds; round++) {
    const child = startChild("record-calls", [directory, String(hastySince), String(round * 1_000_000)]);
    const enough = round * 1_000_000 + callsPerRound + round * 7;
    await child.line(new RegExp(`^(begun|finished) call-${enough}$`));
    await child.end("SIGKILL");
    for (const line of child.lines) {
      const [what, id = ""] = line.split(" ");
      if (what === "begun") begun.add(id);
      if (what === "finished") finished.add(id);
    }
  }

  const bucket = join(directory, "buckets", "audit");
  await withTrail(async (trail) => {
    // The lease of the last one that was killed has to run out, and calls without outcome are waited for.
    for (
      const deadline = performance.now() + 60_000;
      performance.now() < deadline;
      await clock.sleep(5_000)
    ) {
      await trail.deliver();
      const { all } = idsOf(await readLogFiles(bucket));
      if ([...begun].every((id) => all.has(id))) return;
    }
  });

  assert.ok(finished.size > killRounds * callsPerRound * 0.9);
  const { all, withOutcome, repeatedFiles } = idsOf(await readLogFiles(bucket));
  for (const id of begun) assert.ok(all.has(id), `${id} is missing`);
  for (const id of finished) assert.ok(withOutcome.has(id), `the outcome of ${id} is missing`);
  assert.ok(repeatedFiles <= killRounds, `${repeatedFiles} files were repeated`);
});

/** Which calls were delivered, and how many files hold an outcome that another one holds too. */
function idsOf(files: readonly LogFile[]) {
  const [all, withOutcome] = [new Set<unknown>(), new Set<unknown>()];
  let repeatedFiles = 0;
  for (const { records } of files) {
    const outcomes = records.filter(({ errorCode }) => errorCode === undefined);
    if (outcomes.some(({ requestID }) => withOutcome.has(requestID))) repeatedFiles += 1;
    for (const { requestID } of records) all.add(requestID);
    for (const { requestID } of outcomes) withOutcome.add(requestID);
  }
  return { all, withOutcome, repeatedFiles };
}
