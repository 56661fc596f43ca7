import type { ContextValue } from "../../contract/index.ts";
import type { CompiledCondition, CompiledStatement } from "./compile.ts";
import { readBoolean } from "./operators/boolean.ts";
import type { Operator } from "./operators/operator.ts";
import { resolveTemplate } from "./template.ts";
import type { WildcardPattern } from "./wildcard.ts";

/** Values by condition key in lower case. */
export type ContextLookup = Pick<ReadonlyMap<string, ContextValue>, "get">;

/** What is known of a request. */
export interface RequestContext {
  /** The values of a key; undefined when it is not in the request. A set without members is as good as none. */
  values(contextKey: string): readonly string[] | undefined;
  /** The value of a policy variable; a key with a set of values has none. */
  variable(key: string): string | undefined;
}

export function readContext(context: ContextLookup): RequestContext {
  return {
    values: (contextKey) => {
      const value = context.get(contextKey);
      if (value === undefined) return undefined;
      if (typeof value !== "object") return [String(value)];
      return value.length > 0 ? value : undefined;
    },
    variable: (key) => {
      const value = context.get(key.toLowerCase());
      return value === undefined || typeof value === "object" ? undefined : String(value);
    },
  };
}

/**
 * Whether one line of a Condition block lets its statement apply. Policies with a line that cannot be read are refused, but
 * some may have been stored before they were; then a Deny binds, and an Allow gives no more than its other values do.
 */
export function applies(
  condition: CompiledCondition,
  effect: CompiledStatement["effect"],
  context: RequestContext,
): boolean {
  return (condition.isBroken && effect === "Deny") || holds(condition, context);
}

/** Whether one line of a Condition block holds; lines are joined by AND, the values of a line by OR. */
function holds(condition: CompiledCondition, context: RequestContext): boolean {
  const actual = context.values(condition.contextKey);
  const { operator } = condition;
  if (!operator) return holdsNull(condition, actual === undefined);
  if (!actual) return holdsWithoutKey(condition, operator);
  const expected = resolveAll(condition, operator, context);
  if (!expected) return false;
  const meets = (value: string) => (operator.negated ? meetsNone : meetsOne)(operator, value, expected);
  // AWS leaves open what a set means to an operator without a quantifier. Here all members must differ for a Not, and
  // one must match else, so that a set is compared as its members would be one by one.
  const all = condition.quantifier === "ForAllValues" || (!condition.quantifier && operator.negated);
  return all ? actual.every(meets) : actual.some(meets);
}

function holdsNull(condition: CompiledCondition, isMissing: boolean): boolean {
  return condition.values.some((value) => readBoolean(value.constant?.text ?? "") === isMissing);
}

/** A key that is not there equals nothing, so that only a Not holds; ForAllValues holds for want of a counter-example. */
function holdsWithoutKey({ quantifier, ifExists }: CompiledCondition, operator: Operator): boolean {
  if (ifExists || quantifier === "ForAllValues") return true;
  return quantifier === undefined && operator.negated;
}

/**
 * A value whose variable has no value can match nothing, and of a value that cannot be known a Not says nothing either:
 * undefined, for the condition cannot hold.
 */
function resolveAll(
  condition: CompiledCondition,
  operator: Operator,
  context: RequestContext,
): readonly WildcardPattern[] | undefined {
  const resolved: WildcardPattern[] = [];
  for (const value of condition.values) {
    const pattern = resolveTemplate(value, context.variable);
    if (pattern) resolved.push(pattern);
    else if (operator.negated) return undefined;
  }
  return resolved;
}

function meetsOne(operator: Operator, actual: string, expected: readonly WildcardPattern[]): boolean {
  return expected.some((pattern) => operator.matches(actual, pattern) === true);
}

function meetsNone(operator: Operator, actual: string, expected: readonly WildcardPattern[]): boolean {
  return expected.every((pattern) => operator.matches(actual, pattern) === false);
}
