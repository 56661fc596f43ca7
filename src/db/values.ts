/**
 * How column values look in JavaScript, the same on both engines:
 * `timestamptz` is a `Date`, `date` the text `YYYY-MM-DD`, `numeric` text, `bytea` a `Buffer`, and
 * `int8` a number, or a bigint beyond 2^53 so that no digit is lost.
 */
export const columnParsers: Readonly<Record<number, (text: string) => unknown>> = {
  17: (text) => Buffer.from(text.slice(2), "hex"),
  20: parseInt8,
  1082: (text) => text,
};

function parseInt8(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}
