import { matchesWildcard } from "../wildcard.ts";
import { type Operator, pair } from "./operator.ts";

/** Only the Like forms know wildcards: to StringEquals a star is a star. */
export const stringOperators: readonly Operator[] = [
  ...pair("StringEquals", "StringNotEquals", {
    variables: true,
    valueType: undefined,
    matches: (actual, expected) => actual === expected.text,
  }),
  ...pair("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", {
    variables: true,
    valueType: undefined,
    matches: (actual, expected) => actual.toLowerCase() === expected.text.toLowerCase(),
  }),
  ...pair("StringLike", "StringNotLike", {
    variables: true,
    valueType: undefined,
    matches: (actual, expected) => matchesWildcard(expected.text, actual, expected.literals),
  }),
];
