import { timingSafeEqual } from "node:crypto";
import type { WireRequest } from "../wire.ts";
import { type Authorization, isFailure, msToTimestamp, parseAuthorization } from "./authorization.ts";
import { computeSignature, sha256Hex, unsignedPayload } from "./canonical.ts";
import type { SigV4Failure } from "./failures.ts";

/** What the owner of the keys knows about one access key. */
export interface SigningSecret<Principal> {
  readonly secretAccessKey: string;
  /** Set for temporary credentials: the request must carry exactly this token. */
  readonly sessionToken?: string;
  readonly expiresAtMs?: number;
  readonly principal: Principal;
}

export interface SigV4Identity<Principal> {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
  readonly signedAtMs: number;
  readonly principal: Principal;
}

export type SigV4Outcome<Principal> =
  | { readonly ok: true; readonly identity: SigV4Identity<Principal> }
  | { readonly ok: false; readonly failure: SigV4Failure };

export interface SigV4Options<Principal> {
  /** Wall clock in milliseconds. */
  readonly now: () => number;
  /** By what the request claims; nothing of it is proven yet. */
  readonly findSecret: (
    accessKeyId: string,
    sessionToken: string | undefined,
  ) => Promise<SigningSecret<Principal> | undefined>;
  /** When given, the only service names that the scope may hold. */
  readonly services?: readonly string[];
  /** When given, the only regions that the scope may hold. */
  readonly regions?: readonly string[];
}

const minuteMs = 60_000;

/** These tolerate a clock that is 15 minutes off, all others 5; the number stands in the texts of their errors. */
const patientServices: readonly string[] = ["ec2", "iam", "s3", "sts"];

function clockWindowMinutes(service: string): number {
  return patientServices.includes(service) ? 15 : 5;
}

/**
 * Decides whether the request was signed by the holder of a known secret, recently, and as a whole. Header
 * authentication and presigned queries are both checked. Nothing is thrown for what a caller can cause.
 */
export async function verifySigV4<Principal>(
  request: WireRequest,
  options: SigV4Options<Principal>,
): Promise<SigV4Outcome<Principal>> {
  const authorization = parseAuthorization(request);
  if (isFailure(authorization)) return { ok: false, failure: authorization };
  const payloadHash = payloadHashOf(request, authorization);
  const early =
    checkScope(authorization, options) ??
    checkSignedHeaders(request, authorization) ??
    (typeof payloadHash === "string" ? undefined : payloadHash) ??
    checkTime(authorization, options.now());
  if (early) return { ok: false, failure: early };

  const secret = await options.findSecret(authorization.accessKeyId, authorization.sessionToken);
  const failure = secret
    ? checkSecret(request, authorization, payloadHash as string, secret, options.now())
    : unknownKey;
  if (failure || !secret) return { ok: false, failure: failure ?? unknownKey };
  const { accessKeyId, region, service, sessionToken, signedAtMs } = authorization;
  return {
    ok: true,
    identity: { accessKeyId, region, service, sessionToken, signedAtMs, principal: secret.principal },
  };
}

/** Also of a token that is none of ours or belongs to another key: who tries tokens learns nothing. */
export const unknownKey: SigV4Failure = {
  reason: "unknown-key",
  message: "The security token included in the request is invalid.",
};

const mismatch: SigV4Failure = {
  reason: "mismatch",
  message:
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
};

function checkSecret<Principal>(
  request: WireRequest,
  authorization: Authorization,
  payloadHash: string,
  secret: SigningSecret<Principal>,
  nowMs: number,
): SigV4Failure | undefined {
  if (!sameText(authorization.sessionToken ?? "", secret.sessionToken ?? ""))
    return { reason: "invalid-token", message: unknownKey.message };
  const expected = computeSignature(request, authorization, payloadHash, secret.secretAccessKey);
  // Both are 32 bytes: the parser accepts exactly 64 hexadecimal digits.
  if (!timingSafeEqual(expected, Buffer.from(authorization.signature, "hex"))) return mismatch;
  if (secret.expiresAtMs !== undefined && secret.expiresAtMs <= nowMs)
    return { reason: "expired-token", message: "The security token included in the request is expired" };
  return undefined;
}

/** Compares digests, so that neither length nor content of the stored token shows in the time taken. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(a), "hex"), Buffer.from(sha256Hex(b), "hex"));
}

function checkScope<Principal>(
  { region, service }: Authorization,
  options: SigV4Options<Principal>,
): SigV4Failure | undefined {
  if (options.services && !options.services.includes(service))
    return {
      reason: "mismatch",
      message: `Credential should be scoped to correct service, not '${service}'.`,
    };
  if (options.regions && !options.regions.includes(region))
    return { reason: "mismatch", message: `Credential should be scoped to a valid region, not '${region}'.` };
  return undefined;
}

/** Whatever AWS acts upon must be covered by the signature: the host and every `x-amz-` header. */
function checkSignedHeaders(request: WireRequest, authorization: Authorization): SigV4Failure | undefined {
  const signed = authorization.signedHeaders;
  const ordered = signed.every((name, i) => i === 0 || (signed[i - 1] ?? "") < name);
  if (!ordered || signed.some((name) => name !== name.toLowerCase()))
    return {
      reason: "incomplete",
      message: "SignedHeaders must be lower-case, sorted and without repetition.",
    };
  if (!signed.includes("host"))
    return {
      reason: "mismatch",
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    };
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith("x-amz-") && !signed.includes(name),
  );
  if (unsigned)
    return {
      reason: "mismatch",
      message: `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`,
    };
  const absent = signed.find((name) => request.headers[name] === undefined);
  return absent
    ? { reason: "mismatch", message: `The signed header '${absent}' is not in the request.` }
    : undefined;
}

/** The hash to sign, or why the one sent cannot stand. Only S3 lets a body go unsigned. */
function payloadHashOf(request: WireRequest, authorization: Authorization): string | SigV4Failure {
  const actual = sha256Hex(request.body);
  const claimed = request.headers["x-amz-content-sha256"];
  if (authorization.service === "s3") {
    if (claimed === unsignedPayload) return unsignedPayload;
    if (claimed === undefined && authorization.expiresSeconds !== undefined) return unsignedPayload;
  }
  if (claimed !== undefined && claimed !== actual)
    return {
      reason: "mismatch",
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    };
  return actual;
}

function checkTime(authorization: Authorization, nowMs: number): SigV4Failure | undefined {
  const { expiresSeconds, service, signedAtMs, timestamp } = authorization;
  const minutes = clockWindowMinutes(service);
  const now = msToTimestamp(nowMs);
  if (signedAtMs > nowMs + minutes * minuteMs)
    return {
      reason: "clock",
      message: `Signature not yet current: ${timestamp} is still later than ${msToTimestamp(nowMs + minutes * minuteMs)} (${now} + ${minutes} min.)`,
    };
  if (expiresSeconds !== undefined) {
    const expired = signedAtMs + expiresSeconds * 1000 < nowMs;
    return expired ? { reason: "expired-request", message: "Request has expired." } : undefined;
  }
  if (signedAtMs < nowMs - minutes * minuteMs)
    return {
      reason: "clock",
      message: `Signature expired: ${timestamp} is now earlier than ${msToTimestamp(nowMs - minutes * minuteMs)} (${now} - ${minutes} min.)`,
    };
  return undefined;
}
