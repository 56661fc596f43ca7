/**
 * The one table of error codes. A code names what went wrong; `status` is the HTTP status of the REST
 * protocol, `fault` says whose turn it is to act. `retryAfterMs` is sent as `Retry-After` where present.
 * `docs/reference/errors.md` is generated from this table.
 */
export interface ErrorSpec {
  readonly status: number;
  readonly fault: "caller" | "server";
  readonly retryAfterMs?: number;
  /** One sentence for the manual: when a caller meets this code, and what to do about it. */
  readonly doc: string;
}

export const errorCodes = {
  validation_failed: {
    status: 400,
    fault: "caller",
    doc: "A field of the request is missing, malformed or out of bounds; `fields` names each one.",
  },
  malformed_json: {
    status: 400,
    fault: "caller",
    doc: "The body is not valid UTF-8 JSON, or is nested deeper than 64 levels.",
  },
  unsupported_media_type: {
    status: 415,
    fault: "caller",
    doc: "The content type or content encoding of the body is not supported.",
  },
  body_too_large: { status: 413, fault: "caller", doc: "The body exceeds the limit of the route." },
  header_conflict: {
    status: 400,
    fault: "caller",
    doc: "A security-relevant header occurs more than once, or an Idempotency-Key came before with another body.",
  },
  unauthenticated: {
    status: 401,
    fault: "caller",
    doc: "No credentials were sent, or they are unknown, expired or revoked. Sign in again or create a new token.",
  },
  login_failed: { status: 401, fault: "caller", doc: "The user name or the password is wrong." },
  login_rate_limited: {
    status: 429,
    fault: "caller",
    retryAfterMs: 30_000,
    doc: "Too many failed sign-ins for this user or address. Wait, then try again.",
  },
  csrf_rejected: {
    status: 403,
    fault: "caller",
    doc: "A state-changing request with a session cookie came from another origin or lacks the CSRF token.",
  },
  access_denied: {
    status: 403,
    fault: "caller",
    doc: "The caller is known, but no policy allows the operation; the message names the operation and the policies that were checked.",
  },
  route_not_found: {
    status: 404,
    fault: "caller",
    doc: "No such path. The API is described at `/api-docs`.",
  },
  method_not_allowed: { status: 405, fault: "caller", doc: "The path exists, but not with this method." },
  malformed_request: {
    status: 400,
    fault: "caller",
    doc: "The request is not HTTP as this server accepts it: its target is not a plain path, or its framing is broken.",
  },
  request_timed_out: {
    status: 408,
    fault: "caller",
    doc: "The request did not arrive in time; headers have 10 seconds, the whole request 30.",
  },
  headers_too_large: { status: 431, fault: "caller", doc: "The headers of the request exceed 16 KiB." },
  credential_not_found: { status: 404, fault: "caller", doc: "No credential has this id." },
  integration_not_found: {
    status: 404,
    fault: "caller",
    doc: "No cloud integration has this id, or it is in the trash.",
  },
  external_id_not_found: {
    status: 404,
    fault: "caller",
    doc: "The external ID does not exist or has expired unused.",
  },
  output_not_enabled: {
    status: 404,
    fault: "caller",
    doc: "The integration does not offer its metrics to scrapers. Switch `openMetrics` on in its outputs.",
  },
  run_not_found: { status: 404, fault: "caller", doc: "No run has this id." },
  token_not_found: { status: 404, fault: "caller", doc: "No REST token has this id." },
  user_not_found: { status: 404, fault: "caller", doc: "No user has this name." },
  log_group_not_found: { status: 404, fault: "caller", doc: "No log group has this name." },
  log_stream_not_found: {
    status: 404,
    fault: "caller",
    doc: "The log group has no log stream of this name.",
  },
  api_key_not_found: { status: 404, fault: "caller", doc: "No API key has this id." },
  api_key_expired: {
    status: 409,
    fault: "caller",
    doc: "The API key has expired, and such a key can only be deleted. Create a new one.",
  },
  deletion_protected: {
    status: 409,
    fault: "caller",
    doc: "The log group is protected against deletion. Switch the protection off first.",
  },
  filter_pattern_invalid: {
    status: 400,
    fault: "caller",
    doc: "The filter pattern cannot be read; the path in `fields` is `pattern.` and the place of the first character that is wrong, from 0.",
  },
  name_taken: { status: 409, fault: "caller", doc: "Another record of this kind has the same name." },
  last_administrator: {
    status: 409,
    fault: "caller",
    doc: "This user is the only one with AdministratorAccess; give it to another user first.",
  },
  limit_exceeded: {
    status: 409,
    fault: "caller",
    doc: "There are as many records of this kind as the server keeps; delete one that is no longer used.",
  },
  version_conflict: {
    status: 409,
    fault: "caller",
    doc: "The record was changed by somebody else since it was read. Read it again and repeat the change.",
  },
  credential_in_use: {
    status: 409,
    fault: "caller",
    doc: "The credential is used by the integrations that `fields` lists. Point them elsewhere or delete them first.",
  },
  external_id_in_use: {
    status: 409,
    fault: "caller",
    doc: "A credential or an integration still presents this external ID.",
  },
  credential_read_only: {
    status: 409,
    fault: "caller",
    doc: "The credential comes from an imported file marked read-only; change the file and import it again.",
  },
  auth_method_not_allowed: {
    status: 403,
    fault: "caller",
    doc: "The operator does not allow this authentication method (`NEPHO_ALLOWED_AUTH_METHODS`).",
  },
  assume_role_disabled: {
    status: 403,
    fault: "caller",
    doc: "The operator has switched role assumption off (`NEPHO_ASSUME_ROLE_ENABLED`).",
  },
  endpoint_not_allowed: {
    status: 400,
    fault: "caller",
    doc: "The URL points to an address that the server may not connect to (`NEPHO_ALLOW_PRIVATE_ENDPOINTS`).",
  },
  secret_required: {
    status: 422,
    fault: "caller",
    doc: "The change needs the secret again: a new access key ID, or an endpoint or proxy on another host.",
  },
  credentials_rejected: {
    status: 400,
    fault: "caller",
    doc: "AWS did not accept the credentials, or the role could not be assumed; the message carries cause and advice.",
  },
  pattern_invalid: {
    status: 400,
    fault: "caller",
    doc: "The regular expression does not compile. Look-around and back-references are not supported.",
  },
  query_too_large: {
    status: 400,
    fault: "caller",
    doc: "The query would read or return more than the server allows; narrow the range, raise the step or add filters.",
  },
  query_timed_out: {
    status: 504,
    fault: "server",
    doc: "The query ran longer than allowed and was stopped; narrow it.",
  },
  rate_limited: {
    status: 429,
    fault: "caller",
    retryAfterMs: 1_000,
    doc: "Too many requests from this caller.",
  },
  integration_busy: {
    status: 409,
    fault: "caller",
    retryAfterMs: 5_000,
    doc: "A run of this integration is already queued or under way.",
  },
  master_key_mismatch: {
    status: 503,
    fault: "server",
    doc: "The master key does not open the vault; the message names the key id that is missing.",
  },
  secret_unreadable: {
    status: 500,
    fault: "server",
    doc: "A sealed secret could not be opened: it was damaged or moved. Enter the secret again.",
  },
  rotation_running: { status: 409, fault: "caller", doc: "A vault rotation is already under way." },
  configuration_invalid: {
    status: 500,
    fault: "server",
    doc: "The settings do not go together; the message names them.",
  },
  store_unavailable: {
    status: 503,
    fault: "server",
    retryAfterMs: 2_000,
    doc: "A store does not answer or cannot write; nothing was changed. Try again.",
  },
  storage_full: {
    status: 503,
    fault: "server",
    retryAfterMs: 10_000,
    doc: "The disk of the data directory is full or nearly full; nothing can be written, or recorded, until there is room.",
  },
  data_directory_locked: {
    status: 503,
    fault: "server",
    doc: "Another process holds the data directory; the message names it. Stop that process or choose another `NEPHO_DATA_DIR`.",
  },
  schema_newer: {
    status: 503,
    fault: "server",
    doc: "The store was written by a newer version than this one. Start the newer version, or restore a backup.",
  },
  schema_changed: {
    status: 503,
    fault: "server",
    doc: "A migration that the store records is not the one of this version. Start the version that created the store.",
  },
  overloaded: {
    status: 503,
    fault: "server",
    retryAfterMs: 1_000,
    doc: "The server is at a limit that protects its memory. Try again.",
  },
  shutting_down: { status: 503, fault: "server", retryAfterMs: 2_000, doc: "The server is stopping." },
  internal: {
    status: 500,
    fault: "server",
    doc: "An unexpected error. The request id finds it in the server's log.",
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof errorCodes;

/** One thing wrong with one field; `path` is dotted, as in `roleChain.0.roleArn`. */
export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}
