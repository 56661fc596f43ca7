import { findBrokenType, isIncomparable, readValue } from "./condition-values.ts";
import type { PolicyDocument, PolicyStatement } from "./document.ts";
import type { TextRange } from "./json.ts";
import { findOperator } from "./operators/list.ts";
import type { Operator } from "./operators/operator.ts";
import { parseTemplate, plainTemplate, type Template } from "./template.ts";

/** A policy made ready to be asked often: patterns folded, variables found, operators looked up. */
export interface CompiledPolicy {
  readonly name: string;
  readonly arn: string | undefined;
  readonly statements: readonly CompiledStatement[];
}

export interface CompiledStatement {
  readonly policy: string;
  readonly policyArn: string | undefined;
  readonly sid: string | undefined;
  /** From 0, in the order of the text. */
  readonly index: number;
  readonly effect: "Allow" | "Deny";
  readonly range: TextRange;
  /** In lower case, since actions are compared without regard to case. */
  readonly actions: { readonly negated: boolean; readonly patterns: readonly string[] };
  readonly resources: { readonly negated: boolean; readonly patterns: readonly Template[] };
  readonly conditions: readonly CompiledCondition[];
}

export interface CompiledCondition {
  /** Undefined: `Null`, which compares nothing. */
  readonly operator: Operator | undefined;
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  readonly ifExists: boolean;
  readonly key: string;
  /** `key` in lower case, by which the context is looked up. */
  readonly contextKey: string;
  readonly values: readonly Template[];
  /** One of the values is none of the operator's type, and so cannot be compared: what the line was to say is not known. */
  readonly isBroken: boolean;
  /** Operator and key as they are written, for explanations. */
  readonly title: string;
}

export function compilePolicy(policy: {
  readonly name: string;
  readonly arn?: string | undefined;
  readonly document: PolicyDocument;
}): CompiledPolicy {
  const { name, arn, document } = policy;
  const variables = document.version === "2012-10-17";
  return {
    name,
    arn,
    statements: document.statements.map((statement, index) => ({
      policy: name,
      policyArn: arn,
      index,
      ...compileStatement(statement, variables),
    })),
  };
}

function compileStatement(
  statement: PolicyStatement,
  variables: boolean,
): Omit<CompiledStatement, "policy" | "policyArn" | "index"> {
  const { sid, effect, range, actions, resources, conditions } = statement;
  const template = (text: string) => (variables ? parseTemplate(text, "Resource") : plainTemplate(text));
  return {
    sid,
    effect,
    range,
    actions: { negated: actions.negated, patterns: actions.patterns.map((text) => text.toLowerCase()) },
    resources: { negated: resources.negated, patterns: resources.patterns.map(template) },
    conditions: conditions.map((condition) => compileCondition(condition, variables)),
  };
}

function compileCondition(
  condition: PolicyStatement["conditions"][number],
  variables: boolean,
): CompiledCondition {
  const { quantifier, ifExists, key, values } = condition;
  const operator = findOperator(condition.operator);
  const templates = values.map((text) => readValue(text, operator, variables, "Condition"));
  const prefix = quantifier === undefined ? "" : `${quantifier}:`;
  return {
    operator,
    quantifier,
    ifExists,
    key,
    contextKey: key.toLowerCase(),
    values: templates,
    isBroken: templates.some((value) => isIncomparable(findBrokenType(value, operator))),
    title: `${prefix}${condition.operator}${ifExists ? "IfExists" : ""} on ${key}`,
  };
}
