import { fieldCases } from "./field-cases.ts";
import { jsonCases } from "./json-cases.ts";
import type { PatternCase } from "./pattern-case.ts";
import { expressionCases, termCases } from "./text-cases.ts";

export const patternCases: readonly PatternCase[] = [
  ...termCases,
  ...expressionCases,
  ...jsonCases,
  ...fieldCases,
];
