import { type Operator, pair } from "./operator.ts";

/** The six comparisons of a type whose values have an order, under the name that sentences give to one of them; `read` gives undefined for what is no such value. */
export function orderedOperators(
  type: string,
  noun: string,
  read: (text: string) => number | undefined,
): readonly Operator[] {
  const comparing = (holds: (actual: number, expected: number) => boolean) => ({
    variables: false,
    valueType: { noun, accepts: (text: string) => read(text) !== undefined },
    matches: (actual: string, expected: { readonly text: string }) => {
      const left = read(actual);
      const right = read(expected.text);
      return left === undefined || right === undefined ? undefined : holds(left, right);
    },
  });
  const one = (name: string, holds: (actual: number, expected: number) => boolean): Operator => ({
    name: `${type}${name}`,
    negated: false,
    ...comparing(holds),
  });
  return [
    ...pair(
      `${type}Equals`,
      `${type}NotEquals`,
      comparing((actual, expected) => actual === expected),
    ),
    one("LessThan", (actual, expected) => actual < expected),
    one("LessThanEquals", (actual, expected) => actual <= expected),
    one("GreaterThan", (actual, expected) => actual > expected),
    one("GreaterThanEquals", (actual, expected) => actual >= expected),
  ];
}
