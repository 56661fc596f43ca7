import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { ingestOptions, type Sent, send } from "../../test/support/ingest-world.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock, systemRandom } from "../base/index.ts";
import type { Principal, TrailRecorder } from "../contract/index.ts";
import { createChangeCounters, type Database, openDatabase } from "../db/index.ts";
import { createIdentity, type Identity } from "../identity/index.ts";
import { createLogs, type Logs } from "../logs/index.ts";
import { openTelemetry, type Telemetry } from "../telemetry/index.ts";
import { createIngest, type Ingest } from "./index.ts";

const place = { accountId: "000000000000", region: "us-east-1" };
const root: Principal = {
  kind: "root",
  id: place.accountId,
  name: "root",
  arn: `arn:aws:iam::${place.accountId}:root`,
  accountId: place.accountId,
  policies: [],
  proof: { kind: "session", id: "test" },
};
const noTrail: TrailRecorder = {
  begin: async () => ({ finish: async () => {} }),
  write: async () => {},
  note: () => {},
};
const noVault = {
  open: () => Promise.reject(new Error("no secrets here")),
  seal: () => Promise.reject(new Error("no secrets here")),
  remove: async () => {},
};

interface Process {
  readonly database: Database;
  readonly telemetry: Telemetry;
  readonly identity: Identity;
  readonly logs: Logs;
  readonly ingest: Ingest;
  close(): Promise<void>;
}

/** A server's parts on the stores of this folder, as after a start. */
async function open(directory: string): Promise<Process> {
  const shared = { clock: systemClock, log: quietLog, ...place };
  const database = await openDatabase({ directory, clock: systemClock, log: quietLog });
  const telemetry = await openTelemetry({ directory, clock: systemClock, log: quietLog });
  const counters = createChangeCounters({ kysely: database.kysely, clock: systemClock });
  const identity = createIdentity({
    ...shared,
    db: database,
    counters,
    vault: noVault as never,
    random: systemRandom,
  });
  const logs = createLogs({ ...shared, db: database, counters, telemetry });
  const ingest = createIngest({
    ...shared,
    db: database,
    telemetry,
    identity,
    logs,
    missingTargets: undefined,
    trail: noTrail,
    options: ingestOptions,
  });
  return {
    database,
    telemetry,
    identity,
    logs,
    ingest,
    close: async () => {
      await ingest.close();
      await logs.flush();
      await telemetry.close();
      await database.close();
    },
  };
}

describe("log events into real stores", () => {
  let directory: string;
  let server: Process;
  let key: { id: string; secret: string };
  let number = 0;
  let group: string;

  const post = (path: string, body: string, headers: Sent["headers"] = {}) =>
    send(server, {
      path,
      body,
      headers: {
        authorization: `Bearer ${key.secret}`,
        "x-aws-log-group": group,
        "x-aws-log-stream": "main",
        ...headers,
      },
    });
  const messages = async (): Promise<string[]> => {
    const entry = await server.logs.directory.find(group);
    assert.ok(entry);
    const { events } = await server.telemetry.logReads.page({
      logGroupId: entry.id,
      fromMs: 0,
      toMs: Date.now() + 86_400_000,
      order: "asc",
      limit: 1000,
      bytesMax: 2 ** 24,
      timeMsMax: 10_000,
    });
    return events.map(({ message }) => message);
  };
  const restart = async () => {
    await server.close();
    server = await open(directory);
  };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-ingest-"));
    server = await open(directory);
    key = await server.identity.keys.create({ userName: "sender", createUser: true, ageDays: 1 }, root);
  });
  after(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    group = `/test/${++number}`;
    await server.logs.service.createGroup(
      { name: group, bearerTokenAuthenticationEnabled: true, deletionProtectionEnabled: false, tags: {} },
      async () => {},
    );
    await server.logs.service.createStream(group, "main");
  });
  afterEach(() => server.identity.keys.update(key.id, { status: "Active" }, root));

  test("what each endpoint acknowledges can be read, byte for byte", async () => {
    const now = Date.now();
    const strange = '{"timestamp":1,"a":"tab\\t \\"quoted\\" \\\\ é 😀","big":12345678901234567890}'.replace(
      "1",
      String(now),
    );
    assert.equal((await post("/ingest/bulk", `${strange}\n"plain\\u0000 text"\n`)).status, 200);
    assert.equal((await post("/ingest/json", `[{"timestamp":${now + 1}}]`)).status, 200);
    assert.equal(
      (await post("/services/collector/event", `{"event":"e","time":${(now + 2) / 1000}}`)).status,
      200,
    );
    assert.equal((await post("/services/collector/raw", "line one\r\nline\ttwo\\")).status, 200);
    const otlp = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"${now + 3}000001","body":{"stringValue":"o"}}]}]}]}`;
    assert.equal((await post("/v1/logs", otlp)).status, 200);
    const stored = await messages();
    assert.deepEqual(
      new Set(stored),
      new Set([
        strange,
        "plain\0 text",
        `{"timestamp":${now + 1}}`,
        `{"event":"e","time":${(now + 2) / 1000}}`,
        "line one",
        "line\ttwo\\",
        `{"resource":{"attributes":{}},"scope":{"name":""},"timeUnixNano":${now + 3}000001,"observedTimeUnixNano":0,"severityNumber":0,"severityText":"","body":"o"}`,
      ]),
    );
  });

  test("a deactivated key, the group's switch and a deleted stream bite on the next request", async () => {
    const status = async () => (await post("/ingest/json", '{"a":1}')).status;
    assert.equal(await status(), 200);
    await server.identity.keys.update(key.id, { status: "Inactive" }, root);
    assert.equal(await status(), 401);
    await server.identity.keys.update(key.id, { status: "Active" }, root);
    assert.equal(await status(), 200);
    await server.logs.service.setBearerTokenAuthentication(group, false);
    assert.equal(await status(), 403);
    await server.logs.service.setBearerTokenAuthentication(group, true);
    await server.logs.service.deleteStream(group, "main");
    assert.equal(await status(), 404);
  });

  test("a request that is refused leaves nothing, however far it was read", async () => {
    const good = '{"event":"a"}'.repeat(500);
    assert.equal((await post("/services/collector/event", `${good}{`)).status, 400);
    assert.equal((await post("/services/collector/event", good.repeat(21))).status, 400);
    assert.deepEqual(await messages(), []);
  });

  test("a repetition after a restart is told by the stored events, and stores nothing", async () => {
    const headers = { "idempotency-key": "batch-1" };
    const body = '{"n":1}\n{"n":2}\n';
    assert.equal((await post("/ingest/bulk", body, headers)).status, 200);
    await restart();
    assert.equal((await post("/ingest/bulk", body, headers)).status, 200);
    assert.equal((await post("/ingest/bulk", body, { "idempotency-key": "batch-2" })).status, 200);
    assert.equal((await messages()).length, 4);
  });

  test("what was rejected is counted per group, key and reason, with the last of each, across a restart", async () => {
    await post("/ingest/bulk", '{"timestamp":1700000000}\n{bad\u0007\n{"ok":1}\n');
    await post("/ingest/bulk", '{"timestamp":1600000000}\n');
    await post("/ingest/json", "{");
    await restart();
    const { items } = await server.ingest.rejections({ group });
    const told = items.map(({ reason, count, lastSample, keyId }) => [reason, count, lastSample, keyId]);
    assert.deepEqual(
      told.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      [
        [
          "body_malformed",
          1,
          "The body is not JSON, or is nested deeper than 64 levels: the value at byte 0 cannot be read.",
          key.id,
        ],
        ["invalid_json", 1, "{bad\\u0007", key.id],
        ["too_old", 2, '{"timestamp":1600000000}', key.id],
      ],
    );
  });
});
