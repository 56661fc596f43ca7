import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  coversFrom,
  createKnownPoints,
  dropPoints,
  keepPoint,
  pointAt,
  slotsPerSeries,
  startPoints,
} from "./known-points.ts";

const period = 60;
const roomy = { bytesMax: 2 ** 20 };

function knownSeries() {
  return createKnownPoints(roomy).of("i").add("s", period)!;
}

test("nothing is covered until it is said what there is, and again once that is dropped", () => {
  const known = knownSeries();
  assert.equal(coversFrom(known, 6_000), false);
  startPoints(known, 6_000);
  assert.equal(coversFrom(known, 6_000), true);
  assert.equal(coversFrom(known, 5_941), true, "there is no time of a point in between");
  assert.equal(coversFrom(known, 5_940), false);
  dropPoints(known);
  assert.equal(coversFrom(known, 1e9), false);
});

test("for any points, what is covered is known as it was stored, and the rest is not claimed to be", () => {
  const slot = fc.integer({ min: 100, max: 200 });
  fc.assert(
    fc.property(
      fc.integer({ min: 90, max: 150 }),
      fc.array(fc.tuple(slot, fc.double({ noNaN: true }))),
      (from, points) => {
        const known = knownSeries();
        const stored = new Map<number, number>();
        startPoints(known, from * period);
        for (const [index, value] of points) {
          keepPoint(known, index * period, value);
          stored.set(index, value);
        }
        for (let index = 90; index < 210; index++) {
          if (!coversFrom(known, index * period)) continue;
          assert.ok(index >= from);
          assert.ok(Object.is(pointAt(known, index * period), stored.get(index) ?? Number.NaN));
        }
        const newest = Math.max(from, ...stored.keys());
        assert.ok(coversFrom(known, Math.max(from, newest - slotsPerSeries + 1) * period));
      },
    ),
  );
});

test("a new series finds room at the cost of the integration that was not used for longest", () => {
  const known = createKnownPoints({ bytesMax: 1_400 });
  known.of("old").add("a", period);
  known.of("new").add("b", period);
  known.of("old").find("a");
  assert.ok(known.of("third").add("c", period));
  assert.ok(known.of("third").add("d", period));
  assert.equal(known.of("new").find("b"), undefined, "it was used before the old one was used again");
  assert.ok(known.of("old").find("a"));
});

test("an integration larger than the room keeps what fits, and says that it does not know all", () => {
  const known = createKnownPoints({ bytesMax: 1_400 }).of("i");
  known.isBlank = true;
  const added = ["a", "b", "c", "d", "e"].map((id) => known.add(id, period) !== undefined);
  assert.deepEqual(added, [true, true, true, false, false]);
  assert.ok(known.find("a"));
  assert.equal(known.isBlank, false);
});

test("what is learned of an integration after it was forgotten is lost with it", () => {
  const known = createKnownPoints(roomy);
  const before = known.of("i");
  known.forget("i");
  assert.equal(before.add("s", period), undefined);
  assert.equal(known.of("i").find("s"), undefined);
});
