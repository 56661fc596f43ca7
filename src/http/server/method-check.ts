import { AppError } from "../../base/index.ts";

/** Tells an unknown path from a known one with another method. */
export interface PathTable {
  add(method: string, pattern: string): void;
  methodsOf(path: string): string[];
}

export function createPathTable(): PathTable {
  const entries: { method: string; segments: string[] }[] = [];
  return {
    add: (method, pattern) => {
      entries.push({ method, segments: segmentsOf(pattern) });
    },
    methodsOf: (path) => {
      const segments = segmentsOf(path);
      const methods = entries
        .filter((entry) => matches(entry.segments, segments))
        .map((entry) => entry.method);
      return [...new Set(methods)].sort();
    },
  };
}

/** The error for a request that no route took. */
export function unroutedError(table: PathTable, method: string, path: string, advice?: string): AppError {
  const methods = table.methodsOf(path);
  if (methods.length === 0) return new AppError("route_not_found", advice ? { message: advice } : {});
  return new AppError("method_not_allowed", {
    message: `${method} is not possible here; use ${methods.join(", ")}.`,
    detail: { allow: methods.join(", ") },
  });
}

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, "").split("/");
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((segment, i) => segment === path[i] || (segment.startsWith(":") && path[i] !== ""))
  );
}
