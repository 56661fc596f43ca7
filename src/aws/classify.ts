import type { AuthenticationMethod, FailureCause } from "../contract/index.ts";
import { causeTexts, type FailureRow, failureRows } from "./failures.ts";
import { IdentityError } from "./identity.ts";

export interface AwsFailure {
  readonly cause: FailureCause;
  /** AWS's own code, as received. */
  readonly rawCode: string | null;
  /** Fit for users: what failed, and what AWS said, without anything signed or secret. */
  readonly message: string;
  readonly advice: string[];
  readonly httpStatus: number | null;
  readonly requestId: string | null;
  /** True when only a person can repair it: the credentials themselves are refused. */
  readonly disables: boolean;
}

/** What the SDK and Node attach to errors. */
interface ErrorShape {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { httpStatusCode?: number; requestId?: string };
  readonly $response?: { statusCode?: number; body?: unknown; headers?: Record<string, string> };
  readonly $responseBodyText?: unknown;
}

/** Names that say nothing about the cause. */
const emptyNames = new Set([
  "Error",
  "SyntaxError",
  "TypeError",
  "AggregateError",
  "Unknown",
  "UnknownError",
  "500",
  "400",
  "403",
]);

/**
 * One cause for the many names AWS has for it. `method` tells whether expired keys can renew themselves: only those
 * that were typed in (or when it is not known) disable.
 */
export function classifyAwsError(error: unknown, method?: AuthenticationMethod): AwsFailure {
  const identityError = findIdentityError(error);
  const source = (identityError?.cause ?? error) as ErrorShape;
  const httpStatus = source?.$metadata?.httpStatusCode ?? source?.$response?.statusCode ?? null;
  const rawCode = codeOf(source);
  const text = messageOf(source);
  const assuming = identityError !== undefined && identityError.step !== "base";
  const row = rawCode === null ? undefined : findRow(rawCode, text, assuming);
  const cause = row?.cause ?? causeOfStatus(httpStatus, source);
  const known = causeTexts[cause];
  return {
    cause,
    rawCode,
    message: [identityError?.message, known.title, text && `(${text})`].filter(Boolean).join(" "),
    advice: [...(row?.advice ?? known.advice)],
    httpStatus,
    requestId: source?.$metadata?.requestId ?? source?.$response?.headers?.["x-amzn-requestid"] ?? null,
    disables: disables(cause, method),
  };
}

function disables(cause: FailureCause, method: AuthenticationMethod | undefined): boolean {
  if (cause === "EXPIRED") return method === undefined || method === "keys";
  return cause === "BAD_KEY" || cause === "BAD_SECRET" || cause === "DENIED_ASSUME";
}

function findIdentityError(error: unknown): IdentityError | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++, current = current.cause) {
    if (current instanceof IdentityError) return current;
  }
  return undefined;
}

function findRow(code: string, text: string, assuming: boolean): FailureRow | undefined {
  return failureRows.find(
    (row) =>
      row.codes.includes(code) &&
      (row.text === undefined || row.text.test(text)) &&
      (!row.assuming || assuming),
  );
}

/** An answer without a code we know: 429 and 5xx are AWS's trouble, HTML, redirects and 404 are somebody in between. */
function causeOfStatus(status: number | null, error: ErrorShape): FailureCause {
  if (status === null) return "UNKNOWN";
  if (status === 429) return "THROTTLED";
  if (status === 407 || status === 404 || (status >= 300 && status < 400)) return "PROXY";
  if (status >= 500) return "UNKNOWN";
  return error?.name === "SyntaxError" || error?.$responseBodyText !== undefined ? "PROXY" : "UNKNOWN";
}

/** The error's own name, else the code in a body that did not parse, else that of Node, wherever it hides. */
function codeOf(error: ErrorShape, depth = 0): string | null {
  if (typeof error !== "object" || error === null || depth > 4) return null;
  const name = typeof error.name === "string" ? error.name.replace(/^.*#/, "") : "";
  const inBody = codeInBody(error.$responseBodyText ?? error.$response?.body);
  if (inBody !== null && (emptyNames.has(name) || findRow(name, "", false) === undefined)) return inBody;
  const nodeCode = typeof error.code === "string" && /^[A-Z][A-Z0-9_]+$/.test(error.code) ? error.code : null;
  if (nodeCode !== null && nodeCode !== "ECONNABORTED") return nodeCode;
  if (name !== "" && !emptyNames.has(name)) return name;
  const inner = Array.isArray(error.errors) ? error.errors[0] : error.cause;
  return codeOf(inner as ErrorShape, depth + 1);
}

/** Emulators answer JSON services in XML and the reverse; the code is found in either. */
function codeInBody(body: unknown): string | null {
  if (typeof body !== "string") return null;
  const head = body.slice(0, 16_384);
  const match =
    /<Code>\s*([\w.]{1,128})\s*<\/Code>/.exec(head) ??
    /"(?:__type|code|Code)"\s*:\s*"(?:[\w.]+#)?([\w.]{1,128})"/.exec(head);
  return match?.[1] ?? null;
}

/**
 * AWS quotes the canonical request in signature errors, session token included, and gateways may quote headers:
 * everything from there on is cut. What is left is one line of bounded length.
 */
function messageOf(error: ErrorShape): string {
  const raw = typeof error?.message === "string" ? error.message : "";
  if (error?.name === "SyntaxError" || error?.$responseBodyText !== undefined) {
    return messageInBody(error) ?? "the answer could not be read";
  }
  return publicText(raw);
}

function messageInBody(error: ErrorShape): string | undefined {
  const body = error.$responseBodyText ?? error.$response?.body;
  const match = typeof body === "string" ? /<Message>([^<]{1,1000})<\/Message>/.exec(body) : null;
  return match?.[1] === undefined ? undefined : publicText(match[1]);
}

const quotesFollow = /The Canonical String|The String-to-Sign|Authorization=|X-Amz-Security-Token|\n/i;

export function publicText(text: string): string {
  const end = text.search(quotesFollow);
  return (end === -1 ? text : text.slice(0, end))
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, " ")
    .slice(0, 500)
    .trim();
}
