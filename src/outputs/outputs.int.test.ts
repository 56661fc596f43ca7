import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { sql } from "kysely";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { readOtlpRequest, readWriteRequest } from "../../test/support/metric-messages.ts";
import { type MetricReceiver, startMetricReceiver } from "../../test/support/metric-receiver.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { createPoster, type Poster, receiverProblem } from "../aws/index.ts";
import { AppError, createLog, systemRandom } from "../base/index.ts";
import { type MetricSeries, openTelemetry, type Telemetry } from "../telemetry/index.ts";
import { createVault, generateMasterKey, type Vault } from "../vault/index.ts";
import { createOutputs, type MetricOutputs } from "./index.ts";

const start = Date.UTC(2026, 10, 20, 12);
const minute = 60_000;
const caller = { name: "alice" };
const lenient = { allowPrivate: true, allowedHosts: [] };

let opened: OpenedDatabase;
let telemetry: Telemetry;
let directory: string;
let vault: Vault;
let clock: SettableClock;
let receiver: MetricReceiver;
let poster: Poster;
let outputs: MetricOutputs;
let integrationId: string;
let logLines: string[];

const cpu = (instance: string): MetricSeries => ({
  integrationId,
  accountId: "111122223333",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  periodSeconds: 300,
  dimensions: { InstanceId: instance },
  unit: "Percent",
  tags: {},
});

/** Another process on the same stores. */
function openOutputs(change: Partial<Parameters<typeof createOutputs>[0]> = {}): MetricOutputs {
  return createOutputs({
    db: opened.database,
    vault,
    feed: telemetry.feed,
    poster,
    urlProblem: (url) => receiverProblem(url, lenient),
    integrationExists: async (id) => {
      if (id !== integrationId) throw new AppError("integration_not_found");
    },
    clock,
    random: systemRandom,
    log: createLog({ level: "debug", write: (line) => logLines.push(line) }),
    ...change,
  });
}

/** Stores points as a run does that begins now and ends a minute later: [instance, minutes after the start, value]. */
async function run(points: [string, number, number][], end: "over" | "under way" = "over"): Promise<void> {
  const began = clock.now();
  const batch = points.map(([instance, minutes, value]) => ({
    series: cpu(instance),
    points: [{ timestampMs: start + minutes * minute, value }],
  }));
  await telemetry.metrics.merge(batch, { version: began + 1_000, fromMs: start - 1e9, toMs: start + 1e9 });
  clock.advance(minute);
  await insertRun(began, end === "over" ? clock.now() : null);
}

async function insertRun(began: number, ended: number | null): Promise<void> {
  const values = {
    id: systemRandom.uuid(),
    integration_id: integrationId,
    job_id: "job",
    state: ended === null ? "running" : "succeeded",
    trigger: "schedule",
    worker_id: "worker",
    started_at: new Date(began),
    finished_at: ended === null ? null : new Date(ended),
    lease_until: new Date(began + 1e6),
    metrics_listed: 0,
    series_stored: 0,
    points_stored: 0,
    api_calls: "{}",
    cost_usd: 0,
  };
  await opened.database.kysely
    .insertInto("runs")
    .values(values as never)
    .execute();
}

async function insertIntegration(): Promise<string> {
  const id = systemRandom.uuid();
  await sql`insert into integrations (id, name, service, config, role_arn, external_id, additional_tags,
    refresh_minutes, disabled, disabled_by_error, created_at, created_by, updated_at, updated_by, consecutive_failures)
    values (${id}, 'test', 'CLOUDWATCH', '{}', '', '', '{}', 5, false, false, now(), 'a', now(), 'a', 0)`.execute(
    opened.database.kysely,
  );
  return id;
}

/** What came by remote write: `instance minutes value`, in the order of coming. */
function received(requests = receiver.requests): string[] {
  return requests.flatMap(({ body }) =>
    readWriteRequest(body).flatMap(({ labels, samples }) =>
      samples.map(([value, at]) => {
        return `${new Map(labels).get("dimension_InstanceId")} ${(at - start) / minute} ${value}`;
      }),
    ),
  );
}

async function deliver(by = outputs): Promise<void> {
  await by.delivery.kick();
  await by.delivery.idle();
}

const remoteWrite = async () => {
  const { remoteWrite: target } = await outputs.get(integrationId);
  assert.ok(target);
  return target;
};
const addRemoteWrite = (change: object = {}) =>
  outputs.update(integrationId, { remoteWrite: { url: receiver.url, ...change } }, caller);
const refused = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

forEachDatabase((open) => {
  before(async () => {
    opened = await open();
    directory = await mkdtemp(join(tmpdir(), "nepho-outputs-"));
    clock = createSettableClock(start);
    telemetry = await openTelemetry({ directory, log: quietLog, clock });
    vault = await createVault({
      db: opened.database,
      masterKeys: [generateMasterKey(systemRandom)],
      clock,
      random: systemRandom,
      log: quietLog,
    });
  });
  after(async () => {
    await telemetry.close();
    await opened.dispose();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    clock = createSettableClock(start);
    logLines = [];
    receiver = await startMetricReceiver();
    poster = createPoster({ policy: lenient, environment: {} });
    integrationId = await insertIntegration();
    outputs = openOutputs();
  });
  afterEach(async () => {
    await outputs.delivery.stop();
    poster.close();
    await receiver.close();
  });

  describe("sending", () => {
    test("every point that runs store goes out once, in the order of time within a series", async () => {
      await addRemoteWrite();
      await run([
        ["i-1", 0, 1],
        ["i-2", 0, 2],
      ]);
      await deliver();
      await run([
        ["i-1", 5, 3],
        ["i-2", 5, 4],
        ["i-1", 0, 1],
      ]);
      await deliver();
      await deliver();
      const lines = received();
      assert.deepEqual([...lines].sort(), ["i-1 0 1", "i-1 5 3", "i-2 0 2", "i-2 5 4"]);
      assert.ok(lines.indexOf("i-1 0 1") < lines.indexOf("i-1 5 3"));
      const { sentPoints, pending, state, lastSentAt, dropped } = await remoteWrite();
      assert.deepEqual([sentPoints, pending, state, dropped], [4, 0, "idle", { refused: 0, rejected: 0 }]);
      assert.equal(lastSentAt, new Date(clock.now()).toISOString());
    });

    test("what was stored before a receiver was added stays here", async () => {
      await run([["i-1", 0, 1]]);
      await addRemoteWrite();
      await deliver();
      await run([["i-1", 5, 2]]);
      await deliver();
      assert.deepEqual(received(), ["i-1 5 2"]);
    });

    test("points of a run under way wait for its end, because more may come that were asked for earlier", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]], "under way");
      await deliver();
      assert.deepEqual(received(), []);
      assert.equal((await remoteWrite()).pending, 0);
      await opened.database.kysely
        .updateTable("runs")
        .set({ state: "succeeded", finished_at: new Date(clock.now()) })
        .where("integration_id", "=", integrationId)
        .execute();
      assert.equal((await remoteWrite()).pending, 1);
      await deliver();
      assert.deepEqual(received(), ["i-1 0 1"]);
    });

    test("times follow one another over all series, each in requests of its own", async () => {
      await addRemoteWrite();
      await run([
        ["i-1", 10, 1],
        ["i-2", 0, 2],
        ["i-1", 0, 3],
        ["i-2", 5, 4],
      ]);
      await deliver();
      const minutes = received().map((line) => Number(line.split(" ")[1]));
      assert.deepEqual(minutes, [0, 0, 5, 10]);
      assert.equal(receiver.requests.length, 3);
    });

    test("a refused late point costs no new one, nor the requests to look for it", async () => {
      await addRemoteWrite();
      const instances = Array.from({ length: 3_000 }, (_, index) => `i-${index}`);
      await run([
        ...instances.map((instance): [string, number, number] => [instance, 0, 1]),
        ...instances.map((instance): [string, number, number] => [instance, 5, 2]),
      ]);
      receiver.answer = (request) =>
        received([request]).some((line) => line.endsWith(" 0 1")) ? { status: 400 } : { status: 204 };
      await deliver();
      const { sentPoints, dropped } = await remoteWrite();
      assert.deepEqual([sentPoints, dropped.refused], [3_000, 3_000]);
      assert.ok(receiver.requests.length < 60, `${receiver.requests.length} requests`);
    });

    for (const sendChanges of [false, true]) {
      test(`a value that AWS corrects is ${sendChanges ? "sent again" : "not sent again"} with sendChanges ${sendChanges}`, async () => {
        await addRemoteWrite({ sendChanges });
        await run([["i-1", 0, 1]]);
        await deliver();
        await run([
          ["i-1", 0, 1.5],
          ["i-1", 5, 2],
        ]);
        await deliver();
        assert.deepEqual(received(), ["i-1 0 1", ...(sendChanges ? ["i-1 0 1.5"] : []), "i-1 5 2"]);
        assert.equal((await remoteWrite()).pending, 0);
      });
    }

    test("a point that was stored and corrected while the receiver was away is not lost", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      await run([["i-1", 0, 1.5]]);
      await deliver();
      assert.deepEqual(received(), ["i-1 0 1.5"]);
    });

    test("a large stretch goes out in bounded requests and is remembered after each", async () => {
      await addRemoteWrite();
      await run(Array.from({ length: 4_500 }, (_, index) => [`i-${index}`, 0, index]));
      let requests = 0;
      receiver.answer = () => ({ status: ++requests === 2 ? 503 : 204 });
      await deliver();
      assert.equal((await remoteWrite()).pending, 2_500);
      clock.advance(minute);
      await deliver();
      const taken = receiver.requests.filter((_, index) => index !== 1);
      assert.deepEqual(
        taken.map((request) => received([request]).length),
        [2_000, 2_000, 500],
      );
      assert.equal(new Set(received(taken)).size, 4_500);
    });

    test("OTLP goes out beside remote write, to its own pace", async () => {
      const url = receiver.url.replace("/api/v1/write", "/v1/metrics");
      await addRemoteWrite();
      await outputs.update(integrationId, { otlp: { url, headers: { "X-Scope-OrgID": "team" } } }, caller);
      receiver.answer = ({ path }) => ({ status: path === "/v1/metrics" ? 200 : 503 });
      await run([["i-1", 0, 1]]);
      await deliver();
      const request = receiver.requests.find(({ path }) => path === "/v1/metrics");
      assert.equal(request?.headers["x-scope-orgid"], "team");
      const [point] = readOtlpRequest(request?.body ?? Buffer.alloc(0));
      assert.equal(point?.name, "amazonaws.com/AWS/EC2/CPUUtilization");
      const { otlp, remoteWrite: behind } = await outputs.get(integrationId);
      assert.deepEqual([otlp?.pending, behind?.pending, behind?.state], [0, 1, "retrying"]);
    });
  });

  describe("a receiver that does not take points", () => {
    test("for lack of health, rights or address keeps them waiting, and gets them later", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      for (const status of [500, 503, 429, 401, 403, 404, 302]) {
        receiver.answer = () => ({ status, body: "<secret of another service>" });
        await deliver();
        clock.advance(10 * minute);
        const { state, lastError, pending, dropped } = await remoteWrite();
        assert.deepEqual(
          [state, lastError?.slice(0, 9), pending, dropped.refused],
          ["retrying", `HTTP ${status}:`, 1, 0],
        );
        assert.doesNotMatch(lastError ?? "", /secret/);
      }
      receiver.answer = () => ({ status: 200 });
      await deliver();
      const { state, sentPoints } = await remoteWrite();
      assert.deepEqual([state, sentPoints], ["idle", 1]);
    });

    test("is tried again at growing intervals, or when it says", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      const attemptAfter = async (ms: number) => {
        const before = receiver.requests.length;
        clock.advance(ms);
        await deliver();
        return receiver.requests.length - before;
      };
      receiver.answer = () => ({ status: 500 });
      assert.equal(await attemptAfter(0), 1);
      assert.equal(await attemptAfter(3_000), 0);
      assert.equal(await attemptAfter(4_000), 1);
      assert.equal(await attemptAfter(7_000), 0);
      assert.equal(await attemptAfter(6_000), 1);
      receiver.answer = () => ({ status: 429, headers: { "retry-after": "900" } });
      assert.equal(await attemptAfter(10 * minute), 1);
      assert.equal(await attemptAfter(14 * minute), 0);
      assert.equal(await attemptAfter(2 * minute), 1);
    });

    test("because it is not there keeps them waiting", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      await receiver.close();
      await deliver();
      const { state, lastError, pending } = await remoteWrite();
      assert.deepEqual([state, pending], ["retrying", 1]);
      assert.match(lastError ?? "", /^No answer: /);
      await opened.database.kysely.deleteFrom("metric_outputs").execute();
    });

    test("because of one sample costs that sample only, and says so", async () => {
      await addRemoteWrite();
      await run(Array.from({ length: 1_000 }, (_, index) => [`i-${index}`, 0, index]));
      receiver.answer = ({ body }) =>
        received([{ path: "", headers: {}, body }]).includes("i-617 0 617")
          ? { status: 400, body: "out of order\u001b sample" }
          : { status: 204 };
      await deliver();
      const { sentPoints, dropped, lastError, pending } = await remoteWrite();
      assert.deepEqual([sentPoints, dropped.refused, pending], [999, 1, 0]);
      assert.equal(lastError, "HTTP 400: out of order sample");
      assert.ok(receiver.requests.length <= 25, `${receiver.requests.length} requests`);
    });

    test("whatever it is sent gets a bounded number of requests", async () => {
      await addRemoteWrite();
      await run(Array.from({ length: 1_000 }, (_, index) => [`i-${index}`, 0, index]));
      receiver.answer = () => ({ status: 400 });
      await deliver();
      const { sentPoints, dropped } = await remoteWrite();
      assert.deepEqual([sentPoints, dropped.refused], [0, 1_000]);
      assert.ok(receiver.requests.length <= 60, `${receiver.requests.length} requests`);
    });

    test("because it is on an address that the operator does not allow is never connected to", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      const strict = createPoster({ policy: { allowPrivate: false, allowedHosts: [] }, environment: {} });
      await deliver(openOutputs({ poster: strict }));
      strict.close();
      assert.equal(receiver.requests.length, 0);
      assert.match((await remoteWrite()).lastError ?? "", /private or loopback address/);
    });
  });

  describe("several workers", () => {
    test("never send to the same receiver at a time", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      const others = [outputs, openOutputs(), openOutputs()];
      await Promise.all(others.map((other) => deliver(other)));
      assert.deepEqual(received(), ["i-1 0 1"]);
    });

    test("take over from one that died, where it was", async () => {
      await addRemoteWrite();
      await run(Array.from({ length: 4_500 }, (_, index) => [`i-${index}`, 0, index]));
      let requests = 0;
      let hang = () => {};
      const hung = new Promise<void>((resolve) => {
        hang = resolve;
      });
      receiver.answer = async () => {
        if (++requests === 2) {
          hang();
          await new Promise(() => {});
        }
        return { status: 204 };
      };
      await outputs.delivery.kick();
      await hung;
      await deliver(openOutputs());
      assert.equal(receiver.requests.length, 2);
      clock.advance(10 * minute);
      await deliver(openOutputs());
      const taken = receiver.requests.filter((_, index) => index !== 1);
      assert.equal(received(taken).length, 4_500);
      await outputs.delivery.stop();
      // The one that was thought dead comes back and changes nothing.
      assert.deepEqual([(await remoteWrite()).sentPoints, (await remoteWrite()).state], [4_500, "idle"]);
    });

    test("a stop interrupts a request and counts as no failure", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      let arrived = () => {};
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      receiver.answer = () => {
        arrived();
        return new Promise(() => {});
      };
      await outputs.delivery.kick();
      await arrival;
      await outputs.delivery.stop();
      const { state, lastError } = await remoteWrite();
      assert.deepEqual([state, lastError], ["idle", null]);
    });
  });

  describe("the settings", () => {
    const secret = "Bearer wJalrXUtnFEMI-canary";

    test("of an integration without outputs are those of none; one that is not there has none", async () => {
      const none = {
        openMetrics: false,
        naming: { labels: "original", tags: true },
        remoteWrite: null,
        otlp: null,
      };
      assert.deepEqual(await outputs.get(integrationId), none);
      await assert.rejects(outputs.get("missing"), refused("integration_not_found"));
      await assert.rejects(outputs.update("missing", {}, caller), refused("integration_not_found"));
    });

    test("keep what is absent and remove what is null", async () => {
      await addRemoteWrite({ authorization: secret, headers: { "X-Team": "a" }, sendChanges: true });
      await outputs.update(integrationId, { openMetrics: true }, caller);
      const kept = await addRemoteWrite();
      assert.equal(kept.openMetrics, true);
      assert.deepEqual(
        [kept.remoteWrite?.hasAuthorization, kept.remoteWrite?.headerNames, kept.remoteWrite?.sendChanges],
        [true, ["X-Team"], true],
      );
      const without = await addRemoteWrite({ authorization: null, headers: null });
      assert.deepEqual(
        [without.remoteWrite?.hasAuthorization, without.remoteWrite?.headerNames],
        [false, []],
      );
      assert.equal((await outputs.update(integrationId, { remoteWrite: null }, caller)).remoteWrite, null);
    });

    test("send the secrets, and show them nowhere", async () => {
      const answer = await addRemoteWrite({ authorization: secret, headers: { "X-Key": "canary-2" } });
      receiver.answer = () => ({ status: 401 });
      await run([["i-1", 0, 1]]);
      await deliver();
      assert.equal(receiver.requests[0]?.headers.authorization, secret);
      assert.equal(receiver.requests[0]?.headers["x-key"], "canary-2");
      const tables = await Promise.all(
        (["metric_outputs", "metric_output_targets", "sealed_secrets"] as const).map((table) =>
          opened.database.kysely.selectFrom(table).selectAll().execute(),
        ),
      );
      const stored = JSON.stringify(tables, (_, value) =>
        value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
      );
      for (const text of [
        JSON.stringify(answer),
        JSON.stringify(await remoteWrite()),
        stored,
        logLines.join(""),
      ]) {
        assert.doesNotMatch(text, /canary/);
      }
    });

    test("never send secrets to another host than they were given for", async () => {
      await addRemoteWrite({ authorization: secret, headers: { "X-Key": "x" } });
      const elsewhere = { remoteWrite: { url: "https://attacker.example/api/v1/write" } };
      await assert.rejects(outputs.update(integrationId, elsewhere, caller), (error: AppError) => {
        assert.deepEqual(
          error.fields.map(({ path }) => path),
          ["remoteWrite.authorization", "remoteWrite.headers"],
        );
        return true;
      });
      assert.equal((await remoteWrite()).url, receiver.url);
    });

    test("refuse what is no URL, also in the place of one that is there", async () => {
      await addRemoteWrite({ authorization: secret });
      const change = outputs.update(integrationId, { remoteWrite: { url: "//" } }, caller);
      await assert.rejects(change, refused("validation_failed"));
    });

    test("stay secret when the receiver repeats them", async () => {
      await addRemoteWrite({ authorization: secret, headers: { "X-Key": "canary-header", "X-Tenant": "7" } });
      receiver.answer = ({ headers }) => ({ status: 400, body: `7 bad: ${JSON.stringify(headers)}` });
      await run([["i-1", 0, 1]]);
      await deliver();
      const { lastError } = await remoteWrite();
      assert.match(lastError ?? "", /^HTTP 400: 7 bad: .*"authorization":"…"/);
      assert.doesNotMatch(`${lastError} ${logLines.join("")}`, /canary/);
    });

    test("refuse addresses and headers that could do harm", async () => {
      const strict = openOutputs({
        urlProblem: (url) => receiverProblem(url, { allowPrivate: false, allowedHosts: [] }),
      });
      for (const url of [
        "http://prometheus.example.com/api/v1/write",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/api/v1/write",
        "https://user:password@prometheus.example.com/",
        "file:///etc/passwd",
        "none",
      ]) {
        const change = strict.update(integrationId, { otlp: { url } }, caller);
        await assert.rejects(change, refused("validation_failed"), url);
      }
      for (const name of [
        "Host",
        "content-length",
        "Authorization",
        "Transfer-Encoding",
        "Proxy-Authorization",
      ]) {
        const change = addRemoteWrite({ headers: { [name]: "x" } });
        await assert.rejects(change, refused("validation_failed"), name);
      }
      assert.equal((await outputs.get(integrationId)).remoteWrite, null);
    });

    test("go with their secrets when the integration is gone for good", async () => {
      await addRemoteWrite({ authorization: secret });
      await outputs.forgetOrphans();
      assert.ok((await outputs.get(integrationId)).remoteWrite);
      await opened.database.kysely.deleteFrom("integrations").where("id", "=", integrationId).execute();
      await outputs.forgetOrphans();
      assert.equal((await outputs.get(integrationId)).remoteWrite, null);
      const keys = await opened.database.kysely
        .selectFrom("data_keys")
        .select("id")
        .where("record_id", "=", integrationId)
        .execute();
      assert.deepEqual(keys, []);
    });

    test("the lag of a target is known", async () => {
      await addRemoteWrite();
      receiver.answer = () => ({ status: 500 });
      await run([["i-1", 0, 1]]);
      await deliver();
      const mine = (await outputs.lags()).filter((lag) => lag.integrationId === integrationId);
      assert.deepEqual([mine[0]?.failures, mine[0]?.lagSeconds], [1, 0]);
      clock.advance(10 * minute);
      const later = (await outputs.lags()).filter((lag) => lag.integrationId === integrationId);
      assert.equal(later[0]?.lagSeconds, 600);
    });
  });
});
