import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { quietLog } from "../../test/support/quiet-log.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { trailRow } from "../../test/support/trail-rows.ts";
import type { Log } from "../base/index.ts";
import { createNotes } from "./notes.ts";

const row = (record = "{}") => trailRow({ category: "Data", record });

/** Room for four rows of 500 bytes and a short record each. */
function setUp(options: { bytesMax?: number } = {}) {
  const clock = createSettableClock(0);
  const written: number[] = [];
  const warnings: Record<string, unknown>[] = [];
  const store = { broken: false, meanwhile: () => {} };
  const log: Log = { ...quietLog, warn: (message, fields) => warnings.push({ message, ...fields }) };
  const notes = createNotes({
    clock,
    log,
    bytesMax: options.bytesMax ?? 2_010,
    write: async (rows) => {
      if (store.broken) throw new Error("the store is gone");
      written.push(rows.length);
      store.meanwhile();
    },
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  };
  return { notes, written, warnings, store, pass };
}

describe("notes", () => {
  test("are written together a second after the first, and again after the next", async () => {
    const { notes, written, pass } = setUp();
    notes.add(row());
    notes.add(row());
    await pass(999);
    assert.deepEqual(written, []);
    await pass(1);
    assert.deepEqual(written, [2]);
    await pass(5_000);
    notes.add(row());
    await pass(1_000);
    assert.deepEqual(written, [2, 1]);
    await notes.close();
  });

  test("that come while others are written wait for the next second", async () => {
    const { notes, written, store, pass } = setUp();
    store.meanwhile = () => notes.add(row());
    notes.add(row());
    await pass(1_000);
    assert.deepEqual(written, [1]);
    await pass(1_000);
    assert.deepEqual(written, [1, 1]);
  });

  test("that do not fit are counted as lost, and told once a minute", async () => {
    const { notes, written, warnings, pass } = setUp();
    for (let i = 0; i < 7; i++) notes.add(row());
    assert.equal(notes.lost(), 3);
    await pass(1_000);
    assert.deepEqual(written, [4]);
    notes.add(row("x".repeat(5_000)));
    assert.equal(notes.lost(), 4);
    assert.deepEqual(
      warnings.map(({ count }) => count),
      [1],
    );
    await pass(60_000);
    notes.add(row("x".repeat(5_000)));
    assert.deepEqual(
      warnings.map(({ count }) => count),
      [1, 4],
    );
    await notes.close();
  });

  test("wait for a store that is gone, and their room stays taken", async () => {
    const { notes, written, warnings, store, pass } = setUp();
    store.broken = true;
    notes.add(row());
    for (let second = 0; second < 10; second++) await pass(1_000);
    assert.equal(warnings.length, 1);
    for (let i = 0; i < 4; i++) notes.add(row());
    assert.equal(notes.lost(), 1);
    store.broken = false;
    await pass(1_000);
    assert.deepEqual(written, [4]);
    assert.equal(notes.lost(), 1);
    await notes.close();
  });

  test("are written at the end without waiting; later ones are lost", async () => {
    const { notes, written } = setUp();
    notes.add(row());
    await notes.close();
    assert.deepEqual(written, [1]);
    notes.add(row());
    assert.equal(notes.lost(), 1);
    await notes.close();
    assert.deepEqual(written, [1]);
  });

  test("that cannot be written at the end are lost, not waited for", async () => {
    const { notes, store } = setUp();
    store.broken = true;
    notes.add(row());
    await notes.close();
    assert.equal(notes.lost(), 1);
  });

  test("are written in portions", async () => {
    const { notes, written } = setUp({ bytesMax: 10_000_000 });
    for (let i = 0; i < 4_500; i++) notes.add(row());
    await notes.flush();
    assert.deepEqual(written, [2_000, 2_000, 500]);
    await notes.close();
  });
});
