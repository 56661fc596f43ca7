import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError, toAppError } from "../../base/index.ts";
import { type ErrorCode, errorCodes } from "../../contract/index.ts";
import { protocolOf } from "../protocols/select.ts";
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
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const appError = translate(error);
  request.state.error = appError;
  const { status, body } = protocolOf(pathOf(request)).writeError(appError, request.id);
  if (appError.retryAfterMs !== undefined) {
    void reply.header("Retry-After", String(Math.max(1, Math.ceil(appError.retryAfterMs / 1000))));
  }
  if (appError.code === "method_not_allowed") void reply.header("Allow", String(appError.detail.allow));
  if (status === 401) void reply.header("WWW-Authenticate", 'Bearer realm="nephoscope"');
  // Text, so that the schema of the route's success does not touch it.
  return reply
    .code(status)
    .header("Cache-Control", "no-store")
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(body));
}

/** Whatever was thrown, in our words. */
export function translate(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const libraryCode = (error as { code?: unknown } | null)?.code;
  const code = typeof libraryCode === "string" ? libraryErrors[libraryCode] : undefined;
  return code ? new AppError(code, { cause: error }) : toAppError(error);
}

/** For connections whose bytes never became a request. */
export function rawErrorAnswer(error: { code?: string | undefined }, requestId: string): string {
  const code: ErrorCode =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "request_timed_out"
      : error.code === "HPE_HEADER_OVERFLOW"
        ? "headers_too_large"
        : "malformed_request";
  const { status, body } = protocolOf("/").writeError(new AppError(code), requestId);
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${reasons[errorCodes[code].status] ?? "Bad Request"}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Cache-Control: no-store",
    `X-Request-Id: ${requestId}`,
    "Connection: close",
    "",
    text,
  ].join("\r\n");
}

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};
