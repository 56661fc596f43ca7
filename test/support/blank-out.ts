/**
 * Replaces comments and the contents of strings, templates and regular expressions by blanks, so that rules look at code
 * only. Line breaks stay, hence positions and line numbers too. Code inside `${…}` of a template stays as well.
 */
export function blankOut(source: string): string {
  const out = source.split("");
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  /** For each open `${`, the number of braces opened inside it. */
  const templates: number[] = [];
  let position = 0;
  while (position < source.length) {
    const end = tokenEnd(source, position, templates);
    const kind = source[position] as string;
    if (end.blankFrom !== undefined) blank(end.blankFrom, end.blankTo);
    if (kind === "{" && templates.length > 0) templates[templates.length - 1] = (templates.at(-1) ?? 0) + 1;
    position = end.next;
  }
  return out.join("");
}

interface Token {
  readonly next: number;
  readonly blankFrom?: number;
  readonly blankTo: number;
}

function tokenEnd(source: string, at: number, templates: number[]): Token {
  const two = source.slice(at, at + 2);
  if (two === "//") return whole(at, endOf(source, "\n", at));
  if (two === "/*") return whole(at, endOf(source, "*/", at + 2) + 2);
  const character = source[at] as string;
  if (character === '"' || character === "'") return inside(at, quotedEnd(source, at, character));
  if (character === "`") return templatePart(source, at, templates);
  if (character === "}" && templates.length > 0) {
    const depth = templates.pop() as number;
    if (depth === 0) return templatePart(source, at, templates);
    templates.push(depth - 1);
  }
  if (character === "/" && startsRegularExpression(source, at))
    return inside(at, regularExpressionEnd(source, at));
  return { next: at + 1, blankTo: at };
}

function whole(from: number, to: number): Token {
  return { next: to, blankFrom: from, blankTo: to };
}

/** Keeps the delimiters: `last` is the position of the closing one. */
function inside(from: number, last: number): Token {
  return { next: last + 1, blankFrom: from + 1, blankTo: last };
}

function endOf(source: string, text: string, from: number): number {
  const found = source.indexOf(text, from);
  return found < 0 ? source.length : found;
}

function quotedEnd(source: string, at: number, quote: string): number {
  let i = at + 1;
  while (i < source.length && source[i] !== quote && source[i] !== "\n") i += source[i] === "\\" ? 2 : 1;
  return i;
}

/** The text of a template from its back quote or a closing brace up to the next `${` or the end. */
function templatePart(source: string, at: number, templates: number[]): Token {
  let i = at + 1;
  while (i < source.length && source[i] !== "`" && source.slice(i, i + 2) !== "${")
    i += source[i] === "\\" ? 2 : 1;
  if (source[i] !== "$") return inside(at, i);
  templates.push(0);
  return { next: i + 2, blankFrom: at + 1, blankTo: i };
}

/** A slash divides after a value and opens a regular expression elsewhere. */
function startsRegularExpression(source: string, at: number): boolean {
  const before = source.slice(Math.max(0, at - 40), at).trimEnd();
  if (/(?:^|[^\w$.])(?:return|typeof|case|in|of|void|yield|await)$/.test(before)) return true;
  return before === "" || (/[(,=:[!&|?{};+\-*%~^<>]$/.test(before) && !before.endsWith("</"));
}

function regularExpressionEnd(source: string, at: number): number {
  let inClass = false;
  let i = at + 1;
  for (; i < source.length && source[i] !== "\n"; i++) {
    const character = source[i];
    if (character === "\\") i++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) break;
  }
  return i;
}
