import { ProtocolError } from "../protocol-error.ts";

/**
 * Walks the bytes of one CBOR item without building anything. The decoder allocates what a length claims and
 * recurses once per level, so five bytes could ask for four billion elements; here a count that the remaining
 * bytes cannot hold, or nesting beyond `depthMax`, is refused first. RFC 8949, section 3.
 */
export function assertWellFormed(bytes: Uint8Array, depthMax: number): void {
  const end = skipItem(
    { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), depthMax },
    0,
    1,
  );
  if (end !== bytes.length) throw malformed();
}

interface Scan {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly depthMax: number;
}

const indefinite = 31;
const breakByte = 0xff;

/** Position after the item at `at`. */
function skipItem(scan: Scan, at: number, depth: number): number {
  if (depth > scan.depthMax)
    throw new ProtocolError(
      "SerializationException",
      `The body is nested deeper than ${scan.depthMax} levels.`,
    );
  const first = scan.bytes[at];
  if (first === undefined) throw malformed();
  const major = first >> 5;
  if ((first & 31) === indefinite) return skipIndefinite(scan, major, at + 1, depth);
  const { argument, next } = readArgument(scan, at, first & 31);
  switch (major) {
    case 2:
    case 3:
      return advance(scan, next, argument);
    case 4:
      return skipItems(scan, next, argument, depth);
    case 5:
      return skipItems(scan, next, argument * 2, depth);
    case 6:
      return skipItem(scan, next, depth + 1);
    default:
      return next;
  }
}

function skipItems(scan: Scan, start: number, count: number, depth: number): number {
  // Each item takes one byte at least.
  advance(scan, start, count);
  let at = start;
  for (let i = 0; i < count; i++) at = skipItem(scan, at, depth + 1);
  return at;
}

function skipIndefinite(scan: Scan, major: number, start: number, depth: number): number {
  if (major < 2 || major > 5) throw malformed();
  let at = start;
  while (scan.bytes[at] !== breakByte) at = skipItem(scan, at, depth + 1);
  return at + 1;
}

function readArgument(scan: Scan, at: number, minor: number): { argument: number; next: number } {
  if (minor < 24) return { argument: minor, next: at + 1 };
  if (minor > 27) throw malformed();
  const width = 2 ** (minor - 24);
  const next = advance(scan, at + 1, width);
  if (width === 1) return { argument: scan.view.getUint8(at + 1), next };
  if (width === 2) return { argument: scan.view.getUint16(at + 1), next };
  if (width === 4) return { argument: scan.view.getUint32(at + 1), next };
  return { argument: Number(scan.view.getBigUint64(at + 1)), next };
}

function advance(scan: Scan, at: number, length: number): number {
  if (length > scan.bytes.length - at) throw malformed();
  return at + length;
}

function malformed(): ProtocolError {
  return new ProtocolError("SerializationException", "The body is not well-formed CBOR.");
}
