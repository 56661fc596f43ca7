import { AppError } from "../../base/index.ts";

/**
 * Headers that decide who calls, whom, or how the body is read. Node keeps the first of two, or joins them, and a
 * proxy in front may choose otherwise: refused when they occur twice.
 */
const single = new Set([
  "host",
  "authorization",
  "cookie",
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "origin",
  "sec-fetch-site",
  "x-auth-token",
  "x-wavefront-token",
  "x-csrf-token",
  "idempotency-key",
  "date",
  "expect",
]);
const singlePrefixes = ["x-amz-", "x-amzn-", "x-aws-log-"];

/** Throws `header_conflict`. */
export function refuseDuplicateHeaders(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    if (!single.has(name) && !singlePrefixes.some((prefix) => name.startsWith(prefix))) continue;
    if (seen.has(name)) {
      throw new AppError("header_conflict", { message: `The header ${name} occurs more than once.` });
    }
    seen.add(name);
  }
}

/**
 * A target is a path (absolute URLs are for proxies, and we are none) without U+0000, which no PostgreSQL text can
 * hold. Throws `malformed_request`.
 */
export function refuseOddTarget(target = ""): void {
  if (!target.startsWith("/") || target.startsWith("//")) {
    throw new AppError("malformed_request", { message: "The request target has to be a path." });
  }
  if (target.includes("%00")) {
    throw new AppError("malformed_request", { message: "The character U+0000 is not allowed in a URL." });
  }
}

/**
 * Bodies come in chunks or with their length. Node takes any coding in front of `chunked` and undoes none, and a proxy may
 * have undone it. Throws `malformed_request`.
 */
export function refuseTransferCoding(transferEncoding: string | undefined): void {
  if (transferEncoding === undefined || transferEncoding.trim().toLowerCase() === "chunked") return;
  throw new AppError("malformed_request", {
    message: "The only Transfer-Encoding that is known here is chunked.",
  });
}

/** HTTP/1.1 demands it. Throws `malformed_request`. */
export function requireHost(host: string | undefined, httpVersion: string): void {
  if (host || httpVersion === "1.0") return;
  throw new AppError("malformed_request", { message: "The header Host is missing." });
}

/** Throws `unsupported_media_type` for a compressed body. */
export function refuseEncodedBody(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || contentEncoding.trim().toLowerCase() === "identity") return;
  throw new AppError("unsupported_media_type", {
    message: "Compressed request bodies are not supported here.",
  });
}

/** Throws `unsupported_media_type` unless the body is said to be JSON, in UTF-8. */
export function requireJson(contentType: string | undefined): void {
  const [type = "", ...parameters] = (contentType ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const isJson = type === "application/json" || /^application\/[\w.-]+\+json$/.test(type);
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice(8);
  const isUtf8 = charset === undefined || /^"?utf-?8"?$/.test(charset);
  if (isJson && isUtf8) return;
  throw new AppError("unsupported_media_type", {
    message: "The body has to be JSON in UTF-8, sent with `Content-Type: application/json`.",
  });
}
