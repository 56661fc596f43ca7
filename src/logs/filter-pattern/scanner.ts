import { FilterPatternProblem } from "./pattern.ts";

/** A place in the text of a pattern, which moves forward only. */
export interface Scanner {
  readonly text: string;
  at: number;
  /** Regular expressions and wildcard selectors so far; AWS bounds both per pattern. */
  regexes: number;
  wildcards: number;
}

export function createScanner(text: string): Scanner {
  return { text, at: 0, regexes: 0, wildcards: 0 };
}

export function isAtEnd(scanner: Scanner): boolean {
  return scanner.at >= scanner.text.length;
}

export function startsWith(scanner: Scanner, expected: string): boolean {
  return scanner.text.startsWith(expected, scanner.at);
}

export function skipSpace(scanner: Scanner): void {
  take(scanner, /\s*/y);
}

/** Moves over `expected` if it is what comes next. */
export function skip(scanner: Scanner, expected: string): boolean {
  if (!startsWith(scanner, expected)) return false;
  scanner.at += expected.length;
  return true;
}

/** What a sticky expression matches here; the empty text when it does not. */
export function take(scanner: Scanner, expression: RegExp): string {
  expression.lastIndex = scanner.at;
  const found = expression.exec(scanner.text)?.[0] ?? "";
  scanner.at += found.length;
  return found;
}

export function expect(scanner: Scanner, expected: string, message: string): void {
  if (!skip(scanner, expected)) throw problem(scanner, message);
}

export function problem(scanner: Scanner, message: string, at = scanner.at): FilterPatternProblem {
  return new FilterPatternProblem(message, at + 1);
}

/** AWS names the term, so we do as well. */
export function termProblem(message: string, at: number, term: string): FilterPatternProblem {
  return new FilterPatternProblem(message, at + 1, `Invalid character(s) in term '${term}'`);
}

/** A text in double quotes; a backslash takes a quote or another backslash literally. */
export function readQuoted(scanner: Scanner): string {
  const start = scanner.at;
  const quoted = take(scanner, /"(?:[^"\\]|\\.)*"/sy);
  if (quoted === "") throw problem(scanner, "The double quote that opens here is never closed.", start);
  return quoted.slice(1, -1).replace(/\\(["\\])/g, "$1");
}
