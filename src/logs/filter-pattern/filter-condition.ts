import {
  type FieldsPattern,
  type FilterPattern,
  type JsonCheck,
  type JsonTest,
  type Logic,
  numberExpression,
  type Step,
  type Term,
  type TermsPattern,
  type ValueCheck,
  type WordCheck,
} from "./pattern.ts";
import { fieldExpression, fieldsBytesMax } from "./split-fields.ts";

/** A condition on the column `message` for the store; values of users are parameters, never part of the statement. */
export interface FilterCondition {
  readonly condition: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Says in SQL what `matches` says in TypeScript. */
export function filterCondition(pattern: FilterPattern): FilterCondition {
  const values = createValues();
  return { condition: join(conditionOf(pattern, values), "AND"), parameters: values.parameters };
}

/**
 * A test in two steps: `needed` costs little and is true of every message that passes, `exact` decides. The engine evaluates
 * the second only where the first holds.
 */
interface Test {
  readonly needed: readonly string[];
  readonly exact: readonly string[];
}

function conditionOf(pattern: FilterPattern, values: Values): readonly string[] {
  switch (pattern.kind) {
    case "all":
      return [];
    case "terms":
      return termsCondition(pattern, values);
    case "fields":
      return inOrder(fieldsTest(pattern, values));
    case "json":
      return inOrder(logicTest(pattern.condition, (test) => jsonTest(test, values)));
  }
}

function inOrder({ needed, exact }: Test): string[] {
  return [...needed, ...exact];
}

/** The placeholders of a condition; equal values share one. */
interface Values {
  readonly parameters: Record<string, string>;
  text(value: string): string;
}

function createValues(): Values {
  const parameters: Record<string, string> = {};
  const names = new Map<string, string>();
  return {
    parameters,
    text: (value) => {
      const name = names.get(value) ?? `filter${names.size}`;
      names.set(value, name);
      parameters[name] = value;
      return `{${name}:String}`;
    },
  };
}

function join(conditions: readonly string[], operator: "AND" | "OR"): string {
  if (conditions.length === 0) return operator === "AND" ? "1" : "0";
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(` ${operator} `)})`;
}

function logicTest<T>(logic: Logic<T>, testOf: (test: T) => Test): Test {
  if (logic.kind === "test") return testOf(logic.test);
  const parts = logic.parts.map((part) => logicTest(part, testOf));
  if (logic.kind === "and") {
    return { needed: parts.flatMap(({ needed }) => needed), exact: parts.flatMap(({ exact }) => exact) };
  }
  const anyNeeded = parts.every(({ needed }) => needed.length > 0)
    ? [
        join(
          parts.map(({ needed }) => join(needed, "AND")),
          "OR",
        ),
      ]
    : [];
  return {
    needed: anyNeeded,
    exact: [
      join(
        parts.map((part) => join(inOrder(part), "AND")),
        "OR",
      ),
    ],
  };
}

function termsCondition({ include, anyOf, exclude }: TermsPattern, values: Values): string[] {
  const contains = (term: Term) =>
    term.kind === "text"
      ? `position(message, ${values.text(term.text)}) > 0`
      : `match(message, ${values.text(wholeRegex(term.source))})`;
  const optional = anyOf.length > 0 ? [join(anyOf.map(contains), "OR")] : [];
  return [...include.map(contains), ...optional, ...exclude.map((term) => `NOT ${contains(term)}`)];
}

const fields = `extractAll(if(length(message) <= ${fieldsBytesMax}, message, ''), ${quoted(fieldExpression)})`;

function fieldsTest({ before, after }: FieldsPattern, values: Values): Test {
  const count = before.length + (after?.length ?? 0);
  const all = [...before, ...(after ?? [])].map(({ condition }, index): Test => {
    if (condition === undefined) return { needed: [], exact: [] };
    const place = index < before.length ? index + 1 : index - count;
    const text = after === undefined && place === count ? lastField(count) : bareField(place);
    return logicTest(condition, (check) => ({
      needed: neededOfField(check, values),
      exact: [textCondition(check, text, values)],
    }));
  });
  return {
    needed: all.flatMap(({ needed }) => needed),
    exact: [`length(${fields}) >= ${count}`, ...all.flatMap(({ exact }) => exact)],
  };
}

/** Without its brackets or quotes; places from the end are negative. */
function bareField(place: number): string {
  const field = `${fields}[${place}]`;
  return `if(match(${field}, '(?s)^(\\\\[.*\\\\]|".*")$'), substring(${field}, 2, length(${field}) - 2), ${field})`;
}

/** Without an ellipsis the last field is all that is left. */
function lastField(count: number): string {
  const rest = `arrayStringConcat(arraySlice(${fields}, ${count}), ' ')`;
  return `if(length(${fields}) = ${count}, ${bareField(count)}, ${rest})`;
}

function neededOfField(check: ValueCheck, values: Values): string[] {
  // Fields that are put together have one space between them, whatever stands there in the message.
  const piece = check.kind === "text" && check.equal ? longestRun(check.pieces, / /) : "";
  return piece === "" ? [] : [`position(message, ${values.text(piece)}) > 0`];
}

function jsonTest({ selector, check }: JsonTest, values: Values): Test {
  const needed = neededOfJson(selector, check, values);
  if (check.kind === "missing") {
    const exists = jsonCondition("message", selector, { kind: "exists" }, values);
    return { needed, exact: [`(JSONType(message) = 'Object' AND NOT ${exists})`] };
  }
  return { needed, exact: [jsonCondition("message", selector, check, values)] };
}

/**
 * A piece of the value, or of a name on the way to it, that the message must hold in one of its spellings: in JSON that is the
 * piece itself, unless something in the message is written as \u and a number.
 */
function neededOfJson(selector: readonly Step[], check: JsonCheck, values: Values): string[] {
  if (check.kind === "missing") return [];
  const names = selector.flatMap((step) => (step.kind === "key" ? [step.name] : []));
  const piece =
    (check.kind === "text" && check.equal && longestRun(check.pieces.filter(isNoNumber), shortEscapes)) ||
    longestRun(names, shortEscapes);
  if (piece === "") return [];
  return [`(position(message, ${values.text(piece)}) > 0 OR position(message, '\\\\u') > 0)`];
}

/** Characters that JSON may write with a backslash in another way than \u. */
const shortEscapes = /["\\/\u0000-\u001f]/;

/** What is compared with a number's text may stand in the message in another form, as 1.50 for 1.5. */
function isNoNumber(piece: string): boolean {
  return /[^-+.eE0-9]/.test(piece);
}

function longestRun(texts: readonly string[], apart: RegExp): string {
  return texts
    .flatMap((text) => text.split(apart))
    .reduce((longest, run) => (run.length > longest.length ? run : longest), "");
}

type Found = ValueCheck | WordCheck | { readonly kind: "exists" };

/** Whether `json`, an expression whose value is JSON, has a value at the selector that passes the check. */
function jsonCondition(json: string, selector: readonly Step[], check: Found, values: Values): string {
  const path: string[] = [];
  const guards: string[] = [];
  for (const [at, step] of selector.entries()) {
    const place = [json, ...path].join(", ");
    if (step.kind === "anyElement" || step.kind === "anyMember") {
      const found = jsonCondition("element", selector.slice(at + 1), check, values);
      const elements =
        step.kind === "anyElement"
          ? `JSONExtractArrayRaw(${place})`
          : `tupleElement(JSONExtractKeysAndValuesRaw(${place}), 2)`;
      return join([...guards, `arrayExists(element -> ${found}, ${elements})`], "AND");
    }
    if (step.kind === "key") {
      path.push(values.text(step.name));
      continue;
    }
    // A number would also pick a member of an object by its place.
    guards.push(`JSONType(${place}) = 'Array'`);
    path.push(String(step.index + 1));
  }
  return join([...foundCondition([json, ...path].join(", "), check, values), ...guards], "AND");
}

function foundCondition(place: string, check: Found, values: Values): string[] {
  switch (check.kind) {
    case "exists":
      return [`JSONHas(${place})`];
    case "is":
      return check.value === "null"
        ? [`JSONHas(${place})`, `JSONType(${place}) = 'Null'`]
        : [`JSONType(${place}) = 'Bool'`, `JSONExtractBool(${place}) = ${check.value}`];
    case "number":
      return [numberCondition(place, check, values)];
    default:
      return [textCondition(check, `JSONExtractString(${place})`, values), ...typeGuard(place, check)];
  }
}

/** Of other types JSONExtractString gives their JSON; few texts could be mistaken for that. */
function typeGuard(place: string, check: ValueCheck): string[] {
  const [piece = ""] = check.kind === "text" && check.equal && check.pieces.length === 1 ? check.pieces : [];
  const unmistakable = piece !== "" && !/^[[{]/.test(piece) && piece !== "true" && piece !== "false";
  return unmistakable ? [] : [`JSONType(${place}) IN ('String', 'Int64', 'UInt64', 'Double')`];
}

type NumberCheck = Extract<ValueCheck, { kind: "number" }>;

function numberCondition(place: string, check: NumberCheck, values: Values): string {
  const comparison = `JSONExtractFloat(${place}) ${check.operator} ${numberOf(values.text(withExponent(check.literal)))}`;
  const ofText = textCondition(check, `JSONExtractString(${place})`, values);
  return `multiIf(JSONType(${place}) IN ('Int64', 'UInt64', 'Double'), ${comparison}, JSONType(${place}) = 'String', ${ofText}, 0)`;
}

function textCondition(check: ValueCheck, text: string, values: Values): string {
  switch (check.kind) {
    case "text":
      return `${check.equal ? "" : "NOT "}${likeCondition(text, check.pieces, values)}`;
    case "regex":
      return `${check.equal ? "" : "NOT "}match(${text}, ${values.text(wholeRegex(check.source))})`;
    case "number": {
      const isNumber = `match(${text}, ${quoted(numberExpression.source)})`;
      const value = numberOf(`if(match(${text}, '[.eE]'), ${text}, concat(${text}, 'e0'))`);
      const comparison = `${value} ${check.operator} ${numberOf(values.text(withExponent(check.literal)))}`;
      return `if(${isNumber}, ${comparison}, ${check.operator === "!=" ? 1 : 0})`;
    }
  }
}

/** The JSON parser reads numbers to the last bit, which the engine's conversions do not; but whole ones to 64 bits only. */
function numberOf(text: string): string {
  return `JSONExtractFloat(${text})`;
}

function withExponent(literal: string): string {
  return /[.eE]/.test(literal) ? literal : `${literal}e0`;
}

function likeCondition(text: string, pieces: readonly string[], values: Values): string {
  if (pieces.length === 1) return `(${text} = ${values.text(pieces[0]!)})`;
  const like = pieces.map((piece) => piece.replace(/[\\%_]/g, "\\$&")).join("%");
  return like === "%" ? "1" : `(${text} LIKE ${values.text(like)})`;
}

/**
 * The engine looks for a text that every match must hold before it matches. Without a group around the expression it finds
 * xyz to be such a text of `xyz[[a]|q`, which it is not.
 */
function wholeRegex(source: string): string {
  return `(?:${source})`;
}

/** A literal of this program. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\")}'`;
}
