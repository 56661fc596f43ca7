/**
 * The store and the function `matches` are two ways to say what a pattern means. Here every pattern is put to both over the
 * same messages: those of the cases, and ones that are made up of what patterns look for.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { quietLog } from "../../../test/support/quiet-log.ts";
import { systemClock } from "../../base/index.ts";
import { openTelemetry, type Telemetry } from "../../telemetry/index.ts";
import { filterCondition } from "./filter-condition.ts";
import { matches } from "./matches.ts";
import { parseFilterPattern } from "./parse.ts";
import { patternCases } from "./testing/pattern-cases.ts";

const now = 1_790_000_000_000;
const words = [
  "ERROR",
  "a",
  "b",
  "a b",
  "é",
  "🌥",
  "true",
  "null",
  "1",
  "1.0",
  "10",
  "x\\y",
  'q"q',
  "a/b",
  "[x]",
  "",
  "%",
  "_",
  "*",
];
const names = ["a", "b", "v", "a.b", "é", 'q"', "0", ""];
const numbers = [
  "0",
  "-0",
  "1",
  "1.0",
  "1e0",
  "10",
  "-1.5",
  "1e21",
  "1e-7",
  "0.1",
  "18446744073709551615",
  "5e-324",
  "123456789.123456789",
];

const word = fc.constantFrom(...words);
const name = fc.constantFrom(...names);
const jsonLeaf = fc.oneof(
  word.map((text) => JSON.stringify(text)),
  word.map(escapeAll),
  fc.constantFrom(...numbers),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.constantFrom("null", "true", "false"),
);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 3, arbitrary: jsonLeaf },
    { weight: 2, arbitrary: fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`) },
    {
      weight: 3,
      arbitrary: fc
        .array(
          fc.tuple(
            fc.oneof(
              name.map((text) => JSON.stringify(text)),
              name.map(escapeAll),
            ),
            tie("json"),
          ),
          { maxLength: 4 },
        )
        .map((members) => `{${members.map(([key, value]) => `${key} :${value}`).join(",")}}`),
    },
  ),
}));
/** The same text in another spelling of JSON. */
function escapeAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

const object = json.filter((text) => text.startsWith("{"));
/** A character less may be half of one; what is stored is always whole. */
const broken = fc
  .tuple(object, fc.nat({ max: 40 }))
  .map(([text, at]) => (text.slice(0, at) + text.slice(at + 1)).toWellFormed());
const oddities = fc.constantFrom(
  '{"a":01}',
  '{"a":1.}',
  '{"a":.5}',
  '{"a":+1}',
  '{"a":1e999}',
  '{"a":1e-999}',
  '{"a":NaN}',
  '{"a":"\\ud83d"}',
  '{"a":"\\ud83dx"}',
  '{"a":99999999999999999999}',
  '{"a":-9223372036854775809}',
  '{"a":-9223372036854775808}',
  '{"a":"\t"}',
  '{"a":"\\x"}',
  '{"a":1,}',
  "{'a':1}",
  '{"a":1}}',
  '\ufeff{"a":1}',
  '{"a":1}\0',
  '{"a":tru}',
  '{"a":nullx}',
  "{a:1}",
  '{"a" 1}',
  '{"a":1 "b":2}',
  "{}",
  "[]",
  '{"a":"\\u00e9\\/\\b"}',
  `{"a":${"[".repeat(1_023)}${"]".repeat(1_023)}}`,
  `{"a":${"[".repeat(1_024)}${"]".repeat(1_024)}}`,
  '{"a":{"a":1},"a":2}',
  '{"a":[],"b":{}}',
  "[ ".repeat(9_000),
  `x ${"y ".repeat(8_191)}`,
  `x ${"y ".repeat(8_192)}`,
  '"a" b',
  "[a] [b",
  "\u00a0a\u2003b\u0085c",
);
const plain = fc
  .array(
    fc.oneof(
      word,
      fc.constantFrom('"', "[", "]", " ", "  ", "\t", "\n", "404", "é"),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(" ").replaceAll("\0", ""));
const message = fc.oneof({ weight: 5, arbitrary: object }, json, broken, oddities, {
  weight: 4,
  arbitrary: plain,
});

const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
const regex = fc.constantFrom(
  "%a%",
  "%^a$%",
  "%[a-z]+ .%",
  "%^\\W%",
  "%é?b|1%".replace("é?", ""),
  "%\\d{1,2}$%",
  "%^.{2,4}$%",
  "%\\s%",
  "%[^a]%",
);
const bare = fc
  .constantFrom(
    "a",
    "ERROR",
    "a*",
    "*a",
    "*",
    "1*",
    "a*b",
    "true",
    "[",
    "é",
    "_",
    "0",
    "1",
    "1.0",
    "-1.5",
    "1e21",
    "1e300",
    "0.1",
    "10",
    "18446744073709551615",
  )
  .filter((text) => text !== "[");
const equality = fc
  .tuple(fc.constantFrom("=", "!="), fc.oneof(bare, word.map(quoted), regex))
  .map(([operator, value]) => `${operator} ${value}`);
const ordering = fc
  .tuple(
    fc.constantFrom("<", "<=", ">", ">="),
    fc.constantFrom("0", "1", "1.5", "1e21", "-1.5", "18446744073709551615"),
  )
  .map(([operator, value]) => `${operator} ${value}`);
const step = fc.oneof(
  name.map((text) => `['${text}']`),
  fc.constantFrom("[0]", "[1]", ".a", ".b"),
);
const wildcard = fc.constantFrom("", "", "", "[*]", ".*");
const selector = fc
  .tuple(
    fc.oneof(
      name.map((text) => `$['${text}']`),
      fc.constantFrom("$.a", "$.b", "$.v"),
    ),
    fc.array(step, { maxLength: 1 }),
    wildcard,
    fc.array(step, { maxLength: 1 }),
  )
  .map(([first, before, any, after]) => [first, ...before, any, ...after].join(""));
const check = fc.oneof(
  { weight: 4, arbitrary: equality },
  ordering,
  fc.constantFrom("IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS"),
);
const jsonTest = fc.tuple(selector, check).map((parts) => parts.join(" "));
const joined = (part: fc.Arbitrary<string>) =>
  fc
    .tuple(
      part,
      fc.option(fc.tuple(fc.constantFrom("&&", "||"), part)),
      fc.option(fc.tuple(fc.constantFrom("&&", "||"), part)),
    )
    .map(([first, second, third]) =>
      third
        ? `(${first} ${second?.join(" ") ?? ""}) ${third.join(" ")}`
        : `${first} ${second?.join(" ") ?? ""}`,
    );
const field = fc.oneof(
  fc.constantFrom("NAME", ""),
  joined(fc.oneof(equality, ordering).map((text) => `NAME ${text}`)),
);
const fieldsPattern = fc
  .tuple(fc.array(field, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.array(field, { maxLength: 2 }))
  .map(
    ([before, ellipsis, after]) =>
      `[${[...before, ...(ellipsis ? ["...", ...after] : [])].map((text, at) => text.replaceAll("NAME", `f${at}`)).join(", ")}]`,
  );
const term = fc
  .tuple(fc.constantFrom("", "", "-", "?"), fc.oneof(word.filter((text) => text !== "").map(quoted), regex))
  .map((parts) => parts.join(""));
const termsPattern = fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(" "));
const jsonPattern = joined(jsonTest).map((text) => `{ ${text} }`);

/** Limits that the random patterns may pass are no subject here. */
const pattern = fc
  .oneof({ weight: 4, arbitrary: jsonPattern }, { weight: 2, arbitrary: fieldsPattern }, termsPattern)
  .filter((text) => {
    try {
      parseFilterPattern(text);
      return true;
    } catch {
      return false;
    }
  });

describe("the store and the function select the same messages", () => {
  let directory: string;
  let telemetry: Telemetry;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "nepho-patterns-"));
    telemetry = await openTelemetry({ directory, log: quietLog, clock: systemClock });
  });
  after(async () => {
    await telemetry.close();
    await rm(directory, { recursive: true, force: true });
  });

  const store = async (logGroupId: number, messages: readonly string[]) => {
    const rows = telemetry.logEvents.encoder({ logGroupId, logStreamId: 1, ingestionTimeMs: now });
    for (const [at, text] of messages.entries()) rows.addText(now + at, text);
    await telemetry.logEvents.append(rows.finish());
  };
  const foundBy = async (logGroupId: number, text: string): Promise<Set<number>> => {
    const found = await telemetry.logReads.histogram(
      { logGroupId, fromMs: now, toMs: now + 1_000_000, filter: filterCondition(parseFilterPattern(text)) },
      1,
    );
    return new Set(found.map(({ startMs }) => startMs - now));
  };
  const agree = async (logGroupId: number, messages: readonly string[], text: string) => {
    const found = await foundBy(logGroupId, text);
    const parsed = parseFilterPattern(text);
    for (const [at, one] of messages.entries()) {
      assert.equal(found.has(at), matches(parsed, one), `${text} on ${JSON.stringify(one.slice(0, 300))}`);
    }
  };

  test("of every case, each with the messages of all", async () => {
    const messages = [...new Set(patternCases.flatMap(({ yes, no }) => [...yes, ...no]))];
    await store(1, messages);
    for (const { pattern: text } of patternCases) await agree(1, messages, text);
  });

  test("of made-up patterns and messages", async () => {
    const messages = fc.sample(message, 3_000);
    await store(2, messages);
    await fc.assert(
      fc.asyncProperty(pattern, (text) => agree(2, messages, text)),
      { numRuns: 300, includeErrorInReport: true },
    );
  });
});
