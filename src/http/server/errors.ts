import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError, toAppError } from "../../base/index.ts";
import type { ErrorCode } from "../../contract/index.ts";
import { protocolOf } from "../protocols/select.ts";
import type { ErrorAnswer, ErrorForm } from "./error-form.ts";
import { pathOf } from "./request-state.ts";

/** What the HTTP library refuses by itself, in our words. Any other error of its own is `internal`. */
const libraryErrors: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "malformed_request",
  FST_ERR_BAD_URL: "malformed_request",
  FST_ERR_MAX_PARAM_LENGTH: "route_not_found",
  ECONNRESET: "malformed_request",
};

/** The one place where an error becomes an answer. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  form: ErrorForm,
): FastifyReply {
  return sendAnswer(reply, (request.routeOptions.config.writeError ?? form.write)(error, request));
}

/** As bytes: the library would add a charset to a content type that senders compare as a whole, and check text by the schema. */
export function sendAnswer(reply: FastifyReply, { status, headers, body }: ErrorAnswer): FastifyReply {
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return reply.code(status).headers(headers).send(bytes);
}

/** The console's: REST's and Wavefront's envelopes, by path. */
export const consoleErrors: ErrorForm = {
  write: (error, request) => {
    request.state.error = translate(error);
    return writeJson(request.state.error, request.id, pathOf(request));
  },
  writeUnread: (error, requestId) => writeJson(error, requestId, "/"),
};

function writeJson(error: AppError, requestId: string, path: string): ErrorAnswer {
  const { status, body } = protocolOf(path).writeError(error, requestId);
  const { code, detail, retryAfterMs } = error;
  const headers = {
    "content-type": "application/json; charset=utf-8",
    ...(retryAfterMs !== undefined && { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
    ...(code === "method_not_allowed" && { allow: String(detail.allow) }),
    ...(status === 401 && { "www-authenticate": 'Bearer realm="nephoscope"' }),
  };
  return { status, headers, body: JSON.stringify(body) };
}

/** Whatever was thrown, in our words. */
export function translate(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const libraryCode = (error as { code?: unknown } | null)?.code;
  const code = typeof libraryCode === "string" ? libraryErrors[libraryCode] : undefined;
  return code ? new AppError(code, { cause: error }) : toAppError(error);
}
