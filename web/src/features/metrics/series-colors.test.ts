import assert from "node:assert/strict";
import { test } from "node:test";
import { allotPlaces } from "./series-colors.ts";

test("a series keeps its colour when others come and go", () => {
  const first = allotPlaces(new Map(), ["b", "c"]);
  assert.deepEqual([...first.entries()].sort(), [
    ["b", 0],
    ["c", 1],
  ]);
  const second = allotPlaces(first, ["a", "b", "c"]);
  assert.equal(second.get("b"), 0);
  assert.equal(second.get("c"), 1);
  assert.equal(second.get("a"), 2);
  const third = allotPlaces(second, ["a", "c", "d"]);
  assert.deepEqual([third.get("a"), third.get("c"), third.get("d")], [2, 1, 0]);
});

test("no two shown series share a place", () => {
  const mixed = new Map([
    ["a", 0],
    ["b", 0],
  ]);
  const places = allotPlaces(mixed, ["a", "b", "c", "c"]);
  assert.equal(new Set(places.values()).size, 3);
});
