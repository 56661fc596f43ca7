/**
 * Compression in the block format of Snappy, which remote write demands. Greedy matching over a table of four-byte
 * sequences, block by block: labels repeat from series to series, so a request shrinks to about a tenth.
 */
export function compressSnappy(input: Uint8Array): Buffer {
  const output = Buffer.allocUnsafe(32 + input.length + Math.ceil(input.length / 6));
  let at = writeLength(output, input.length);
  const table = new Uint16Array(tableSize);
  for (let start = 0; start < input.length; start += blockBytes) {
    at = compressBlock(input, start, Math.min(start + blockBytes, input.length), table, output, at);
  }
  return output.subarray(0, at);
}

/** Offsets within a block fit into 16 bits. */
const blockBytes = 65_536;
const tableBits = 14;
const tableSize = 1 << tableBits;
/** A copy of three bytes must be worth more than the literal it interrupts. */
const matchBytesMin = 4;
const copyBytesMax = 64;

function writeLength(output: Buffer, length: number): number {
  let at = 0;
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) output[at++] = (rest & 0x7f) | 0x80;
  output[at++] = rest;
  return at;
}

function compressBlock(
  input: Uint8Array,
  start: number,
  end: number,
  table: Uint16Array,
  output: Buffer,
  outputAt: number,
): number {
  table.fill(0);
  let at = outputAt;
  let literalStart = start;
  let position = start + 1;
  while (position + matchBytesMin <= end) {
    const slot = hashAt(input, position);
    const candidate = start + (table[slot] as number);
    table[slot] = position - start;
    if (!matches(input, candidate, position)) {
      position++;
      continue;
    }
    let length = matchBytesMin;
    while (position + length < end && input[candidate + length] === input[position + length]) length++;
    at = writeLiteral(output, at, input, literalStart, position);
    at = writeCopies(output, at, position - candidate, length);
    position += length;
    literalStart = position;
  }
  return writeLiteral(output, at, input, literalStart, end);
}

function hashAt(input: Uint8Array, position: number): number {
  const word =
    (input[position] as number) |
    ((input[position + 1] as number) << 8) |
    ((input[position + 2] as number) << 16) |
    ((input[position + 3] as number) << 24);
  return Math.imul(word, 0x1e35a7bd) >>> (32 - tableBits);
}

function matches(input: Uint8Array, a: number, b: number): boolean {
  return (
    input[a] === input[b] &&
    input[a + 1] === input[b + 1] &&
    input[a + 2] === input[b + 2] &&
    input[a + 3] === input[b + 3]
  );
}

function writeLiteral(output: Buffer, outputAt: number, input: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length === 0) return outputAt;
  let at = outputAt;
  const size = length - 1;
  if (size < 60) output[at++] = size << 2;
  else if (size < 256) {
    output[at++] = 60 << 2;
    output[at++] = size;
  } else {
    output[at++] = 61 << 2;
    at = output.writeUInt16LE(size, at);
  }
  output.set(input.subarray(from, to), at);
  return at + length;
}

function writeCopies(output: Buffer, outputAt: number, offset: number, length: number): number {
  let at = outputAt;
  for (let rest = length; rest > 0; ) {
    const size = Math.min(rest, copyBytesMax);
    output[at++] = ((size - 1) << 2) | 2;
    at = output.writeUInt16LE(offset, at);
    rest -= size;
  }
  return at;
}
