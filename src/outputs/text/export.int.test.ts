import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { quietLog } from "../../../test/support/quiet-log.ts";
import { createSettableClock } from "../../../test/support/settable-clock.ts";
import { AppError } from "../../base/index.ts";
import { metricExportQuery, scrapeQuery } from "../../contract/index.ts";
import { type MetricSeries, openTelemetry, type Telemetry } from "../../telemetry/index.ts";
import { defaultNaming } from "../naming.ts";
import { createTextExport, type TextExport } from "./export.ts";

const now = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const day = 1440 * minute;

describe("OpenMetrics text", () => {
  let telemetry: Telemetry;
  let directory: string;
  let textExport: TextExport;
  let settledTo: number;
  let asked: number;
  let openMetrics: boolean;

  const series = (integrationId: string, change: Partial<MetricSeries> = {}): MetricSeries => ({
    integrationId,
    accountId: "111122223333",
    region: "us-east-1",
    namespace: "AWS/EC2",
    metricName: "CPUUtilization",
    statistic: "Average",
    periodSeconds: 300,
    dimensions: { InstanceId: "i-1" },
    unit: "Percent",
    tags: {},
    ...change,
  });
  /** [minutes before now, value] */
  const store = (one: MetricSeries, points: [number, number][]) =>
    telemetry.metrics.merge(
      [{ series: one, points: points.map(([age, value]) => ({ timestampMs: now - age * minute, value })) }],
      { version: now, fromMs: now - 100 * day, toMs: now },
    );
  const scrape = async (id: string, query: object = {}) =>
    text(await textExport.scrape(id, scrapeQuery.parse(query)));
  const range = async (integrationId: string, minutes: number, query: object = {}): Promise<Readable> =>
    textExport.range(
      metricExportQuery.parse({
        integrationId,
        from: new Date(now - minutes * minute).toISOString(),
        to: new Date(now).toISOString(),
        ...query,
      }),
    );

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-text-"));
    const clock = createSettableClock(now);
    telemetry = await openTelemetry({ directory, log: quietLog, clock });
    settledTo = now;
    asked = 0;
    openMetrics = true;
    textExport = createTextExport({
      store: telemetry.metricExport,
      exposition: async (id) => {
        if (id === "missing") throw new AppError("integration_not_found");
        return { openMetrics, naming: defaultNaming };
      },
      settledTo: async () => {
        asked++;
        return settledTo;
      },
      clock,
    });
  });
  after(async () => {
    await telemetry.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("has one family after the other, the newest point of each series with its time, and its end", async () => {
    await store(series("families"), [
      [20, 1],
      [15, 2],
    ]);
    await store(series("families", { dimensions: { InstanceId: 'i-"2"\\\n' } }), [[15, 3]]);
    await store(series("families", { statistic: "Maximum", unit: "None" }), [[15, 4]]);
    await store(series("families", { metricName: "A" }), [[15, 5]]);
    const labels = (instance: string) =>
      `account_id="111122223333",dimension_InstanceId="${instance}",integration_id="families",region="us-east-1"`;
    const at = (now - 15 * minute) / 1000;
    const lines = (await scrape("families")).split("\n");
    const average = "aws_ec2_cpuutilization_average";
    assert.deepEqual(
      [...lines.slice(0, 5), ...lines.slice(5, 7).sort(), ...lines.slice(7)],
      [
        "# TYPE aws_ec2_a_average gauge",
        "# HELP aws_ec2_a_average Average of A in AWS/EC2, Percent",
        `aws_ec2_a_average{${labels("i-1")}} 5 ${at}`,
        `# TYPE ${average} gauge`,
        `# HELP ${average} Average of CPUUtilization in AWS/EC2, Percent`,
        `${average}{${labels("i-1")}} 2 ${at}`,
        `${average}{${labels('i-\\"2\\"\\\\\\n')}} 3 ${at}`,
        "# TYPE aws_ec2_cpuutilization_maximum gauge",
        "# HELP aws_ec2_cpuutilization_maximum Maximum of CPUUtilization in AWS/EC2",
        `aws_ec2_cpuutilization_maximum{${labels("i-1")}} 4 ${at}`,
        "# EOF",
        "",
      ],
    );
  });

  test("shows settled points only, unless all are asked for", async () => {
    await store(series("settled"), [
      [30, 1],
      [25, 2],
      [20, 3],
      [15, 4],
    ]);
    settledTo = now - 20 * minute;
    assert.match(await scrape("settled"), /\} 2 \d+\n# EOF\n$/);
    const before = asked;
    assert.match(await scrape("settled", { finality: "all" }), /\} 4 \d+\n# EOF\n$/);
    await scrape("settled");
    assert.equal(asked, before, "how final a metric is was asked for again within a minute");
    settledTo = now;
  });

  test("leaves times out where the scraper wants its own", async () => {
    await store(series("times"), [[5, 1]]);
    assert.match(await scrape("times", { finality: "all", timestamps: "off" }), /\} 1\n# EOF\n$/);
  });

  test("leaves out series that have ended, and keeps those that get a point a day", async () => {
    await store(series("stale"), [[5 * 60, 1]]);
    await store(series("stale", { metricName: "BucketSizeBytes", periodSeconds: 86_400 }), [[3 * 1440, 7]]);
    const metrics = await scrape("stale", { finality: "all" });
    assert.match(metrics, /^aws_ec2_bucket_size_bytes_average\{.*\} 7 /m);
    assert.doesNotMatch(metrics, /cpuutilization/);
  });

  test("holds what the selectors name", async () => {
    await store(series("selected"), [[5, 1]]);
    await store(series("selected", { region: "eu-west-1" }), [[5, 2]]);
    const metrics = await scrape("selected", { finality: "all", "match[]": ['{region=~"eu-.*"}'] });
    assert.deepEqual(metrics.match(/\} \d /g), ["} 2 "]);
    assert.equal(await scrape("selected", { "match[]": "other" }), "# EOF\n");
    await assert.rejects(scrape("selected", { "match[]": "{" }), { code: "validation_failed" });
  });

  test("metrics that differ in case only are one family", async () => {
    await store(series("case", { metricName: "errors" }), [[5, 1]]);
    await store(series("case", { metricName: "Errors", dimensions: {} }), [[5, 2]]);
    const metrics = await scrape("case", { finality: "all" });
    assert.equal(metrics.match(/# TYPE aws_ec2_errors_average/g)?.length, 1);
    assert.equal(metrics.match(/^aws_ec2_errors_average\{/gm)?.length, 2);
  });

  test("a range holds every point once, in order, however many readings it takes", async () => {
    const batch = Array.from({ length: 2_500 }, (_, index) => ({
      series: series("range", { dimensions: { InstanceId: `i-${index}` } }),
      points: [60, 30, 10].map((age) => ({ timestampMs: now - age * minute, value: index })),
    }));
    batch.push({ series: series("range", { metricName: "Other" }), points: batch[7]?.points ?? [] });
    await telemetry.metrics.merge(batch, { version: now, fromMs: now - day, toMs: now });
    const lines = (await text(await range("range", 45))).split("\n");
    const samples = lines.filter((line) => /^aws_ec2_cpu/.test(line));
    assert.equal(samples.length, 5_000);
    assert.equal(new Set(samples).size, 5_000);
    assert.equal(lines.filter((line) => line.startsWith("# TYPE")).length, 2);
    const own = samples
      .filter((line) => line.includes('"i-7"'))
      .map((line) => Number(line.split(" ").at(-1)));
    assert.deepEqual(own, [(now - 30 * minute) / 1000, (now - 10 * minute) / 1000]);
    assert.equal((await scrape("range", { finality: "all" })).match(/^aws_ec2_cpu/gm)?.length, 2_500);
  });

  test("is refused for what is not there, not offered, upside down or beyond all reason", async () => {
    await assert.rejects(scrape("missing"), { code: "integration_not_found" });
    await assert.rejects(range("range", -10), { code: "validation_failed" });
    await assert.rejects(range("range", 500 * 1440), { code: "validation_failed" });
    await assert.rejects(range("range", 100 * 1440), { code: "query_too_large" });
    openMetrics = false;
    await assert.rejects(scrape("range"), { code: "output_not_enabled" });
    openMetrics = true;
  });
});
