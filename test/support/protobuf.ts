/** A protobuf message read without its definition: values by field number, in the order in which they came. */
export interface Message {
  messages(field: number): Message[];
  texts(field: number): string[];
  numbers(field: number): number[];
  doubles(field: number): number[];
  fixed64s(field: number): bigint[];
}

/** Throws for what is no protobuf. */
export function readProtobuf(bytes: Buffer): Message {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      if (at >= bytes.length) throw new Error("The message ends early.");
      const next = bytes[at++] as number;
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value;
    }
  };
  const slice = (length: number) => {
    if (at + length > bytes.length) throw new Error("A field is longer than the message.");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const wireType = tag % 8;
    const value =
      wireType === 0 ? varint() : wireType === 1 ? slice(8) : wireType === 2 ? slice(varint()) : undefined;
    if (value === undefined) throw new Error(`Wire type ${wireType} is not used.`);
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  const buffers = (field: number) => (fields.get(field) ?? []) as Buffer[];
  return {
    messages: (field) => buffers(field).map(readProtobuf),
    texts: (field) => buffers(field).map((value) => value.toString("utf8")),
    numbers: (field) => (fields.get(field) ?? []) as number[],
    doubles: (field) => buffers(field).map((value) => value.readDoubleLE()),
    fixed64s: (field) => buffers(field).map((value) => value.readBigUInt64LE()),
  };
}
