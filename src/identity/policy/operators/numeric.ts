import type { Operator } from "./operator.ts";
import { orderedOperators } from "./ordered.ts";

/** Compared as numbers: `01` is `1`. */
export const numericOperators: readonly Operator[] = orderedOperators("Numeric", "number", readNumber);

function readNumber(text: string): number | undefined {
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
