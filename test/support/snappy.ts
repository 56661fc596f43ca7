/** Snappy's block format read back, element by element, for tests of what we write. Throws for anything malformed. */
export function uncompressSnappy(input: Uint8Array): Buffer {
  let at = 0;
  const byte = () => {
    if (at >= input.length) throw new Error("The input ends early.");
    return input[at++] as number;
  };
  const littleEndian = (bytes: number) => {
    let value = 0;
    for (let index = 0; index < bytes; index++) value += byte() * 256 ** index;
    return value;
  };
  let length = 0;
  for (let shift = 0, next = 0x80; next >= 0x80; shift += 7) {
    next = byte();
    length += (next & 0x7f) * 2 ** shift;
  }
  const output = Buffer.alloc(length);
  let written = 0;
  while (at < input.length) {
    const tag = byte();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const size = 1 + (short < 60 ? short : littleEndian(short - 59));
      if (at + size > input.length || written + size > length) throw new Error("A literal is too long.");
      output.set(input.subarray(at, at + size), written);
      at += size;
      written += size;
      continue;
    }
    const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const offset = kind === 1 ? ((tag >> 5) << 8) + byte() : littleEndian(kind === 2 ? 2 : 4);
    if (offset === 0 || offset > written || written + size > length)
      throw new Error("A copy is out of bounds.");
    for (let index = 0; index < size; index++) output[written] = output[written++ - offset] as number;
  }
  if (written !== length) throw new Error("The output is not as long as announced.");
  return output;
}
