/** JSON as ClickHouse's functions see it: of two members with the same name the first counts. */
export type JsonValue =
  | { readonly kind: "string"; readonly text: string }
  /** `text` is the shortest form of the number: `12` for `12.0`. */
  | { readonly kind: "number"; readonly text: string; readonly value: number }
  | { readonly kind: "null" | "true" | "false" }
  | { readonly kind: "array"; readonly items: readonly JsonValue[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, JsonValue])[] };

const depthMax = 1024;
const integerMin = -(2n ** 63n);
const integerMax = 2n ** 64n - 1n;

/**
 * Reads a text as strictly as ClickHouse's parser does, or gives undefined: whole numbers have 64 bits, others a double's range,
 * escaped surrogates come in pairs. `JSON.parse` is laxer in each of these, and keeps the last of two equal names.
 */
export function readJson(text: string): JsonValue | undefined {
  // A byte-order mark before it is no part of it.
  const reader: Reader = { text, at: text.startsWith("\ufeff") ? 1 : 0 };
  const value = readValue(reader, 0);
  skipSpace(reader);
  return reader.at === text.length ? value : undefined;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readValue(reader: Reader, depth: number): JsonValue | undefined {
  skipSpace(reader);
  switch (reader.text[reader.at]) {
    case "{":
      return depth < depthMax ? readObject(reader, depth + 1) : undefined;
    case "[":
      return depth < depthMax ? readArray(reader, depth + 1) : undefined;
    case '"': {
      const text = readString(reader);
      return text === undefined ? undefined : { kind: "string", text };
    }
    default:
      return readWord(reader);
  }
}

function readObject(reader: Reader, depth: number): JsonValue | undefined {
  const members: [string, JsonValue][] = [];
  reader.at += 1;
  if (skip(reader, "}")) return { kind: "object", members };
  do {
    skipSpace(reader);
    const name = readString(reader);
    if (name === undefined || !skip(reader, ":")) return undefined;
    const value = readValue(reader, depth);
    if (!value) return undefined;
    members.push([name, value]);
  } while (skip(reader, ","));
  return skip(reader, "}") ? { kind: "object", members } : undefined;
}

function readArray(reader: Reader, depth: number): JsonValue | undefined {
  const items: JsonValue[] = [];
  reader.at += 1;
  if (skip(reader, "]")) return { kind: "array", items };
  do {
    const item = readValue(reader, depth);
    if (!item) return undefined;
    items.push(item);
  } while (skip(reader, ","));
  return skip(reader, "]") ? { kind: "array", items } : undefined;
}

const stringExpression = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

function readString(reader: Reader): string | undefined {
  const written = take(reader, stringExpression);
  if (written === "") return undefined;
  const text = JSON.parse(written) as string;
  return text.isWellFormed() ? text : undefined;
}

function readWord(reader: Reader): JsonValue | undefined {
  const written = take(reader, /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|[a-z]+/y);
  // A number cannot be followed by more of it, as in 01 or 1.
  if (written === "" || /[\w.+-]/.test(reader.text[reader.at] ?? "")) return undefined;
  if (written === "null" || written === "true" || written === "false") return { kind: written };
  const value = Number(written);
  if (!Number.isFinite(value)) return undefined;
  if (/[.eE]/.test(written)) return { kind: "number", text: doubleText(value), value };
  const integer = BigInt(written);
  if (integer < integerMin || integer > integerMax) return undefined;
  return { kind: "number", text: String(integer), value: Number(integer) };
}

/** As ClickHouse writes it. */
function doubleText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
}

function skipSpace(reader: Reader): void {
  take(reader, /[ \t\n\r]*/y);
}

/** Moves over a character and the space before it, if it is what comes next. */
function skip(reader: Reader, expected: string): boolean {
  skipSpace(reader);
  if (reader.text[reader.at] !== expected) return false;
  reader.at += 1;
  return true;
}

function take(reader: Reader, expression: RegExp): string {
  expression.lastIndex = reader.at;
  const found = expression.exec(reader.text)?.[0] ?? "";
  reader.at += found.length;
  return found;
}
