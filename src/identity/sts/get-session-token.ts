import type { GetSessionTokenRequest, GetSessionTokenResponse } from "@aws-sdk/client-sts";
import type { Log } from "../../base/index.ts";
import type { AwsOperation, Principal } from "../../contract/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import { check, lengthOf, patternOf, rangeOf } from "../iam/checks.ts";
import type { TemporaryCredentials } from "./temporary-credentials.ts";

const durations = { min: 900, max: 129_600, default: 43_200, ofRoot: 3_600 };

/** In seconds. Root's end after an hour, whatever it asks for. */
function durationFor(principal: Principal, asked: number | undefined): number {
  if (principal.kind === "root") return Math.min(asked ?? durations.ofRoot, durations.ofRoot);
  return asked ?? durations.default;
}

export function createGetSessionToken(deps: {
  temporary: TemporaryCredentials;
  log: Log;
}): AwsOperation<GetSessionTokenRequest, GetSessionTokenResponse> {
  const { temporary, log } = deps;
  return {
    readOnly: true,
    audit: "management",
    secretMembers: ["SecretAccessKey", "SessionToken", "TokenCode"],
    recordsAnswer: true,
    // On AWS policies have no say in it. Here a Deny has: one that does nothing is worse than none.
    access: () => [{ action: "sts:GetSessionToken", resource: "*", unlessDenied: true }],
    handle: ({ DurationSeconds, SerialNumber, TokenCode }, { principal }) => {
      check(
        rangeOf("durationSeconds", DurationSeconds, durations.min, durations.max),
        lengthOf("serialNumber", SerialNumber, 9, 256),
        patternOf("serialNumber", SerialNumber, /^[\w+=/:,.@-]*$/),
      );
      const { proof } = principal;
      if (proof.issuedAtMs !== undefined)
        throw refused("Cannot call GetSessionToken with session credentials");
      if ((SerialNumber === undefined) !== (TokenCode === undefined)) throw refused(mfaFailures.half);
      if (SerialNumber !== undefined) throw refused(mfaFailures.device);
      const issued = temporary.issue(proof.id, durationFor(principal, DurationSeconds));
      log.info("Handed out temporary credentials.", {
        accessKeyId: issued.accessKeyId,
        ofAccessKeyId: proof.id,
        expiresAt: new Date(issued.expiresAtMs).toISOString(),
        by: principal.arn,
      });
      return {
        Credentials: {
          AccessKeyId: issued.accessKeyId,
          SecretAccessKey: issued.secretAccessKey,
          SessionToken: issued.sessionToken,
          Expiration: new Date(issued.expiresAtMs),
        },
      };
    },
  };
}

/** AWS's sentences. Nobody has a device here, so that every serial number is one of none. */
const mfaFailures = {
  half: "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
  device:
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
};

function refused(message: string): ProtocolError {
  return new ProtocolError("AccessDenied", message, { status: 403 });
}
