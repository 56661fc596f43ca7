import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "../../protocols/index.ts";
import { check, lengthOf, oneOf, patternOf, rangeOf } from "./checks.ts";
import { pageThrough } from "./paging.ts";

const keyOf = (item: string) => item;
const isValidationError = (error: unknown) =>
  error instanceof ProtocolError && error.code === "ValidationError";

test("pages put together are the list, whatever their size", () => {
  const list = fc.uniqueArray(fc.string({ maxLength: 20 }), { maxLength: 30 }).map((items) => items.sort());
  fc.assert(
    fc.property(list, fc.integer({ min: 1, max: 10 }), (all, MaxItems) => {
      const shown: string[] = [];
      let Marker: string | undefined;
      do {
        const page = pageThrough(all, keyOf, { MaxItems, Marker });
        assert.equal(page.IsTruncated, page.Marker !== undefined);
        shown.push(...page.items);
        Marker = page.Marker;
      } while (Marker !== undefined);
      assert.deepEqual(shown, all);
    }),
  );
});

test("what comes and goes between two pages is neither repeated nor does it hide another", () => {
  const first = pageThrough(["a", "c", "e"], keyOf, { MaxItems: 2 });
  assert.deepEqual(first.items, ["a", "c"]);
  const marker = first.Marker === undefined ? {} : { Marker: first.Marker };
  assert.deepEqual(pageThrough(["b", "d", "e"], keyOf, marker).items, ["d", "e"]);
});

test("a marker of nobody's making and a size out of bounds are refused", () => {
  for (const page of [{ Marker: "what" }, { Marker: "" }, { MaxItems: 0 }, { MaxItems: 1001 }]) {
    assert.throws(() => pageThrough(["a"], keyOf, page), isValidationError, JSON.stringify(page));
  }
});

test("all problems are told at once, in AWS's words", () => {
  assert.throws(
    () =>
      check(
        lengthOf("a", "xx", 1, 1),
        rangeOf("b", 5, 1, 4),
        oneOf("c", "z", ["x", "y"]),
        patternOf("d", "-", /^\w+$/),
        lengthOf("e", undefined, 1, 1),
      ),
    {
      message:
        "4 validation errors detected: Value 'xx' at 'a' failed to satisfy constraint: Member must have length less than or equal to 1; Value '5' at 'b' failed to satisfy constraint: Member must have value less than or equal to 4; Value 'z' at 'c' failed to satisfy constraint: Member must satisfy enum value set: [x, y]; Value '-' at 'd' failed to satisfy constraint: Member must satisfy regular expression pattern: \\w+",
    },
  );
});
