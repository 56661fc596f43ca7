import { ApiError } from "../api/client.ts";

/** Shape of what a zod schema says about a value that does not fit. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Problems of a schema check as form errors, keyed by dotted path. The first problem of a field wins. */
export function errorsOfIssues(issues: readonly Issue[] | undefined): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of issues ?? []) errors[issue.path.map(String).join(".")] ??= issue.message;
  return errors;
}

/** Field problems of a refused request as form errors. */
export function errorsOfRefusal(error: unknown): Record<string, string> {
  return error instanceof ApiError
    ? Object.fromEntries(error.fields.map((field) => [field.path, field.message]))
    : {};
}
