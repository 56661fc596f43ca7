/**
 * Finds where JSON values end, and refuses what is not JSON, without building a value. A body of events is walked once: no
 * object is made per event, and depth is bounded before anything recurses. What is accepted here is exactly what
 * JSON.parse accepts, up to the depth. The bytes have to be valid UTF-8.
 */

/** No value here. Any other result is the offset behind the value. */
export const invalid = -1;

/** Members of an object that the caller wants to find, by name. */
export interface Wanted {
  readonly names: readonly Buffer[];
  /** Where the value of each name starts, and where it ends; 0 and 0 where the object has no such member. */
  readonly from: number[];
  readonly to: number[];
}

export function wantedMembers(...names: string[]): Wanted {
  return {
    names: names.map((name) => Buffer.from(name)),
    from: names.map(() => 0),
    to: names.map(() => 0),
  };
}

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;
const zero = 0x30;

/** 1 for bytes that stand for themselves inside a string: all but controls, the quote and the backslash. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== quote && byte !== backslash ? 1 : 0,
);
const hexDigit = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const shortEscape = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/** The offset of the first byte at or after `at` that is no white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let i = at;
  for (let byte = bytes[i]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; )
    byte = bytes[++i];
  return i;
}

/**
 * The end of the value that starts at `at`, or `invalid`. `depth` is how many levels of arrays and objects may still open.
 */
export function valueEnd(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case quote:
      return stringEnd(bytes, at);
    case openBrace:
      return objectEnd(bytes, at, depth, undefined);
    case openBracket:
      return arrayEnd(bytes, at, depth);
    case 0x74:
      return literalEnd(bytes, at, "true");
    case 0x66:
      return literalEnd(bytes, at, "false");
    case 0x6e:
      return literalEnd(bytes, at, "null");
    default:
      return numberEnd(bytes, at);
  }
}

/**
 * The end of the object that starts at `at`, or `invalid`; fills in `wanted` on the way. As with JSON.parse the last of
 * several members of one name counts.
 */
export function objectEnd(bytes: Uint8Array, at: number, depth: number, wanted: Wanted | undefined): number {
  if (depth <= 0) return invalid;
  if (wanted) {
    for (let k = 0; k < wanted.from.length; k++) {
      wanted.from[k] = 0;
      wanted.to[k] = 0;
    }
  }
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === closeBrace) return i + 1;
  for (;;) {
    if (bytes[i] !== quote) return invalid;
    const keyFrom = i + 1;
    const keyEnd = stringEnd(bytes, i);
    if (keyEnd === invalid) return invalid;
    i = skipSpace(bytes, keyEnd);
    if (bytes[i] !== colon) return invalid;
    const from = skipSpace(bytes, i + 1);
    const to = valueEnd(bytes, from, depth - 1);
    if (to === invalid) return invalid;
    if (wanted) note(wanted, bytes, keyFrom, keyEnd - 1, from, to);
    i = skipSpace(bytes, to);
    if (bytes[i] === closeBrace) return i + 1;
    if (bytes[i] !== comma) return invalid;
    i = skipSpace(bytes, i + 1);
  }
}

function arrayEnd(bytes: Uint8Array, at: number, depth: number): number {
  if (depth <= 0) return invalid;
  let i = skipSpace(bytes, at + 1);
  if (bytes[i] === closeBracket) return i + 1;
  for (;;) {
    const to = valueEnd(bytes, i, depth - 1);
    if (to === invalid) return invalid;
    i = skipSpace(bytes, to);
    if (bytes[i] === closeBracket) return i + 1;
    if (bytes[i] !== comma) return invalid;
    i = skipSpace(bytes, i + 1);
  }
}

function stringEnd(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  for (;;) {
    // Four at a time takes an eighth less for whole lines. Behind the end nothing is plain.
    while (
      plain[bytes[i] as number] === 1 &&
      plain[bytes[i + 1] as number] === 1 &&
      plain[bytes[i + 2] as number] === 1 &&
      plain[bytes[i + 3] as number] === 1
    )
      i += 4;
    while (plain[bytes[i] as number] === 1) i++;
    const byte = bytes[i];
    if (byte === quote) return i + 1;
    if (byte !== backslash) return invalid;
    i = escapeEnd(bytes, i + 1);
    if (i === invalid) return invalid;
  }
}

/** `at` is the byte after the backslash. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  if (shortEscape[byte] === 1) return at + 1;
  if (byte !== 0x75) return invalid;
  for (let i = at + 1; i <= at + 4; i++) if (hexDigit[bytes[i] as number] !== 1) return invalid;
  return at + 5;
}

function literalEnd(bytes: Uint8Array, at: number, literal: string): number {
  for (let i = 1; i < literal.length; i++) if (bytes[at + i] !== literal.charCodeAt(i)) return invalid;
  return at + literal.length;
}

function numberEnd(bytes: Uint8Array, at: number): number {
  let i = bytes[at] === 0x2d ? at + 1 : at;
  i = bytes[i] === zero ? i + 1 : digitsEnd(bytes, i);
  if (i !== invalid && bytes[i] === 0x2e) i = digitsEnd(bytes, i + 1);
  if (i !== invalid && (bytes[i] === 0x65 || bytes[i] === 0x45)) {
    i += 1;
    i = digitsEnd(bytes, bytes[i] === 0x2b || bytes[i] === 0x2d ? i + 1 : i);
  }
  return i;
}

/** One digit at least. */
function digitsEnd(bytes: Uint8Array, at: number): number {
  let i = at;
  while (isDigit(bytes[i])) i++;
  return i === at ? invalid : i;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x39;
}

function note(
  wanted: Wanted,
  bytes: Uint8Array,
  keyFrom: number,
  keyTo: number,
  from: number,
  to: number,
): void {
  for (let k = 0; k < wanted.names.length; k++) {
    if (!isKey(wanted.names[k] as Buffer, bytes, keyFrom, keyTo)) continue;
    wanted.from[k] = from;
    wanted.to[k] = to;
  }
}

function isKey(name: Buffer, bytes: Uint8Array, from: number, to: number): boolean {
  const longer = to - from - name.length;
  if (longer !== 0)
    return longer > 0 && longer % bytesMorePerEscape === 0 && isEscapedKey(name, bytes, from, to);
  for (let i = 0; i < name.length; i++) if (bytes[from + i] !== name[i]) return false;
  return true;
}

/** A letter that is written as an escape, such as \u0074, takes six bytes. */
const bytesMorePerEscape = 5;

function isEscapedKey(name: Buffer, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from > name.length * (1 + bytesMorePerEscape)) return false;
  let hasEscape = false;
  for (let i = from; i < to && !hasEscape; i++) hasEscape = bytes[i] === backslash;
  return (
    hasEscape && JSON.parse(Buffer.from(bytes.subarray(from - 1, to + 1)).toString()) === name.toString()
  );
}
