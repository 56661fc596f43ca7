/**
 * Writing of protobuf messages: only what the two messages that we send are made of. Bytes go into one buffer that grows;
 * a nested message is written behind room for its length.
 */
export interface ProtobufWriter {
  /** A field of the wire type 2: text in UTF-8. */
  text(field: number, value: string): void;
  /** A nested message, written by `write`. */
  message(field: number, write: () => void): void;
  double(field: number, value: number): void;
  /** `int64` from 0 to 2^53; larger ones would have lost digits before they came here. */
  int64(field: number, value: number): void;
  fixed64(field: number, value: bigint): void;
  /** Bytes written so far. */
  length(): number;
  finish(): Buffer;
}

/** A varint of this many bytes is room for the length of any message below 256 MB. */
const lengthBytes = 4;

export function createProtobufWriter(): ProtobufWriter {
  let bytes = Buffer.allocUnsafe(64 * 1024);
  let at = 0;

  function reserve(count: number): void {
    if (at + count <= bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + count));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  }
  function varint(value: number): void {
    reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
  }
  const tag = (field: number, wireType: number) => varint(field * 8 + wireType);

  return {
    text: (field, value) => {
      const size = Buffer.byteLength(value);
      tag(field, 2);
      varint(size);
      reserve(size);
      at += bytes.write(value, at);
    },
    message: (field, write) => {
      tag(field, 2);
      reserve(lengthBytes);
      const start = at;
      at += lengthBytes;
      write();
      paddedVarint(bytes, start, at - start - lengthBytes);
    },
    double: (field, value) => {
      tag(field, 1);
      reserve(8);
      at = bytes.writeDoubleLE(value, at);
    },
    int64: (field, value) => {
      tag(field, 0);
      varint(value);
    },
    fixed64: (field, value) => {
      tag(field, 1);
      reserve(8);
      at = bytes.writeBigUInt64LE(value, at);
    },
    length: () => at,
    finish: () => bytes.subarray(0, at),
  };
}

/** A length that is padded with continuation bits: longer than needed, and valid to every reader. */
function paddedVarint(bytes: Buffer, start: number, value: number): void {
  for (let index = 0; index < lengthBytes - 1; index++) {
    bytes[start + index] = ((value >>> (7 * index)) & 0x7f) | 0x80;
  }
  bytes[start + lengthBytes - 1] = value >>> (7 * (lengthBytes - 1));
}
