import { PolicyProblem } from "./problem.ts";

/** Where a value stands in the text: lines and columns from 1, the end just behind its last character. */
export interface TextRange {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export type JsonNode = { readonly from: number; readonly to: number } & (
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  /** Numbers and booleans keep their spelling: conditions compare texts. */
  | { readonly kind: "string" | "number" | "boolean"; readonly text: string }
  | { readonly kind: "null" }
);

const depthMax = 16;

/**
 * Strict JSON with the place of each value. Refuses a member that occurs twice, which JSON.parse drops in silence: of two
 * `Condition` blocks one would be lost, and with it a restriction. Throws PolicyProblem.
 */
export function readJson(text: string): JsonNode {
  let at = 0;

  const fail = (sentence: string): never => {
    const { line, column } = positionIn(startsOfLines(text), at);
    throw new PolicyProblem(`Syntax errors in policy. Line ${line}, column ${column}: ${sentence}`);
  };
  const skipSpace = () => {
    while (isSpace(text.charCodeAt(at))) at++;
  };
  const expect = (character: string) => {
    skipSpace();
    if (text[at] !== character) fail(`expected ${character}`);
    at++;
  };
  const takeIf = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const readString = (): string => {
    const from = at++;
    while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    if (at >= text.length) fail("the text ends inside a string");
    at++;
    try {
      return JSON.parse(text.slice(from, at)) as string;
    } catch {
      at = from;
      return fail("a string with a character or an escape that JSON does not allow");
    }
  };
  const readMembers = (depth: number): ReadonlyMap<string, JsonNode> => {
    const members = new Map<string, JsonNode>();
    at++;
    if (takeIf("}")) return members;
    do {
      skipSpace();
      if (text[at] !== '"') fail("expected the name of a member");
      const name = readString();
      if (members.has(name)) fail(`the member ${name} occurs twice`);
      expect(":");
      members.set(name, readValue(depth));
    } while (takeIf(","));
    expect("}");
    return members;
  };
  const readItems = (depth: number): readonly JsonNode[] => {
    const items: JsonNode[] = [];
    at++;
    if (takeIf("]")) return items;
    do items.push(readValue(depth));
    while (takeIf(","));
    expect("]");
    return items;
  };
  const readScalar = (from: number): JsonNode => {
    if (text[at] === '"') return { kind: "string", text: readString(), from, to: at };
    const word = /[-+.\w]+/y;
    word.lastIndex = at;
    const spelling = word.exec(text)?.[0] ?? "";
    at += spelling.length;
    const to = at;
    if (spelling === "true" || spelling === "false") return { kind: "boolean", text: spelling, from, to };
    if (spelling === "null") return { kind: "null", from, to };
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(spelling)) {
      return { kind: "number", text: spelling, from, to };
    }
    at = from;
    return fail("expected a value");
  };
  const readValue = (depth: number): JsonNode => {
    if (depth > depthMax) fail(`nested deeper than ${depthMax} levels`);
    skipSpace();
    const from = at;
    if (text[at] === "{") return { kind: "object", members: readMembers(depth + 1), from, to: at };
    if (text[at] === "[") return { kind: "array", items: readItems(depth + 1), from, to: at };
    return readScalar(from);
  };

  const root = readValue(1);
  skipSpace();
  if (at < text.length) fail("the text goes on behind its end");
  return root;
}

/** Where the values of a text stand. Its lines are counted once: counting them for each of a thousand statements takes seconds. */
export function createRanges(text: string): (node: JsonNode) => TextRange {
  const lines = startsOfLines(text);
  return ({ from, to }) => ({ start: positionIn(lines, from), end: positionIn(lines, to) });
}

function startsOfLines(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionIn(lines: readonly number[], offset: number): TextPosition {
  let line = 0;
  let behind = lines.length;
  while (behind - line > 1) {
    const middle = (line + behind) >> 1;
    if (lines[middle]! <= offset) line = middle;
    else behind = middle;
  }
  return { line: line + 1, column: offset - lines[line]! + 1 };
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
