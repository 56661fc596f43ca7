import type { Principal, TrailIdentity } from "../contract/index.ts";
import { wholeSecondsOf } from "./record.ts";

/** Who called, as a CloudTrail record says it. */
export function trailIdentityOf({ kind, id, arn, accountId, name, proof }: Principal): TrailIdentity {
  return {
    type: kind === "root" ? "Root" : "IAMUser",
    principalId: id,
    arn,
    accountId,
    ...(kind === "user" && { userName: name }),
    ...(proof.kind === "sigv4" && { accessKeyId: proof.id }),
    ...(proof.issuedAtMs !== undefined && { sessionContext: sessionContextOf(proof.issuedAtMs) }),
    ...(proof.kind !== "sigv4" && proof.kind !== "session" && { credentialId: proof.id }),
  };
}

function sessionContextOf(issuedAtMs: number): NonNullable<TrailIdentity["sessionContext"]> {
  return { attributes: { creationDate: wholeSecondsOf(issuedAtMs), mfaAuthenticated: "false" } };
}
