import { type JsonValue, readJson } from "./json-text.ts";
import { compileRegex } from "./parse-regex.ts";
import {
  type FieldsPattern,
  type FilterPattern,
  type JsonTest,
  type Logic,
  type NumberOperator,
  numberExpression,
  type Step,
  type Term,
  type TermsPattern,
  type ValueCheck,
  type WordCheck,
} from "./pattern.ts";
import { bareField, splitFields } from "./split-fields.ts";

/**
 * Whether a message is one that the pattern describes. `filterCondition` says the same to the store; each is the other's proof.
 */
export function matches(pattern: FilterPattern, message: string): boolean {
  switch (pattern.kind) {
    case "all":
      return true;
    case "terms":
      return matchesTerms(pattern, message);
    case "fields":
      return matchesFields(pattern, splitFields(message));
    case "json": {
      const value = readJson(message);
      return value?.kind === "object" && holds(pattern.condition, (test) => passes(test, value));
    }
  }
}

function holds<Test>(logic: Logic<Test>, test: (test: Test) => boolean): boolean {
  switch (logic.kind) {
    case "test":
      return test(logic.test);
    case "and":
      return logic.parts.every((part) => holds(part, test));
    case "or":
      return logic.parts.some((part) => holds(part, test));
  }
}

function matchesTerms({ include, anyOf, exclude }: TermsPattern, message: string): boolean {
  const contains = (term: Term) =>
    term.kind === "text" ? message.includes(term.text) : compileRegex(term.source).matcher(message).find();
  return include.every(contains) && !exclude.some(contains) && (anyOf.length === 0 || anyOf.some(contains));
}

function matchesFields({ before, after }: FieldsPattern, fields: readonly string[]): boolean {
  const count = before.length + (after?.length ?? 0);
  if (fields.length < count) return false;
  const texts = fields.map(bareField);
  if (after === undefined && fields.length > count) {
    // Without an ellipsis the last field is all that is left.
    texts[count - 1] = fields.slice(count - 1).join(" ");
  }
  const tail = fields.length - (after?.length ?? 0);
  return [...before.entries(), ...(after ?? []).map((field, index) => [tail + index, field] as const)].every(
    ([index, { condition }]) =>
      condition === undefined || holds(condition, (check) => textPasses(check, texts[index]!)),
  );
}

function passes({ selector, check }: JsonTest, value: JsonValue): boolean {
  const found = select(value, selector);
  return check.kind === "missing" ? found.length === 0 : found.some((one) => valuePasses(check, one));
}

/** What the selector points at: at most one value, unless a step is a wildcard. */
function select(value: JsonValue, selector: readonly Step[]): JsonValue[] {
  return selector.reduce<JsonValue[]>((values, step) => values.flatMap((one) => follow(one, step)), [value]);
}

function follow(value: JsonValue, step: Step): JsonValue | readonly JsonValue[] {
  switch (step.kind) {
    case "key":
      return value.kind === "object" ? (value.members.find(([name]) => name === step.name)?.[1] ?? []) : [];
    case "anyMember":
      return value.kind === "object" ? value.members.map(([, member]) => member) : [];
    case "index":
      return value.kind === "array" ? (value.items[step.index] ?? []) : [];
    case "anyElement":
      return value.kind === "array" ? value.items : [];
  }
}

/** Objects, arrays, booleans and null satisfy no comparison, not even an unequal one. */
function valuePasses(check: ValueCheck | WordCheck, value: JsonValue): boolean {
  if (check.kind === "is") return value.kind === check.value;
  if (value.kind === "string") return textPasses(check, value.text);
  if (value.kind !== "number") return false;
  return check.kind === "number"
    ? compare(check.operator, value.value, Number(check.literal))
    : textPasses(check, value.text);
}

function textPasses(check: ValueCheck, text: string): boolean {
  switch (check.kind) {
    case "text":
      return isLike(text, check.pieces) === check.equal;
    case "regex":
      return compileRegex(check.source).matcher(text).find() === check.equal;
    case "number":
      if (!numberExpression.test(text)) return check.operator === "!=";
      return compare(check.operator, Number(text), Number(check.literal));
  }
}

/** Anything may stand between two pieces. */
function isLike(text: string, pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function compare(operator: NumberOperator, left: number, right: number): boolean {
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}
