import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { sql } from "kysely";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { createIdempotencyClaims } from "./idempotency-claims.ts";
import { createRejections } from "./rejections.ts";

const entry = { group: "/app", keyId: "ACCA1", reason: "too_old" as const, count: 2, sample: "first" };

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  before(async () => {
    opened = await open();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(1_790_000_000_000);
    await opened.database.kysely.deleteFrom("ingest_rejections").execute();
    await opened.database.kysely.deleteFrom("ingest_claims").execute();
  });
  const openRejections = () => createRejections({ kysely: opened.database.kysely, clock, log: quietLog });

  test("counts of several processes add up, and the last sample is kept without its control characters", async () => {
    const [here, there] = [openRejections(), openRejections()];
    here.note(entry);
    here.note({ ...entry, count: 1, sample: "second" });
    await here.flush();
    clock.advance(1_000);
    there.note({ ...entry, sample: `\u001b[31m\u202e${"x".repeat(400)}` });
    there.note({ ...entry, keyId: null, reason: "empty", sample: "" });
    await there.close();
    const { items } = await here.list({ group: "/app" });
    assert.equal(items.length, 2);
    const old = items.find(({ reason }) => reason === "too_old");
    assert.equal(old?.count, 5);
    assert.equal(old?.lastAt, new Date(clock.now()).toISOString());
    assert.match(old?.lastSample ?? "", /^\\u001b\[31m\\u202ex+$/);
    assert.equal(items.find(({ reason }) => reason === "empty")?.keyId, null);
    assert.deepEqual(await here.list({ group: "/else" }), { items: [] });
    await here.close();
  });

  test("counts under the old spelling of a reason are counts of that reason", async () => {
    const { kysely } = opened.database;
    const row = (reason: string, count: number, second: number) => ({
      group_name: "/app",
      key_id: "",
      reason,
      count,
      last_at: new Date(clock.now() + second * 1000),
      last_sample: `of ${second}`,
    });
    const rows = [row("event-missing", 2, 3), row("event_missing", 1, 2), row("too-old", 5, 1)];
    await kysely.insertInto("ingest_rejections").values(rows).execute();
    const file = new URL("../db/migrations/0014_rejection_reasons.sql", import.meta.url);
    for (const statement of readFileSync(file, "utf8").split(";\n")) await sql.raw(statement).execute(kysely);
    const rejections = openRejections();
    const { items } = await rejections.list({});
    assert.deepEqual(
      items.map(({ reason, count, lastSample }) => [reason, count, lastSample]),
      [
        ["event_missing", 3, "of 3"],
        ["too_old", 5, "of 1"],
      ],
    );
    await rejections.close();
  });

  test("what did not happen again for 30 days is forgotten", async () => {
    const rejections = openRejections();
    rejections.note(entry);
    await rejections.flush();
    clock.advance(30 * 86_400_000 + 1);
    await rejections.forgetOld();
    assert.deepEqual(await rejections.list({}), { items: [] });
    await rejections.close();
  });

  test("of two processes one stores, and the other learns when it is stored", async () => {
    const digest = 2n ** 64n - 5n;
    const [here, there] = [0, 1].map(() =>
      createIdempotencyClaims({ kysely: opened.database.kysely, clock }),
    );
    assert.ok(here && there);
    const claims = await Promise.all([here.claim(digest), there.claim(digest)]);
    assert.deepEqual([...claims].sort(), ["elsewhere", "first"]);
    await here.markStored(digest);
    assert.equal(await there.claim(digest), "stored");
    await there.drop(digest);
    assert.equal(await there.claim(digest), "stored");
  });

  test("a claim that was dropped, abandoned or is a day old is free again", async () => {
    const claims = createIdempotencyClaims({ kysely: opened.database.kysely, clock });
    await claims.claim(1n);
    await claims.drop(1n);
    assert.equal(await claims.claim(1n), "first");
    clock.advance(121_000);
    assert.equal(await claims.claim(1n), "taken-over");
    assert.equal(await claims.claim(1n), "elsewhere");
    await claims.markStored(1n);
    clock.advance(86_400_001);
    assert.equal(await claims.claim(1n), "taken-over");
    clock.advance(86_400_001);
    await claims.forgetOld();
    assert.equal(await claims.claim(1n), "first");
  });
});
