import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTags, readTagKeys } from "./tags.ts";

// A marker of AWS's has 320 characters at most, and one that we give has to be taken back.
test("tags are paged whatever the letters and the length of their keys", () => {
  const keys = Array.from({ length: 5 }, (_, n) => String.fromCodePoint(0x4e00 + n).repeat(128));
  const tags = Object.fromEntries(keys.map((key) => [key, ""]));
  const shown: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = pageTags(tags, { MaxItems: 2, Marker });
    shown.push(...page.Tags.map(({ Key }) => Key));
    Marker = page.Marker;
  } while (Marker !== undefined);
  assert.deepEqual(shown, keys);
});

test("keys of tags to take away are checked as those of tags are", () => {
  assert.deepEqual(readTagKeys(["a", "ü 1"]), ["a", "ü 1"]);
  assert.deepEqual(readTagKeys(undefined), []);
  const cases: [string[], RegExp][] = [
    [[""], /Value '' at 'tagKeys\.1\.member' failed to satisfy constraint: Member must have length greater/],
    [["a", "k".repeat(129)], /at 'tagKeys\.2\.member' .* length less than or equal to 128$/],
    [["a;b"], /'tagKeys\.1\.member' failed to satisfy constraint: Member must satisfy regular expression/],
    [Array.from({ length: 51 }, (_, n) => `k${n}`), /at 'tagKeys' .* length less than or equal to 50$/],
  ];
  for (const [keys, message] of cases)
    assert.throws(() => readTagKeys(keys), { code: "ValidationError", message });
});
