import type { WireRequest } from "../wire.ts";
import type { SigV4Failure } from "./failures.ts";

/** What a request says about its signature; nothing of it is proven yet. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `yyyymmdd` of the credential scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string;
  /** `yyyymmddThhmmssZ` as sent; part of the string to sign. */
  readonly timestamp: string;
  readonly signedAtMs: number;
  readonly sessionToken: string | undefined;
  /** Set for a presigned query. */
  readonly expiresSeconds: number | undefined;
}

export const algorithm = "AWS4-HMAC-SHA256";

/** Reads the `Authorization` header or the `X-Amz-*` parameters of a presigned query; one of them, never both. */
export function parseAuthorization(request: WireRequest): Authorization | SigV4Failure {
  const header = request.headers.authorization;
  const query = new URLSearchParams(request.query);
  const presigned = query.has("X-Amz-Signature") || query.has("X-Amz-Algorithm");
  if (header !== undefined && presigned)
    return incomplete("Only one authentication mechanism is allowed: header or query parameters.");
  if (presigned) return parsePresigned(query);
  if (header === undefined) return { reason: "missing", message: "Request is missing Authentication Token" };
  return parseHeader(header, request);
}

export function isFailure(value: object): value is SigV4Failure {
  return "reason" in value;
}

function parseHeader(header: string, request: WireRequest): Authorization | SigV4Failure {
  if (!header.startsWith(`${algorithm} `))
    return incomplete(`Authorization header must begin with '${algorithm}'.`);
  const parts = new Map<string, string>();
  for (const part of header.slice(algorithm.length).split(",")) {
    const [name = "", value] = splitOnce(part.trim(), "=");
    if (value === undefined || parts.has(name))
      return incomplete(
        "Authorization header is malformed: each part is a name, '=' and a value, given once.",
      );
    parts.set(name, value);
  }
  const absent = ["Credential", "Signature", "SignedHeaders"].filter((name) => !parts.has(name));
  if (absent.length > 0)
    return incomplete(absent.map((name) => `Authorization header requires '${name}' parameter.`).join(" "));
  const timestamp = request.headers["x-amz-date"] ?? httpDateToTimestamp(request.headers.date);
  if (timestamp === undefined)
    return incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  return assemble({
    credential: parts.get("Credential") ?? "",
    signedHeaders: parts.get("SignedHeaders") ?? "",
    signature: parts.get("Signature") ?? "",
    timestamp,
    sessionToken: request.headers["x-amz-security-token"],
    expiresSeconds: undefined,
  });
}

function parsePresigned(query: URLSearchParams): Authorization | SigV4Failure {
  const names = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ];
  const wrong = names.find((name) => query.getAll(name).length !== 1);
  if (wrong) return incomplete(`A presigned query needs '${wrong}' exactly once.`);
  if (query.get("X-Amz-Algorithm") !== algorithm)
    return incomplete(`X-Amz-Algorithm must be '${algorithm}'.`);
  const expires = query.get("X-Amz-Expires") ?? "";
  // Seven days is the longest AWS signs for.
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > 604_800)
    return incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800.");
  return assemble({
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: query.get("X-Amz-SignedHeaders") ?? "",
    signature: query.get("X-Amz-Signature") ?? "",
    timestamp: query.get("X-Amz-Date") ?? "",
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresSeconds: Number(expires),
  });
}

interface RawAuthorization {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly sessionToken: string | undefined;
  readonly expiresSeconds: number | undefined;
}

function assemble(raw: RawAuthorization): Authorization | SigV4Failure {
  const scope = raw.credential.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", terminator] = scope;
  if (scope.length !== 5 || terminator !== "aws4_request" || !/^\w{16,128}$/.test(accessKeyId))
    return incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
    );
  if (!/^[a-z0-9-]{1,64}$/.test(region) || !/^[a-z0-9-]{1,64}$/.test(service))
    return incomplete("Credential must name a region and a service in lower case.");
  const signedAtMs = timestampToMs(raw.timestamp);
  if (signedAtMs === undefined)
    return incomplete("Date must be in ISO-8601 'basic format', e.g. 20260131T235959Z.");
  if (!raw.timestamp.startsWith(date) || date.length !== 8)
    return {
      reason: "mismatch",
      message: `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${raw.timestamp.slice(0, 8)}', from '${raw.timestamp}'.`,
    };
  if (!/^[0-9a-f]{64}$/.test(raw.signature)) return incomplete("Signature must be 64 hexadecimal digits.");
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: raw.signedHeaders.split(";"),
    signature: raw.signature,
    timestamp: raw.timestamp,
    signedAtMs,
    sessionToken: raw.sessionToken,
    expiresSeconds: raw.expiresSeconds,
  };
}

/** `20260131T235959Z` to milliseconds; undefined for anything else, such as the 31st of February. */
export function timestampToMs(timestamp: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (!match) return undefined;
  const ms = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  return Number.isNaN(ms) || msToTimestamp(ms) !== timestamp ? undefined : ms;
}

export function msToTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function httpDateToTimestamp(date: string | undefined): string | undefined {
  const ms = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) ? undefined : msToTimestamp(ms);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function incomplete(message: string): SigV4Failure {
  return { reason: "incomplete", message };
}
