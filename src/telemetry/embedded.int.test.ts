import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { createClient } from "@clickhouse/client";
import { startChild } from "../../test/support/child.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { systemClock } from "../base/index.ts";
import { createEmbeddedConnection } from "./embedded/embedded-connection.ts";
import { openTelemetry } from "./index.ts";
import { readTelemetryMigrations, runTelemetryMigrations, type TelemetryMigration } from "./migrations.ts";
import { createStore, type Store } from "./store.ts";
import { searchTrailEvents, type TrailEventFilter } from "./trail-search.ts";

const options = { log: quietLog, clock: systemClock };

/** A store on the embedded engine without the tables of the product. */
function openStore(path: string): Store {
  const connection = createEmbeddedConnection({
    path,
    database: "test",
    readers: 2,
    writers: 2,
    urgentWriters: 1,
  });
  return createStore(createClient({ connection: connection as never }), { inserts: connection.rows });
}

describe("the embedded engine", () => {
  let directory: string;
  let store: Store;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-engine-"));
  });
  afterEach(async () => {
    await store?.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("runs with our settings, not with those of a config.xml in the working directory", async () => {
    const hostile = "<clickhouse><mark_cache_size>4242</mark_cache_size></clickhouse>";
    await writeFile(join(directory, "config.xml"), hostile);
    const workingDirectory = process.cwd();
    process.chdir(directory);
    try {
      store = openStore(join(directory, "data"));
    } finally {
      process.chdir(workingDirectory);
    }
    const rows = await store.select<{ name: string; value: string }>(
      "SELECT name, value FROM system.server_settings WHERE name IN ('mark_cache_size', 'max_server_memory_usage') ORDER BY name",
    );
    assert.deepEqual(rows[0], { name: "mark_cache_size", value: "67108864" });
    assert.ok(Number(rows[1]?.value) <= 3_000_000_000);
  });

  test("reads do not wait for each other, and parameters of one never reach the other", async () => {
    store = openStore(join(directory, "data"));
    await store.ping();
    const started = performance.now();
    const sleepers = ["a", "b"].map((name) =>
      store.select<{ name: string }>("SELECT {name:String} AS name, sleep(0.5) AS slept", { name }),
    );
    const rows = await Promise.all(sleepers);
    assert.ok(performance.now() - started < 950, "the second read waited for the first");
    assert.deepEqual(
      rows.map(([row]) => row?.name),
      ["a", "b"],
    );
    const many = Array.from({ length: 200 }, (_, value) =>
      store.select<{ value: number }>("SELECT {value:UInt32} AS value", { value }),
    );
    for (const [index, [row]] of (await Promise.all(many)).entries()) assert.equal(row?.value, index);
  });

  test("a read that runs too long is stopped, and the next one is not affected", async () => {
    store = openStore(join(directory, "data"));
    const endless = store.select("SELECT count() FROM system.numbers", {}, { timeMsMax: 300 });
    await assert.rejects(endless, { code: "query_timed_out" });
    const greedy = store.select(
      "SELECT groupArray(number) FROM numbers(100000000)",
      {},
      { memoryBytesMax: 1e7 },
    );
    await assert.rejects(greedy, { code: "query_too_large" });
    assert.deepEqual(await store.select("SELECT 1 AS one"), [{ one: 1 }]);
  });

  test("a directory that another process uses is refused as locked", async () => {
    const child = startChild("write-points", [directory]);
    await child.line(/^ready$/);
    try {
      await assert.rejects(openTelemetry({ ...options, directory }), { code: "data_directory_locked" });
    } finally {
      await child.end("SIGKILL");
    }
    await (await openTelemetry({ ...options, directory })).close();
  });
});

describe("migrations of the telemetry store", () => {
  let directory: string;
  let store: Store;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-engine-"));
    store = openStore(join(directory, "data"));
  });
  after(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const migration = (number: number, ...statements: string[]): TelemetryMigration => ({
    number,
    name: `${number}_test`,
    checksum: statements.join(),
    statements,
  });
  const first = migration(1, "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = MergeTree ORDER BY x");
  const second = migration(
    2,
    "ALTER TABLE a ADD COLUMN IF NOT EXISTS y UInt8",
    "INSERT INTO a VALUES (1, 2)",
  );
  const migrate = (...migrations: TelemetryMigration[]) =>
    runTelemetryMigrations(store, { log: quietLog, migrations });

  test("the ones of the product can be read, and hold no statement that cannot run twice", async () => {
    const migrations = await readTelemetryMigrations();
    assert.ok(migrations.length >= 1);
    for (const { name, statements } of migrations) {
      assert.ok(statements.length > 0);
      // Giving a column the type that it has is no change.
      for (const statement of statements)
        assert.match(statement, /IF (NOT )?EXISTS| MODIFY (COLUMN|SETTING) /, name);
    }
  });

  test("each runs once, also after an attempt that broke off in the middle", async () => {
    await migrate(first);
    const broken = migration(2, ...second.statements.slice(0, 1), "SELECT throwIf(1)");
    await assert.rejects(migrate(first, broken));
    await migrate(first, second);
    await migrate(first, second);
    assert.deepEqual(await store.select("SELECT x, y FROM a"), [{ x: 1, y: 2 }]);
  });

  test("a newer store and a changed migration are refused by name", async () => {
    await assert.rejects(migrate(first), { code: "schema_newer", message: /2_test/ });
    const edited = { ...first, checksum: "another" };
    await assert.rejects(migrate(edited, second), { code: "schema_changed", message: /1_test/ });
  });
});

test("audit records of earlier versions are found by what has become a column since", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "nepho-engine-"));
  const store = openStore(join(directory, "data"));
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const migrations = await readTelemetryMigrations();
  const before = migrations.slice(0, 8);
  await runTelemetryMigrations(store, { log: quietLog, migrations: before });
  const record = {
    userIdentity: { credentialId: "ACCAONE" },
    sourceIPAddress: "192.0.2.7",
    errorCode: "AccessDenied",
  };
  const [refused, open] = [randomUUID(), randomUUID()];
  const common = { category: "Data", event_time: "2026-10-01 12:00:00.000", record: JSON.stringify(record) };
  await store.insert("trail_events", [
    { ...common, event_id: refused, complete: 1 },
    { ...common, event_id: open, complete: 0, record: "{}" },
  ]);
  await runTelemetryMigrations(store, { log: quietLog, migrations });
  const idsOf = async (filter: TrailEventFilter) => {
    const at = Date.UTC(2026, 9, 1, 12);
    const search = { fromMs: at, toMs: at, openUntilMs: at, rowsMax: 10, bytesMax: 1_000_000 };
    return (await searchTrailEvents(store, { ...search, filter })).events.map(({ eventId }) => eventId);
  };
  assert.deepEqual(await idsOf({ credentialId: "ACCAONE" }), [refused]);
  assert.deepEqual(await idsOf({ sourceIp: "192.0.2.7", errorCode: "AccessDenied" }), [refused]);
  assert.deepEqual(await idsOf({ errorCode: "OutcomeUnknown" }), [open]);
});
