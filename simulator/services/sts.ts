import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  AssumeRoleWithWebIdentityCommandInput,
  AssumeRoleWithWebIdentityCommandOutput,
  GetCallerIdentityCommandOutput,
} from "@aws-sdk/client-sts";
import { ProtocolError } from "../../src/protocols/index.ts";
import type { SimulatedRole } from "../accounts.ts";
import { assertDuration, assertMayAssume } from "../trust.ts";
import { type CallContext, handler, type SimulatedService } from "./service.ts";

export const sts: SimulatedService = {
  handlers: {
    GetCallerIdentity: handler<object, GetCallerIdentityCommandOutput>((_input, { principal }) => ({
      UserId: principal?.userId,
      Account: principal?.accountId,
      Arn: principal?.arn,
    })),

    AssumeRole: handler<AssumeRoleCommandInput, AssumeRoleCommandOutput>((input, context) => {
      checkCommon(input);
      checkText("externalId", input.ExternalId, 2, 1224, /^[\w+=,.@:/-]*$/);
      checkText("sourceIdentity", input.SourceIdentity, 2, 64, /^[\w+=,.@-]*$/);
      if (!context.principal) throw new Error("AssumeRole is never unsigned.");
      const { RoleArn: roleArn = "", ExternalId: externalId, DurationSeconds: durationSeconds } = input;
      const role = context.accounts.findRole(roleArn);
      assertMayAssume(context.principal, role, { roleArn, externalId, durationSeconds });
      return {
        ...openSession(context, role, input.RoleSessionName ?? "", durationSeconds),
        ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
      };
    }),

    AssumeRoleWithWebIdentity: handler<
      AssumeRoleWithWebIdentityCommandInput,
      AssumeRoleWithWebIdentityCommandOutput
    >((input, context) => {
      checkCommon(input);
      checkText("webIdentityToken", input.WebIdentityToken, 4, 20_000, /^/);
      const claims = readClaims(input.WebIdentityToken ?? "");
      const role = context.accounts.findRole(input.RoleArn ?? "");
      const expected = role?.trust.webIdentity;
      if (claims.exp * 1000 <= context.nowMs)
        throw new ProtocolError("ExpiredTokenException", "Token must not be expired.");
      if (!role || !expected || claims.sub !== expected.subject)
        throw new ProtocolError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", {
          status: 403,
        });
      if (claims.aud !== expected.audience)
        throw new ProtocolError("InvalidIdentityToken", "Incorrect token audience");
      assertDuration(role, input.DurationSeconds, false);
      return {
        ...openSession(context, role, input.RoleSessionName ?? "", input.DurationSeconds),
        SubjectFromWebIdentityToken: claims.sub,
        Audience: claims.aud,
      };
    }),
  },
};

interface CommonInput {
  readonly RoleArn?: string | undefined;
  readonly RoleSessionName?: string | undefined;
  readonly DurationSeconds?: number | undefined;
}

function checkCommon(input: CommonInput): void {
  checkText("roleArn", input.RoleArn, 20, 2048, /^[\t\n\r\u0020-\u007e\u0085\u00a0-\uffff]*$/);
  checkText("roleSessionName", input.RoleSessionName, 2, 64, /^[\w+=,.@-]*$/);
  const duration = input.DurationSeconds;
  if (duration !== undefined && (duration < 900 || duration > 43_200)) {
    const bound = duration < 900 ? "greater than or equal to 900" : "less than or equal to 43200";
    throw constraint(String(duration), "durationSeconds", `Member must have value ${bound}`);
  }
  if (!/^arn:[^:]*:iam::\d{12}:role\/.+$/.test(input.RoleArn ?? ""))
    throw new ProtocolError("ValidationError", `${input.RoleArn} is invalid`);
}

function checkText(name: string, value: string | undefined, min: number, max: number, pattern: RegExp): void {
  if (value === undefined) return;
  if (value.length < min)
    throw constraint(value, name, `Member must have length greater than or equal to ${min}`);
  if (value.length > max)
    throw constraint(value, name, `Member must have length less than or equal to ${max}`);
  if (!pattern.test(value))
    throw constraint(
      value,
      name,
      `Member must satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`,
    );
}

function constraint(value: string, name: string, text: string): ProtocolError {
  return new ProtocolError(
    "ValidationError",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ${text}`,
  );
}

function openSession(
  context: CallContext,
  role: SimulatedRole,
  name: string,
  durationSeconds: number | undefined,
): Pick<AssumeRoleCommandOutput, "Credentials" | "AssumedRoleUser" | "PackedPolicySize"> {
  const seconds = Math.min(durationSeconds ?? 3_600, context.sessionSecondsMax ?? Number.POSITIVE_INFINITY);
  // AWS gives whole seconds.
  const expiresAtMs = Math.floor(context.nowMs / 1000 + seconds) * 1000;
  const session = context.accounts.openSession(role, name, expiresAtMs);
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(expiresAtMs),
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}

/** The claims of a token; the simulator knows no issuer, so it takes the signature on trust. */
function readClaims(token: string): { sub: string; aud: string; exp: number } {
  const malformed = new ProtocolError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.");
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
      string,
      unknown
    >;
    const { sub, aud, exp } = claims;
    if (typeof sub !== "string" || typeof aud !== "string" || typeof exp !== "number") throw malformed;
    return { sub, aud, exp };
  } catch {
    throw malformed;
  }
}
