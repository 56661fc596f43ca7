import type { Operator } from "./operator.ts";

/** Bytes, on both sides written in Base64. */
export const binaryOperators: readonly Operator[] = [
  {
    name: "BinaryEquals",
    negated: false,
    variables: false,
    valueType: { noun: "Base64 text", accepts: (text) => readBytes(text) !== undefined },
    matches: (actual, expected) => {
      const [left, right] = [readBytes(actual), readBytes(expected.text)];
      return left && right ? left.equals(right) : undefined;
    },
  },
];

function readBytes(text: string): Buffer | undefined {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, "base64") : undefined;
}
