import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { createTokenBuckets } from "./token-buckets.ts";

describe("token buckets", () => {
  const make = () => {
    const clock = createSettableClock(0);
    const buckets = createTokenBuckets({ clock, perSecond: 5, burst: 50 });
    /** How many of so many are had. */
    const had = (name: string, count: number) =>
      Array.from({ length: count }, () => buckets.take(name)).filter((waitMs) => waitMs === 0).length;
    return { clock, buckets, had };
  };

  test("give a burst, then go on at their rate and tell for how long to wait", () => {
    const { clock, buckets, had } = make();
    assert.equal(had("a", 60), 50);
    clock.advance(1_000);
    assert.equal(had("a", 60), 5);
    assert.equal(buckets.take("a"), 200);
    clock.advance(150);
    assert.equal(buckets.take("a"), 50);
    clock.advance(50);
    assert.equal(buckets.take("a"), 0);
  });

  test("one that is empty leaves the others full, and rest fills it once", () => {
    const { clock, had } = make();
    had("a", 60);
    assert.equal(had("b", 60), 50);
    clock.advance(3_600_000);
    assert.equal(had("a", 60), 50);
  });

  test("are kept for those who took last", () => {
    const { buckets, had } = make();
    had("old", 50);
    had("busy", 50);
    for (let name = 0; name < 9_999; name++) {
      buckets.take(String(name));
      assert.ok(buckets.take("busy") > 0);
    }
    assert.equal(had("old", 50), 50, "forgotten, so full again");
    assert.equal(had("busy", 1), 0);
  });
});
