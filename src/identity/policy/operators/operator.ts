import type { WildcardPattern } from "../wildcard.ts";

/** What an operator compares, where it is not any text. */
export interface ValueType {
  /** As `number`, for sentences. */
  readonly noun: string;
  readonly accepts: (text: string) => boolean;
  /** Such as ARNs: also of a text that is none it is known what it matches, namely nothing. */
  readonly comparesAnyText?: true;
}

/** How one condition operator compares one value of the request with one of the policy. */
export interface Operator {
  readonly name: string;
  /** The operator holds when none of the policy's values is met, not when one is. */
  readonly negated: boolean;
  /** Whether `${…}` in the policy's values is a variable. */
  readonly variables: boolean;
  /** Undefined: any text is a value. */
  readonly valueType: ValueType | undefined;
  /** Undefined when one of the two is no value of the operator's type; the condition is then false, negated or not. */
  readonly matches: (actual: string, expected: WildcardPattern) => boolean | undefined;
}

type Traits = Pick<Operator, "variables" | "valueType" | "matches">;

/** An operator and the one that says the opposite. */
export function pair(name: string, opposite: string, traits: Traits): readonly Operator[] {
  return [
    { name, negated: false, ...traits },
    { name: opposite, negated: true, ...traits },
  ];
}
