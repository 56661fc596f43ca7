import { createLog, systemRandom } from "../../../src/base/index.ts";
import { openDatabase } from "../../../src/db/index.ts";
import { openTelemetry } from "../../../src/telemetry/index.ts";
import { createLocalBuckets, createTrail } from "../../../src/trail/index.ts";
import { createHastyClock } from "../hasty-clock.ts";

/** Records calls as fast as it can, delivers them all the time, and prints what was acknowledged. */
export async function run([directory = "", hastySince = "0", first = "0"]: string[]): Promise<void> {
  const clock = createHastyClock(Number(hastySince));
  const log = createLog({ level: "error" });
  const database = await openDatabase({ directory, log, clock });
  const telemetry = await openTelemetry({ directory, log, clock });
  const trail = createTrail({
    db: database,
    events: telemetry.trailEvents,
    buckets: createLocalBuckets(directory),
    clock,
    random: systemRandom,
    log,
    accountId: "000000000000",
    region: "us-east-1",
    retentionDays: 3_650,
  });
  // The lease of the one that was killed would keep this one from delivering until it runs out.
  await database.kysely.updateTable("trails").set({ lease_until: null }).execute();
  console.log("ready");

  let next = Number(first);
  const recordCall = async () => {
    const id = `call-${next++}`;
    const record = await trail.recorder.begin({
      eventTimeMs: clock.now(),
      eventSource: "iam.amazonaws.com",
      eventName: "CreateUser",
      userIdentity: { type: "Root", principalId: "1", arn: "arn:aws:iam::1:root", accountId: "1" },
      sourceIPAddress: "127.0.0.1",
      userAgent: "test",
      requestId: id,
      readOnly: false,
      eventCategory: "Management",
      requestParameters: null,
      resources: [],
    });
    console.log(`begun ${id}`);
    await record.finish({});
    console.log(`finished ${id}`);
  };
  const recordCalls = async () => {
    for (;;) {
      await recordCall().catch((error: { code?: unknown }) => {
        // On a machine that is busy with other things the store may be too slow for this clock.
        if (error.code !== "store_unavailable") throw error;
      });
    }
  };
  const deliver = async () => {
    for (;;) await trail.deliver();
  };
  await Promise.all([recordCalls(), recordCalls(), recordCalls(), deliver()]);
}
