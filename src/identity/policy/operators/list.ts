import { arnOperators } from "./arn.ts";
import { binaryOperators } from "./binary.ts";
import { booleanOperators } from "./boolean.ts";
import { dateOperators } from "./date.ts";
import { ipAddressOperators } from "./ip-address.ts";
import { numericOperators } from "./numeric.ts";
import type { Operator } from "./operator.ts";
import { stringOperators } from "./string.ts";

/** All but `Null`, which asks whether there is a value and compares none. */
const operators: ReadonlyMap<string, Operator> = new Map(
  [
    ...stringOperators,
    ...numericOperators,
    ...dateOperators,
    ...booleanOperators,
    ...binaryOperators,
    ...ipAddressOperators,
    ...arnOperators,
  ].map((operator) => [operator.name.toLowerCase(), operator]),
);

export const nullOperator = "Null";

/** By its name in any letter case. */
export function findOperator(name: string): Operator | undefined {
  return operators.get(name.toLowerCase());
}

export const operatorNames: readonly string[] = [
  ...[...operators.values()].map((operator) => operator.name),
  nullOperator,
];
