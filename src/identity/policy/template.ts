import { syntaxProblem } from "./problem.ts";
import type { WildcardPattern } from "./wildcard.ts";

/** A text of a policy, cut at its variables. */
export interface Template {
  readonly parts: readonly Part[];
  /** What it resolves to when it has no variables. */
  readonly constant: WildcardPattern | undefined;
}

type Part =
  | { readonly kind: "text"; readonly text: string }
  /** `${*}`, `${?}`, `${$}`: the character and not what it means. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly key: string; readonly fallback: string | undefined };

/** Throws PolicyProblem for a variable that is not closed or not well formed. */
export function parseTemplate(text: string, path: string): Template {
  const parts: Part[] = [];
  let at = 0;
  for (let open = text.indexOf("${"); open >= 0; open = text.indexOf("${", at)) {
    if (open > at) parts.push({ kind: "text", text: text.slice(at, open) });
    const variable = readVariable(text, open + 2);
    if (!variable) {
      throw syntaxProblem(
        path,
        `${path} holds a \${ that begins no policy variable such as \${aws:username}.`,
      );
    }
    parts.push(variable.part);
    at = variable.end;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return withConstant(parts);
}

/** By hand, since a regular expression with optional spaces and a default is quadratic for a text of spaces. */
function readVariable(text: string, from: number): { part: Part; end: number } | undefined {
  const close = text.indexOf("}", from);
  if (close < 0) return undefined;
  const comma = text.indexOf(",", from);
  if (comma < 0 || comma > close) return withEnd(toPart(text.slice(from, close), undefined), close + 1);
  const opening = skipSpaces(text, comma + 1);
  const closing = text.indexOf("'", opening + 1);
  const end = skipSpaces(text, closing + 1);
  if (text[opening] !== "'" || closing < 0 || text[end] !== "}") return undefined;
  return withEnd(toPart(text.slice(from, comma), text.slice(opening + 1, closing)), end + 1);
}

function withEnd(part: Part | undefined, end: number): { part: Part; end: number } | undefined {
  return part && { part, end };
}

function toPart(spelling: string, fallback: string | undefined): Part | undefined {
  const name = spelling.trim();
  if (name === "*" || name === "?" || name === "$") return { kind: "literal", text: name };
  return /^[^{}':]+:[^{}']+$/.test(name) ? { kind: "variable", key: name, fallback } : undefined;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  return at;
}

/** A text in which nothing is a variable. */
export function plainTemplate(text: string): Template {
  return withConstant([{ kind: "text", text }]);
}

/**
 * Puts values in the place of variables; undefined when one has neither a value nor a default. Wildcards that come from a
 * value are characters: a user named `*` does not own everybody's folder.
 */
export function resolveTemplate(
  template: Template,
  lookUp: (key: string) => string | undefined,
): WildcardPattern | undefined {
  if (template.constant) return template.constant;
  let text = "";
  const literals = new Set<number>();
  for (const part of template.parts) {
    const piece = part.kind === "variable" ? (lookUp(part.key) ?? part.fallback) : part.text;
    if (piece === undefined) return undefined;
    if (part.kind !== "text") addWildcardsOf(piece, text.length, literals);
    text += piece;
  }
  return { text, literals };
}

function addWildcardsOf(piece: string, offset: number, literals: Set<number>): void {
  for (let i = 0; i < piece.length; i++) {
    if (piece[i] === "*" || piece[i] === "?") literals.add(offset + i);
  }
}

function withConstant(parts: readonly Part[]): Template {
  if (parts.some((part) => part.kind === "variable")) return { parts, constant: undefined };
  const constant = resolveTemplate({ parts, constant: undefined }, () => undefined);
  return { parts, constant: constant?.literals?.size === 0 ? { text: constant.text } : constant };
}
