import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../test/support/settable-clock.ts";
import { type ChangeCounters, createChangeCounters } from "./change-counters.ts";

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let here: ChangeCounters;
  let elsewhere: ChangeCounters;
  before(async () => {
    opened = await open();
    clock = createSettableClock(Date.UTC(2026, 0, 1));
    here = createChangeCounters({ kysely: opened.database.kysely, clock });
    elsewhere = createChangeCounters({ kysely: opened.database.kysely, clock });
  });
  after(() => opened.dispose());

  test("a change is known here at once and elsewhere within the age", async () => {
    const start = await here.current();
    assert.deepEqual(await elsewhere.current(), start);
    assert.equal(await here.change("identity", async () => "done"), "done");
    assert.deepEqual(await here.current(), { ...start, identity: start.identity + 1 });
    clock.advance(399);
    assert.deepEqual(await elsewhere.current(), start);
    clock.advance(1);
    assert.deepEqual(await elsewhere.current(), { ...start, identity: start.identity + 1 });
  });

  test("a change that fails is not counted", async () => {
    const start = await here.current();
    await assert.rejects(
      here.change("logs", async () => {
        throw new Error("refused");
      }),
      /refused/,
    );
    assert.deepEqual(await here.current(), start);
  });
});
