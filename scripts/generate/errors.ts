import { type ErrorSpec, errorCodes } from "../../src/contract/index.ts";

/** `docs/reference/errors.md`: each code once. */
export function renderErrors(): string {
  const rows = Object.entries(errorCodes as Record<string, ErrorSpec>).map(([code, spec]) => {
    const retry = spec.retryAfterMs === undefined ? "" : `${Math.ceil(spec.retryAfterMs / 1000)} s`;
    return `| \`${code}\` | ${spec.status} | ${spec.fault} | ${retry} | ${spec.doc} |`;
  });
  return `# Error codes

Every failed request names one of these codes. Below \`/api/v1\` the body is
\`{ "error": { "code", "message", "fields": [{ "path", "message" }], "requestId" } }\`; below \`/api/v2\` it is Wavefront's
envelope, where the message stands in \`status.message\` and a rate limit has status 406, because their clients repeat a
request after that status only. The header \`X-Request-Id\` is always there; it finds the request in the server's log.

| Code | Status | Whose turn | Retry after | When, and what to do |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
