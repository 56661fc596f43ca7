import { readValueCheck } from "./parse-check.ts";
import { parseLogic } from "./parse-logic.ts";
import type { FilterPattern, JsonCheck, JsonTest, Step } from "./pattern.ts";
import { expect, isAtEnd, problem, type Scanner, skip, skipSpace, take } from "./scanner.ts";

const wildcardsMax = 3;
const bareValue = /(?:(?!&&|\|\|)[^\s"(){}])+/y;

/** `{ $.selector = value && ($.other IS NULL || …) }`. */
export function parseJson(scanner: Scanner): FilterPattern {
  expect(scanner, "{", "A pattern for JSON starts with {.");
  const condition = parseLogic(scanner, readTest);
  skipSpace(scanner);
  expect(scanner, "}", "&&, || or the closing } is missing.");
  skipSpace(scanner);
  if (!isAtEnd(scanner)) throw problem(scanner, "Nothing can follow the closing }.");
  return { kind: "json", condition };
}

function readTest(scanner: Scanner): JsonTest {
  const selector = readSelector(scanner);
  skipSpace(scanner);
  return { selector, check: readCheck(scanner) };
}

function readCheck(scanner: Scanner): JsonCheck {
  const at = scanner.at;
  const words = take(scanner, /[A-Za-z]+(?:\s+[A-Za-z]+)*/y).replace(/\s+/g, " ");
  switch (words) {
    case "":
      return readValueCheck(scanner, bareValue);
    case "IS NULL":
      return { kind: "is", value: "null" };
    case "IS TRUE":
      return { kind: "is", value: "true" };
    case "IS FALSE":
      return { kind: "is", value: "false" };
    case "NOT EXISTS":
      return { kind: "missing" };
    default:
      throw problem(
        scanner,
        "The words that can follow a selector are IS NULL, IS TRUE, IS FALSE and NOT EXISTS.",
        at,
      );
  }
}

function readSelector(scanner: Scanner): Step[] {
  const start = scanner.at;
  expect(scanner, "$", "A selector starts with $, as in $.level.");
  const steps: Step[] = [];
  for (let step = readStep(scanner); step; step = readStep(scanner)) steps.push(step);
  const [first] = steps;
  if (!first || first.kind === "index" || first.kind === "anyElement") {
    throw problem(scanner, "A selector names a property, as $.level does.", start);
  }
  const wildcards = steps.filter(({ kind }) => kind === "anyElement" || kind === "anyMember").length;
  if (wildcards > 1) throw problem(scanner, "A selector has at most one wildcard.", start);
  scanner.wildcards += wildcards;
  if (scanner.wildcards > wildcardsMax) {
    throw problem(scanner, `A pattern has at most ${wildcardsMax} selectors with a wildcard.`, start);
  }
  return steps;
}

function readStep(scanner: Scanner): Step | undefined {
  const at = scanner.at;
  const dot = skip(scanner, ".");
  if (skip(scanner, "[")) return readBracket(scanner, at, dot);
  if (!dot) return undefined;
  if (skip(scanner, "*")) return { kind: "anyMember" };
  const name = take(scanner, /[^\s.[\](){}=!<>&|"'*,$]+/y);
  if (name === "") throw problem(scanner, "The name of a property is missing.");
  return { kind: "key", name };
}

function readBracket(scanner: Scanner, at: number, dot: boolean): Step {
  const content = take(scanner, /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d{1,9}|\*/sy);
  expect(scanner, "]", "Brackets hold a position, * or a name in quotes, as in [0], [*] or ['a.b'].");
  if (/^['"]/.test(content)) return { kind: "key", name: content.slice(1, -1).replace(/\\(['"\\])/g, "$1") };
  if (content === "" || dot)
    throw problem(scanner, "Brackets after a dot hold a name in quotes, as in .['a.b'].", at);
  return content === "*" ? { kind: "anyElement" } : { kind: "index", index: Number(content) };
}
