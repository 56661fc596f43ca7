import type { CloudIntegration, SearchRequest } from "../contract/index.ts";

type Condition = NonNullable<NonNullable<SearchRequest["query"]>[number]>;
type Sort = NonNullable<SearchRequest["sort"]>;
type Method = "CONTAINS" | "STARTSWITH" | "EXACT" | "TAGPATH";

/** True when the integration meets every condition. None, null and an empty list mean everything. */
export function meets(
  integration: CloudIntegration,
  conditions: readonly Condition[] | null | undefined,
): boolean {
  return (conditions ?? []).every((condition) => meetsOne(integration, condition));
}

function meetsOne(integration: CloudIntegration, condition: Condition): boolean {
  return matchesOne(integration, condition) !== (condition.negated ?? false);
}

function matchesOne(integration: CloudIntegration, condition: Condition): boolean {
  const { start, end } = condition;
  if (isGiven(start) || isGiven(end)) return isInRange(valueAt(integration, condition.key), start, end);
  const wanted = condition.values?.length ? condition.values : [condition.value ?? ""];
  const method = condition.matchingMethod ?? "CONTAINS";
  const found = textsAt(integration, condition.key);
  return found.some((text) => wanted.some((value) => matchesText(text, value, method)));
}

function isGiven(bound: number | null | undefined): bound is number {
  return bound !== null && bound !== undefined;
}

/** What is no number is in no range. */
function isInRange(
  value: unknown,
  start: number | null | undefined,
  end: number | null | undefined,
): boolean {
  return typeof value === "number" && value >= (start ?? -Infinity) && value <= (end ?? Infinity);
}

/** EXACT minds case, as ids and enumerated values do; the others are for people and do not. */
export function matchesText(text: string, wanted: string, method: Method): boolean {
  if (method === "EXACT") return text === wanted;
  const [folded, part] = [text.toLowerCase(), wanted.toLowerCase()];
  if (method === "CONTAINS") return folded.includes(part);
  if (method === "STARTSWITH") return folded.startsWith(part);
  return folded === part || folded.startsWith(`${part}.`);
}

/**
 * The values under a key, as text. `freetext` is every value of the object; a dotted key goes into objects; a list gives each
 * of its elements. Integrations carry no tags, so `tags` and `tagpath` find nothing.
 */
export function textsAt(integration: CloudIntegration, key: string): string[] {
  if (key === "freetext") return leaves(integration);
  return leaves(valueAt(integration, key));
}

/** A name that itself has dots, as keys of tag maps do, is tried before it is taken apart. */
function valueAt(value: unknown, path: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path];
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (Object.hasOwn(value, head))
      return valueAt((value as Record<string, unknown>)[head], path.slice(dot + 1));
  }
  return undefined;
}

function leaves(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "object") return Object.values(value).flatMap(leaves);
  return [String(value)];
}

/** A new list in the asked order; what has no value comes last, ties keep the order they came in. */
export function sortBy(
  integrations: readonly CloudIntegration[],
  sort: Sort | null | undefined,
): CloudIntegration[] {
  if (!sort) return [...integrations];
  const sign = sort.ascending === false ? -1 : 1;
  return integrations
    .map((integration) => ({ integration, key: valueAt(integration, sort.field) }))
    .sort((a, b) => compareValues(a.key, b.key, sign))
    .map(({ integration }) => integration);
}

function compareValues(a: unknown, b: unknown, sign: number): number {
  const [aMissing, bMissing] = [!isComparable(a), !isComparable(b)];
  if (aMissing || bMissing) return Number(aMissing) - Number(bMissing);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  const [left, right] = [String(a).toLowerCase(), String(b).toLowerCase()];
  return left === right ? 0 : sign * (left < right ? -1 : 1);
}

function isComparable(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The different values of a property, in order, that match the facet's own question. */
export function facetValues(
  integrations: readonly CloudIntegration[],
  facet: string,
  wanted: string | null | undefined,
  method: Method | null | undefined,
): string[] {
  const values = new Set(integrations.flatMap((integration) => textsAt(integration, facet)));
  return [...values]
    .filter((value) => matchesText(value, wanted ?? "", method ?? "CONTAINS") || !wanted)
    .sort();
}
