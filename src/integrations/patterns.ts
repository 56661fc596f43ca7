import { RE2JS } from "re2js";
import { AppError } from "../base/index.ts";

export interface Pattern {
  /** Whole text, any case. */
  matches(text: string): boolean;
}

/**
 * Compiles an expression of a user. The engine takes linear time whatever the expression, so none can hang us; the price is
 * that look-around and back-references do not exist. Empty text matches everything. Throws `pattern_invalid`.
 */
export function compilePattern(expression: string, field: string): Pattern {
  if (expression === "") return { matches: () => true };
  try {
    const compiled = RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
    return { matches: (text) => compiled.matches(text) };
  } catch (error) {
    const message = `${field} is not a regular expression we can use: ${describe(error)}.`;
    throw new AppError("pattern_invalid", { message, fields: [{ path: field, message }], cause: error });
  }
}

/** The engine's own words without the expression, which the caller has in front of him. */
function describe(error: unknown): string {
  const description = (error as { description?: unknown }).description;
  if (typeof description === "string") return description;
  return error instanceof Error
    ? error.message.split("`")[0]!.trim().replace(/:$/, "")
    : "it does not compile";
}
