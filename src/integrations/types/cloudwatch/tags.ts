import type { CloudWatchConfig } from "./config.ts";

export type Tags = Readonly<Record<string, string>>;

/** Whether a resource with these tags is wanted. */
export type Selection = (tags: Tags) => boolean;

/**
 * Any pair of the map or of the expression (`k1=v1, k1=v2, k3=v3`, split at the first `=`) selects; with no pair there is no
 * selection and everything is wanted.
 */
export function selectionOf(map: Tags, expression: string | undefined): Selection | undefined {
  const pairs = [...Object.entries(map), ...parseExpression(expression ?? "")];
  if (pairs.length === 0) return undefined;
  return (tags) => pairs.some(([key, value]) => tags[key] === value);
}

export function parseExpression(expression: string): [string, string][] {
  return expression
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair.indexOf("=") > 0)
    .map((pair) => {
      const sign = pair.indexOf("=");
      return [pair.slice(0, sign).trim(), pair.slice(sign + 1).trim()];
    });
}

export function instanceSelection(config: CloudWatchConfig): Selection | undefined {
  return selectionOf(config.instanceSelectionTags, config.instanceSelectionTagsExpr);
}

export function volumeSelection(config: CloudWatchConfig): Selection | undefined {
  return selectionOf(config.volumeSelectionTags, config.volumeSelectionTagsExpr);
}

/** Key and value of a point tag together. */
const pointTagCharactersMax = 254;

/**
 * Point tags in the shape stores and clients expect: keys of `[A-Za-z0-9_.-]`, no empty values, at most 254 characters a
 * pair. What does not fit is trimmed or dropped; a point is never refused for its tags.
 */
export function toPointTags(tags: Tags): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [rawKey, rawValue] of Object.entries(tags)) {
    const key = rawKey.replace(/[^\w.-]/g, "_").slice(0, 128);
    const value = rawValue.trim().slice(0, pointTagCharactersMax - key.length);
    if (key !== "" && value !== "") result[key] = value;
  }
  return result;
}
