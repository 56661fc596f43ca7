import { IngestRefusal } from "../../refusal.ts";

/**
 * Walks through a text that is known to be JSON, front to back. Values are given as the texts they are, so that numbers keep
 * their digits and strings their escapes.
 */
export interface JsonReader {
  /** Where the next value starts; `seek` goes back to such a place. */
  place(): number;
  seek(place: number): void;
  /** Calls `visit` with each name; it has to read or skip the value. Null counts as an empty object. */
  object(visit: (name: string) => void): void;
  /** As for objects. */
  array(visit: () => void): void;
  /** The string's JSON text, with quotes; undefined for null. */
  string(): string | undefined;
  /** The text of a number, or of a string without its quotes; undefined for null. 64-bit numbers come in both forms. */
  scalar(): string | undefined;
  boolean(): boolean | undefined;
  skip(): void;
}

export function createJsonReader(text: string): JsonReader {
  let at = 0;
  const space = () => {
    for (let code = text.charCodeAt(at); code === 0x20 || (code >= 0x09 && code <= 0x0d); )
      code = text.charCodeAt(++at);
  };
  const peek = () => {
    space();
    return text[at];
  };
  const stringText = (): string => {
    const from = at;
    for (at = text.indexOf('"', at + 1); isEscaped(text, at); at = text.indexOf('"', at + 1));
    at += 1;
    return text.slice(from, at);
  };
  const plainText = (): string => {
    const from = at;
    for (let c = text[at]; c !== undefined && !",]} \t\r\n".includes(c); ) c = text[++at];
    return text.slice(from, at);
  };
  const isNull = () => {
    if (peek() !== "n") return false;
    at += 4;
    return true;
  };
  const list = (open: string, close: string, visit: () => void) => {
    if (isNull()) return;
    if (peek() !== open) throw unexpected(open === "{" ? "an object" : "an array");
    at += 1;
    if (peek() === close) {
      at += 1;
      return;
    }
    for (;;) {
      visit();
      if (peek() === close) break;
      at += 1;
    }
    at += 1;
  };
  const skip = () => {
    const first = peek();
    if (first === '"') stringText();
    else if (first === "{" || first === "[") skipNested();
    else plainText();
  };
  /** Without recursion: brackets are counted, and strings are stepped over. */
  const skipNested = () => {
    let depth = 0;
    do {
      const c = text[at];
      if (c === '"') {
        stringText();
        continue;
      }
      if (c === "{" || c === "[") depth += 1;
      else if (c === "}" || c === "]") depth -= 1;
      at += 1;
    } while (depth > 0);
  };
  return {
    place: () => at,
    seek: (place) => {
      at = place;
    },
    object: (visit) =>
      list("{", "}", () => {
        space();
        const name = stringText();
        peek();
        at += 1;
        visit(name.includes("\\") ? (JSON.parse(name) as string) : name.slice(1, -1));
      }),
    array: (visit) => list("[", "]", visit),
    string: () => {
      if (isNull()) return undefined;
      if (peek() !== '"') throw unexpected("a string");
      return stringText();
    },
    scalar: () => {
      if (isNull()) return undefined;
      const first = peek();
      if (first === '"') return JSON.parse(stringText()) as string;
      if (first === "{" || first === "[") throw unexpected("a number or a string");
      return plainText();
    },
    boolean: () => {
      if (isNull()) return undefined;
      const value = plainText();
      if (value !== "true" && value !== "false") throw unexpected("true or false");
      return value === "true";
    },
    skip,
  };

  function unexpected(expected: string): IngestRefusal {
    return new IngestRefusal("body_malformed", `The value at character ${at} is not ${expected}.`);
  }
}

/** Whether an odd number of backslashes stands before this place. */
function isEscaped(text: string, at: number): boolean {
  let i = at - 1;
  while (text[i] === "\\") i--;
  return (at - 1 - i) % 2 === 1;
}
