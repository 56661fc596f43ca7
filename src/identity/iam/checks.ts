import { iamErrors } from "./errors.ts";

/** Undefined when the value keeps the constraint, or is not there. */
export type Problem = string | undefined;

/** Throws ValidationError with AWS's sentence about all problems at once. */
export function check(...problems: readonly Problem[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length === 0) return;
  const count = `${found.length} validation error${found.length === 1 ? "" : "s"} detected`;
  throw iamErrors.validation(`${count}: ${found.join("; ")}`);
}

export function lengthOf(name: string, value: string | undefined, min: number, max: number): Problem {
  if (value === undefined || (value.length >= min && value.length <= max)) return undefined;
  const bound = value.length < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  return failed(name, value, `Member must have length ${bound}`);
}

export function rangeOf(name: string, value: number | undefined, min: number, max: number): Problem {
  if (value === undefined || (value >= min && value <= max)) return undefined;
  const bound = value < min ? `greater than or equal to ${min}` : `less than or equal to ${max}`;
  return failed(name, String(value), `Member must have value ${bound}`);
}

export function oneOf(name: string, value: string | undefined, allowed: readonly string[]): Problem {
  if (value === undefined || allowed.includes(value)) return undefined;
  return failed(name, value, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
}

export function patternOf(name: string, value: string | undefined, pattern: RegExp): Problem {
  if (value === undefined || pattern.test(value)) return undefined;
  const shown = pattern.source.replace(/^\^|\$$/g, "");
  return failed(name, value, `Member must satisfy regular expression pattern: ${shown}`);
}

function failed(name: string, value: string, constraint: string): string {
  // What is too long is not said back at length.
  return `Value '${value.slice(0, 256)}' at '${name}' failed to satisfy constraint: ${constraint}`;
}

/** Names of users, under the name of the member that holds one. */
export function checkUserName(name: string, value: string | undefined, max = 128): void {
  check(lengthOf(name, value, 1, max));
  if (value === undefined || /^[\w+=,.@-]+$/.test(value)) return;
  throw iamErrors.validation(
    `The specified value for ${name} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

/** The beginning of paths, which need not end with a slash. */
export function checkPathPrefix(name: string, value: string | undefined): void {
  check(lengthOf(name, value, 1, 512), patternOf(name, value, /^\/[!-\x7F]*$/));
}

export function checkPath(name: string, value: string | undefined): void {
  check(lengthOf(name, value, 1, 512));
  if (value === undefined || value === "/" || /^\/[!-\x7E]+\/$/.test(value)) return;
  throw iamErrors.validation(
    `The specified value for ${name} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
  );
}
