import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSettableClock } from "../../../test/support/settable-clock.ts";
import { createBreather } from "./breather.ts";

describe("long work", () => {
  /** How many of the steps others had to wait for. */
  async function stepsBeforeOthers(msPerStep: number): Promise<number> {
    const clock = createSettableClock(0);
    let [steps, waited] = [0, 0];
    setImmediate(() => {
      waited = steps;
    });
    await createBreather(clock).each(new Array(100).fill(0), () => {
      steps++;
      clock.advance(msPerStep);
    });
    return waited === 0 ? steps : waited;
  }

  test("lets others go first every few steps", async () => assert.equal(await stepsBeforeOthers(5), 4));
  test("is not interrupted when it is short", async () => assert.equal(await stepsBeforeOthers(0.1), 100));

  test("ends when all of it together takes too long", async () => {
    const clock = createSettableClock(0);
    const breather = createBreather(clock);
    const work = (seconds: number) =>
      breather.each(new Array(seconds).fill(0), () => {
        clock.advance(1_000);
      });
    await work(40);
    clock.advance(3_600_000);
    await work(20);
    await assert.rejects(work(1), { code: "query_timed_out" });
  });
});
