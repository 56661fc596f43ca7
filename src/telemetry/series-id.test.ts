import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type SeriesIdentity, seriesId } from "./series-id.ts";

const identity: SeriesIdentity = {
  integrationId: "1",
  accountId: "2",
  region: "3",
  namespace: "4",
  metricName: "5",
  statistic: "6",
  periodSeconds: 7,
  dimensions: { a: "b", c: "d" },
};

test("the id is a UUID that stays the same, whatever the order of dimensions", () => {
  // Stored points hang on this value: a change needs a migration.
  assert.equal(seriesId(identity), "650786e6-26d8-5db2-6ac3-b6fd8e105963");
  assert.equal(seriesId({ ...identity, dimensions: { c: "d", a: "b" } }), seriesId(identity));
});

test("identities that only differ in where a part ends have different ids", () => {
  const variants = [
    identity,
    { ...identity, integrationId: "12", accountId: "" },
    { ...identity, integrationId: "", accountId: "12" },
    { ...identity, integrationId: "1:2", accountId: "2" },
    { ...identity, dimensions: { a: "bc", d: "" } },
    { ...identity, dimensions: { ab: "", c: "d" } },
    { ...identity, dimensions: { a: "b" } },
    { ...identity, dimensions: {} },
  ];
  assert.equal(new Set(variants.map(seriesId)).size, variants.length);
});

test("for any two identities, the ids are equal exactly when the identities are", () => {
  const text = fc.string({ unit: fc.constantFrom("1", ":", "a", ""), maxLength: 4 });
  const anyIdentity = fc.record({
    integrationId: text,
    accountId: text,
    region: text,
    namespace: text,
    metricName: text,
    statistic: text,
    periodSeconds: fc.constantFrom(1, 11),
    dimensions: fc.dictionary(text, text, { maxKeys: 2 }),
  });
  const canonical = (one: SeriesIdentity) =>
    JSON.stringify({ ...one, dimensions: Object.entries(one.dimensions).sort() });
  fc.assert(
    fc.property(anyIdentity, anyIdentity, (a, b) => {
      assert.equal(seriesId(a) === seriesId(b), canonical(a) === canonical(b));
    }),
  );
});
