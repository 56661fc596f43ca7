import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { checkSelection } from "./check.ts";
import { compileSelection, type SelectableRecord } from "./compile.ts";

type SelectionInput = Parameters<typeof checkSelection>[0];

const readCases = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./cases/${name}.json`, import.meta.url), "utf8"));

interface Case extends Partial<SelectionInput> {
  readonly name: string;
}

describe("selectors want", () => {
  const { records, cases } = readCases("wanted") as {
    records: Record<string, SelectableRecord>;
    cases: (Case & { wanted: string[]; categories?: string[]; includeGlobalServiceEvents?: boolean })[];
  };
  for (const { name, wanted, categories, includeGlobalServiceEvents = true, ...selectors } of cases) {
    test(name, () => {
      const compiled = compileSelection(checkSelection({ TrailName: "main", ...selectors }), {
        includeGlobalServiceEvents,
      });
      const found = Object.entries(records).filter(([, record]) => compiled.wants(record));
      assert.deepEqual(found.map(([key]) => key).sort(), wanted.toSorted());
      if (categories) assert.deepEqual(compiled.categories, categories);
      // What is not even read must not be wanted.
      assert.ok(
        found.every(([, { eventCategory }]) =>
          compiled.categories.some((category) => category === eventCategory),
        ),
      );
    });
  }
});

describe("selectors are refused for", () => {
  for (const { name, message, ...selectors } of readCases("refused") as (Case & { message: string })[]) {
    test(name, () => {
      assert.throws(
        () => checkSelection({ TrailName: "main", ...selectors }),
        (error: { code?: string; message?: string }) =>
          error.code === "InvalidEventSelectorsException" && error.message?.includes(message) === true,
      );
    });
  }

  const management = { Field: "eventCategory", Equals: ["Management"] };
  const withValues = (count: number) => ({
    TrailName: "main",
    AdvancedEventSelectors: [
      {
        FieldSelectors: [
          management,
          { Field: "eventName", Equals: Array.from({ length: count - 1 }, (_, i) => `Name${i}`) },
        ],
      },
    ],
  });
  test("one value more than 500 over all conditions", () => {
    assert.equal(checkSelection(withValues(500)).kind, "advanced");
    assert.throws(() => checkSelection(withValues(501)), /up to 500 values/);
  });
  test("one data resource more than 250 over all selectors", () => {
    const ofResources = (count: number) => ({
      TrailName: "main",
      EventSelectors: [
        { DataResources: [{ Type: "AWS::S3::Object", Values: Array(count - 50).fill("arn:aws:s3:::a/") }] },
        { DataResources: [{ Type: "AWS::S3::Object", Values: Array(50).fill("arn:aws:s3:::b/") }] },
      ],
    });
    assert.equal(checkSelection(ofResources(250)).kind, "basic");
    assert.throws(() => checkSelection(ofResources(251)), /limited to 250/);
  });
  test("a name or a value that is too long", () => {
    const named = (Name: string, value: string) => ({
      TrailName: "main",
      AdvancedEventSelectors: [
        { Name, FieldSelectors: [management, { Field: "eventName", Equals: [value] }] },
      ],
    });
    assert.equal(checkSelection(named("n".repeat(1_000), "v".repeat(2_048))).kind, "advanced");
    assert.throws(() => checkSelection(named("n".repeat(1_001), "v")), /up to 1000 characters/);
    assert.throws(() => checkSelection(named("n", "v".repeat(2_049))), /1 to 2048/);
  });
  test("a text that the database cannot hold", () => {
    for (const text of ["nul\0", "half\ud800"]) {
      const field = { Field: "eventName", Equals: [text] };
      const fields = { TrailName: "main", AdvancedEventSelectors: [{ FieldSelectors: [management, field] }] };
      assert.throws(() => checkSelection(fields), /none of them NUL/);
      const named = { Name: text, FieldSelectors: [management] };
      assert.throws(
        () => checkSelection({ TrailName: "main", AdvancedEventSelectors: [named] }),
        /none of them NUL/,
      );
      const DataResources = [{ Type: "AWS::S3::Object", Values: [text] }];
      assert.throws(
        () => checkSelection({ TrailName: "main", EventSelectors: [{ DataResources }] }),
        /none of them NUL/,
      );
    }
  });
});
