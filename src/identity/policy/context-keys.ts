import type { CompiledPolicy } from "./compile.ts";

/** The condition keys that policies ask for, in conditions and in variables, each once and sorted. */
export function contextKeysOf(policies: readonly CompiledPolicy[]): string[] {
  const keys = new Map<string, string>();
  const add = (key: string) => {
    if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key);
  };
  for (const { conditions, resources } of policies.flatMap(({ statements }) => statements)) {
    for (const { key } of conditions) add(key);
    const templates = [...resources.patterns, ...conditions.flatMap(({ values }) => values)];
    for (const part of templates.flatMap(({ parts }) => parts)) {
      if (part.kind === "variable") add(part.key);
    }
  }
  return [...keys.values()].sort();
}
