import type { FieldProblem } from "@nephoscope/contract";

const problemStart =
  /(?:^|\s)((?:cloudWatch|additionalTags|serviceRefreshRateInMins|credentialId|service|name)(?:\.[\w-]+)*): /g;

/**
 * Field problems in the one message that the envelope of `/api/v2` has room for: `path: text path: text …`. Empty for a
 * message of another kind.
 */
export function problemsOfMessage(message: string): FieldProblem[] {
  const starts = [...message.matchAll(problemStart)];
  const problems = new Map<string, FieldProblem>();
  starts.forEach((start, index) => {
    const path = start[1] ?? "";
    const text = message.slice(start.index + start[0].length, starts[index + 1]?.index).trim();
    problems.set(`${path} ${text}`, { path, message: text });
  });
  return [...problems.values()];
}
