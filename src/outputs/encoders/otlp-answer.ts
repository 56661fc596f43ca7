/** `ExportMetricsServiceResponse`: an empty message, or `partial_success` with what was not taken. */
const partialSuccess = 1;
const rejectedDataPoints = 1;
const errorMessage = 2;

/** Points that a receiver left out of a request that it took. An answer that is no such message tells of none. */
export function readRejected(answer: Buffer): { points: number; message: string } {
  let points = 0;
  let message = "";
  for (const outer of readFields(answer)) {
    if (outer.field !== partialSuccess || !Buffer.isBuffer(outer.value)) continue;
    for (const { field, value } of readFields(outer.value)) {
      if (field === rejectedDataPoints && typeof value === "number") points = value;
      if (field === errorMessage && Buffer.isBuffer(value)) message = value.toString("utf8");
    }
  }
  return { points, message };
}

interface Field {
  readonly field: number;
  readonly value: number | Buffer;
}

/** Fields of the wire types 0 and 2; reading ends at the first byte that is no such field. */
function* readFields(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 0x80) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    const value = varint();
    if (!Number.isSafeInteger(value)) return;
    if (wireType === 0) yield { field, value };
    else if (wireType === 2 && at + value <= bytes.length) {
      yield { field, value: bytes.subarray(at, at + value) };
      at += value;
    } else return;
  }
}
