import type { FieldProblem } from "@nephoscope/contract";

const problemStart =
  /(?:^|\s)((?:cloudWatch|baseCredentials|additionalTags|serviceRefreshRateInMins|credentialId|service|name)(?:\.[\w-]+)*): /g;

/**
 * Takes apart the one message that the envelope of `/api/v2` has room for: `text path: text path: text …`. The fields are
 * empty for a message about none.
 */
export function readEnvelopeMessage(message: string): { summary: string; fields: FieldProblem[] } {
  const starts = [...message.matchAll(problemStart)];
  const problems = new Map<string, FieldProblem>();
  starts.forEach((start, index) => {
    const path = start[1] ?? "";
    const text = message.slice(start.index + start[0].length, starts[index + 1]?.index).trim();
    problems.set(`${path} ${text}`, { path, message: text });
  });
  return {
    summary: message.slice(0, starts[0]?.index).trim() || "Some fields need attention.",
    fields: [...problems.values()],
  };
}
