import { checkInput, rules } from "./checks.ts";

/** Groups that have the key, with one of the values when there are any. */
export interface TagFilter {
  readonly key: string;
  /** `!` in front negates, `*` at either end stands for any text. */
  readonly values?: readonly string[];
}

type Tags = Readonly<Record<string, string>>;

/** All filters have to fit. Throws InvalidParameterException. */
export function parseTagFilters(filters: readonly TagFilter[] | undefined): (tags: Tags) => boolean {
  if (!filters) return () => true;
  const checks = checkInput().size("logGroupTags", filters.length, { min: 1, max: 5 });
  for (const [index, filter] of filters.entries()) {
    const path = `logGroupTags.${index + 1}.member`;
    // A list may hold null, whatever its schema says.
    const { key, values } = filter ?? { key: null };
    checks.text(`${path}.key`, key, rules.tagKey).size(`${path}.values`, values?.length, { min: 0, max: 5 });
    for (const [at, value] of (values ?? []).entries())
      checks.text(`${path}.values.${at + 1}.member`, value, rules.tagFilterValue);
  }
  checks.done();
  return (tags) => filters.every((filter) => fits(tags, filter));
}

function fits(tags: Tags, { key, values = [] }: TagFilter): boolean {
  const value = Object.hasOwn(tags, key) ? tags[key]! : undefined;
  if (value === undefined) return false;
  return values.length === 0 || values.some((pattern) => fitsValue(value, pattern));
}

function fitsValue(value: string, pattern: string): boolean {
  if (pattern.startsWith("!")) return !fitsValue(value, pattern.slice(1));
  const isOpenStart = pattern.startsWith("*");
  const isOpenEnd = pattern.endsWith("*") && pattern.length > 1;
  const text = pattern.slice(isOpenStart ? 1 : 0, isOpenEnd ? -1 : undefined);
  if (isOpenStart && isOpenEnd) return value.includes(text);
  if (isOpenStart) return value.endsWith(text);
  return isOpenEnd ? value.startsWith(text) : value === text;
}
