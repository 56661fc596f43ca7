import { matchesWildcard, type WildcardPattern } from "../wildcard.ts";
import { type Operator, pair } from "./operator.ts";

const matches = (actual: string, expected: WildcardPattern): boolean => {
  const patterns = componentsOf(expected);
  const components = componentsOf({ text: actual });
  if (patterns.length < 6 || components.length < 6) return false;
  return patterns.every(({ text, literals }, i) =>
    matchesWildcard(text, components[i]?.text ?? "", literals),
  );
};

/** Both spellings mean the same to AWS, wildcards included. */
export const arnOperators: readonly Operator[] = [
  ...pair("ArnEquals", "ArnNotEquals", { variables: true, valueType: undefined, matches }),
  ...pair("ArnLike", "ArnNotLike", { variables: true, valueType: undefined, matches }),
];

/** The six parts of an ARN, each compared by itself: a wildcard does not reach across the first five colons. */
function componentsOf(arn: WildcardPattern): readonly WildcardPattern[] {
  const components: WildcardPattern[] = [];
  let from = 0;
  while (components.length < 5) {
    const colon = arn.text.indexOf(":", from);
    if (colon < 0) break;
    components.push(cut(arn, from, colon));
    from = colon + 1;
  }
  components.push(cut(arn, from, arn.text.length));
  return components;
}

function cut({ text, literals }: WildcardPattern, from: number, to: number): WildcardPattern {
  const inside = [...(literals ?? [])].filter((position) => position >= from && position < to);
  return { text: text.slice(from, to), literals: new Set(inside.map((position) => position - from)) };
}
