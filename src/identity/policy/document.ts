import type { TextRange } from "./json.ts";

/** A policy that keeps the grammar, with its defaults and short forms written out. */
export interface PolicyDocument {
  /** `2008-10-17`, which is also what a policy without a version means, knows no variables. */
  readonly version: "2008-10-17" | "2012-10-17";
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: NegatablePatterns;
  readonly resources: NegatablePatterns;
  readonly conditions: readonly PolicyCondition[];
  /** Where the statement stands in the text of the policy. */
  readonly range: TextRange;
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface NegatablePatterns {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

export interface PolicyCondition {
  /** As the operator is called in AWS's manual, without prefix and suffix. */
  readonly operator: string;
  readonly quantifier: "ForAllValues" | "ForAnyValue" | undefined;
  readonly ifExists: boolean;
  /** As it is written. */
  readonly key: string;
  readonly values: readonly string[];
}
