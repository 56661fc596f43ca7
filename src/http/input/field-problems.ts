import type { z } from "zod";
import { AppError } from "../../base/index.ts";
import type { FieldProblem } from "../../contract/index.ts";
import { isNameable, nameKey } from "./nameable-key.ts";

const problemsMax = 50;

type Issue = z.core.$ZodIssue;

/** Checks a value against a schema; throws `validation_failed` with one problem per field. */
export function checkInput<T extends z.ZodType>(schema: T, value: unknown, place: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationFailed(result.error, place);
}

/** `place` names what was checked when the problem is the whole of it: body, query or path. */
export function validationFailed(error: z.core.$ZodError, place: string): AppError {
  const fields = error.issues.flatMap((issue) => describeIssue(issue, [], place)).slice(0, problemsMax);
  return new AppError("validation_failed", {
    message: "The request is not valid; `fields` says what is wrong with it.",
    fields,
  });
}

function describeIssue(issue: Issue, prefix: readonly PropertyKey[], place: string): FieldProblem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return closestBranch(issue.errors).flatMap((inner) => describeIssue(inner, path, place));
  }
  return [{ path: pathText(path) || place, message: messageOf(issue, path.length === 0) }];
}

/** Of a union, the branch that the value misses by least is the one that was meant. */
function closestBranch(branches: Issue[][]): Issue[] {
  return branches.reduce((best, branch) => (branch.length < best.length ? branch : best));
}

function messageOf(issue: Issue, whole: boolean): string {
  if (whole && issue.code === "invalid_type") return "A JSON object is needed.";
  if (issue.code === "unrecognized_keys") {
    return describeUnknown(issue.keys);
  }
  return shorten(issue.message);
}

/** Equal descriptions of what cannot be named are told once, with their number. */
function describeUnknown(keys: readonly string[]): string {
  const named = keys.filter(isNameable).slice(0, 10);
  const unnamed = keys.filter((key) => !isNameable(key));
  const [first] = unnamed;
  const others = unnamed.length === 1 ? nameKey(first!) : `${unnamed.length} names that are not shown`;
  return `Not known here: ${[...named, ...(first === undefined ? [] : [others])].join(", ")}.`;
}

/** Messages may be of any length, and so may paths: a caller decides how deep they go. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

function pathText(path: readonly PropertyKey[]): string {
  return shorten(path.map((part) => (typeof part === "number" ? part : nameKey(String(part)))).join("."));
}
