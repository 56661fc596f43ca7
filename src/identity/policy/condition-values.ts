import { booleanType } from "./operators/boolean.ts";
import type { Operator, ValueType } from "./operators/operator.ts";
import { parseTemplate, plainTemplate, type Template } from "./template.ts";

/** Undefined stands for `Null`, which compares nothing. */
type AnyOperator = Operator | undefined;

/** A value of a condition, cut at its variables where the version of the policy and the operator know any. Throws PolicyProblem. */
export function readValue(text: string, operator: AnyOperator, variables: boolean, path: string): Template {
  return variables && operator?.variables ? parseTemplate(text, path) : plainTemplate(text);
}

/**
 * The type that a value breaks, so that its operator can never meet it, whatever the request: `soon` as a date. Of a value
 * with a variable this shows only when it is asked.
 */
export function findBrokenType(value: Template, operator: AnyOperator): ValueType | undefined {
  const type = operator ? operator.valueType : booleanType;
  return type && value.constant && !type.accepts(value.constant.text) ? type : undefined;
}

export function isIncomparable(broken: ValueType | undefined): boolean {
  return broken !== undefined && !broken.comparesAnyText;
}
