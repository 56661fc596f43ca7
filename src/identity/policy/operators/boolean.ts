import type { Operator, ValueType } from "./operator.ts";

export const booleanType: ValueType = {
  noun: "boolean",
  accepts: (text) => readBoolean(text) !== undefined,
};

export const booleanOperators: readonly Operator[] = [
  {
    name: "Bool",
    negated: false,
    variables: true,
    valueType: booleanType,
    matches: (actual, expected) => {
      const [left, right] = [readBoolean(actual), readBoolean(expected.text)];
      return left === undefined || right === undefined ? undefined : left === right;
    },
  },
];

export function readBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}
