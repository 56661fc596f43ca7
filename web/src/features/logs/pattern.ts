import { type FilterWay, type JsonPath, type JsonScalar, selectorOf } from "../../ui/json-tree.ts";

/** Builds patterns of CloudWatch's filter language from what somebody points at. */

export const patternCharactersMax = 1024;

/** A text in double quotes. */
export const quote = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;

/** The condition that a value meets, or does not; undefined where the language has no words for it. */
export function conditionOf(path: JsonPath, value: JsonScalar, way: FilterWay): string | undefined {
  // The language speaks of objects only.
  if (typeof path[0] !== "string") return undefined;
  const selector = selectorOf(path);
  switch (value.kind) {
    case "string":
      return `${selector} ${way === "for" ? "=" : "!="} ${quote(value.text)}`;
    case "number":
      return `${selector} ${way === "for" ? "=" : "!="} ${value.text}`;
    case "boolean": {
      const other = value.text === "true" ? "FALSE" : "TRUE";
      return way === "for"
        ? `${selector} IS ${value.text.toUpperCase()}`
        : `(${selector} IS ${other} || ${selector} NOT EXISTS)`;
    }
    case "null":
      return way === "for" ? `${selector} IS NULL` : undefined;
  }
}

/** What became of a pattern. `replaced` when it spoke of plain text, which cannot be combined with properties. */
export interface ExtendedPattern {
  readonly pattern: string;
  readonly replaced: boolean;
}

/** The pattern with one more condition that has to hold as well. */
export function withCondition(pattern: string, condition: string): ExtendedPattern {
  const old = pattern.trim();
  const inner = /^\{([\s\S]*)\}$/.exec(old)?.[1]?.trim();
  if (inner === undefined || inner === "") {
    return { pattern: `{ ${condition} }`, replaced: inner === undefined && old !== "" && old !== '""' };
  }
  if (conditionsOf(inner).includes(condition)) return { pattern: old, replaced: false };
  const kept = hasAlternatives(inner) ? `(${inner})` : inner;
  return { pattern: `{ ${kept} && ${condition} }`, replaced: false };
}

/** Parts that are joined by `&&` outside of quotes and parentheses. */
function conditionsOf(inner: string): string[] {
  const parts = [""];
  for (const { text, depth } of piecesOf(inner)) {
    if (text === "&&" && depth === 0) parts.push("");
    else parts[parts.length - 1] += text;
  }
  return parts.map((part) => part.trim());
}

/** Whether `||` stands outside of all parentheses: it binds less than what is added with `&&`. */
const hasAlternatives = (inner: string) =>
  piecesOf(inner).some(({ text, depth }) => text === "||" && depth === 0);

function piecesOf(inner: string): { text: string; depth: number }[] {
  let depth = 0;
  const pieces = inner.match(/"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|%[^%]+%|&&|\|\||[\s\S]/g) ?? [];
  return pieces.map((text) => {
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    return { text, depth };
  });
}

/** Texts that every match holds, for marking them; none for patterns about properties or fields. */
export function literalsOf(pattern: string): string[] {
  if (/^\s*[{[]/.test(pattern)) return [];
  const terms = pattern.match(/[-?]?(?:"(?:[^"\\]|\\[\s\S])*"|%[^%]+%|\S+)/g) ?? [];
  return terms
    .filter((term) => !/^(-|[-?]?%)/.test(term))
    .map((term) => term.replace(/^\?/, ""))
    .map((term) => (term.startsWith('"') ? term.slice(1, -1).replace(/\\(["\\])/g, "$1") : term))
    .filter((text) => text.trim() !== "");
}

/** Where a refused pattern is wrong, from 0; undefined when the refusal does not say. */
export function placeOfProblem(fields: readonly { path: string }[]): number | undefined {
  for (const { path } of fields) {
    const place = /^pattern\.(\d+)$/.exec(path)?.[1];
    if (place !== undefined) return Number(place);
  }
  return undefined;
}
