import type { Operations } from "./deps.ts";

/** IAM's times have no fraction of a second, and some clients read no other. */
export function withWholeSeconds(operations: Operations): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      {
        ...operation,
        handle: async (input, call) => cutSeconds(await operation.handle(input, call)) as object,
      } satisfies Operations[string],
    ]),
  );
}

function cutSeconds(value: unknown): unknown {
  if (value instanceof Date) return new Date(Math.floor(value.getTime() / 1000) * 1000);
  if (Array.isArray(value)) return value.map(cutSeconds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cutSeconds(member)]));
}
