import { matchesWildcard, type WildcardPattern } from "../wildcard.ts";
import { type Operator, pair, type ValueType } from "./operator.ts";

const matches = (actual: string, expected: WildcardPattern): boolean => {
  const components = componentsOf({ text: actual });
  if (components.length < 6) return false;
  if (isAnyArn(expected)) return true;
  const patterns = componentsOf(expected);
  return (
    patterns.length === 6 &&
    patterns.every(({ text, literals }, i) => matchesWildcard(text, components[i]?.text ?? "", literals))
  );
};

/** What is refused here could match no ARN whatever the request. */
const arnType: ValueType = {
  noun: "ARN",
  accepts: (text) => {
    const [prefix, ...others] = componentsOf({ text });
    return text === "*" || (others.length === 5 && matchesWildcard(prefix?.text ?? "", "arn"));
  },
  comparesAnyText: true,
};

/** Both spellings mean the same to AWS, wildcards included. */
export const arnOperators: readonly Operator[] = [
  ...pair("ArnEquals", "ArnNotEquals", { variables: true, valueType: arnType, matches }),
  ...pair("ArnLike", "ArnNotLike", { variables: true, valueType: arnType, matches }),
];

function isAnyArn({ text, literals }: WildcardPattern): boolean {
  return text === "*" && !literals?.has(0);
}

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
