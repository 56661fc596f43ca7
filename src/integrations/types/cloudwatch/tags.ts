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

/** Tags whose value names an instance better than its id does, unless the settings name others. */
export const defaultHostNameTags: readonly string[] = ["hostname", "host", "name"];

/**
 * What an instance is called: the value of the first of these tags that it has, in any case of the key, since AWS's own
 * console writes `Name`.
 */
export function hostNameOf(tags: Tags, names: readonly string[] = defaultHostNameTags): string | undefined {
  const values = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value.trim()]));
  return names.map((name) => values.get(name.toLowerCase())).find(Boolean);
}
