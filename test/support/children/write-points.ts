import { createLog, systemClock } from "../../../src/base/index.ts";
import { openTelemetry } from "../../../src/telemetry/index.ts";

/** Writes windows of points as fast as it can and prints the number of each one after it was acknowledged. */
export async function run([directory = "", first = "0", count = "1000000"]: string[]): Promise<void> {
  const telemetry = await openTelemetry({ directory, log: createLog({ level: "warn" }), clock: systemClock });
  console.log("ready");

  async function writeWindows(worker: number): Promise<void> {
    for (let window = Number(first); window < Number(first) + Number(count); window++) {
      const points = Array.from({ length: 50 }, (_, index) => ({
        timestampMs: 1_790_000_000_000 + (window * 50 + index) * 1000,
        value: window,
      }));
      const series = {
        integrationId: "kill",
        accountId: "111122223333",
        region: "us-east-1",
        namespace: "Kill",
        metricName: `Worker${worker}`,
        statistic: "Average",
        periodSeconds: 1,
        dimensions: {},
        tags: {},
      };
      const fromMs = points[0]!.timestampMs;
      const toMs = fromMs + points.length * 1000;
      await telemetry.metrics.merge([{ series, points }], { version: toMs, fromMs, toMs });
      console.log(`written ${worker} ${window}`);
    }
  }
  await Promise.all([writeWindows(0), writeWindows(1)]);
  await telemetry.close();
  console.log("closed");
}
