import type { Clock } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import { digestOf, matchesDigest } from "./digest.ts";
import type { Directory, DirectoryCredential } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import type { LastUsed } from "./last-used.ts";
import { principalOfUser } from "./principals.ts";
import { type ParsedToken, parseToken } from "./service-credentials/services.ts";

/** What a bearer token proves. `credentialId` is the `ACCA…` id, for audit records and counters. */
export type BearerOutcome =
  | { readonly ok: true; readonly principal: Principal; readonly credentialId: string }
  | { readonly ok: false; readonly reason: "unknown" }
  | {
      readonly ok: false;
      readonly reason: "other-service" | "inactive" | "expired";
      readonly principal: Principal;
      readonly credentialId: string;
    };

export interface Bearer {
  /** For sending logs. Asks no database, so that a flood of bad tokens costs nobody else anything. */
  resolve(token: string): Promise<BearerOutcome>;
  /** For the REST API. */
  resolveRestToken(token: string): Promise<BearerOutcome>;
}

export function createBearer(deps: {
  directory: DirectoryHolder;
  lastUsed: LastUsed;
  clock: Clock;
  accountId: string;
}): Bearer {
  const { directory, lastUsed, clock, accountId } = deps;
  const resolveFor = async (
    serviceName: ParsedToken["service"],
    proofKind: "token" | "api-key",
    token: string,
  ): Promise<BearerOutcome> => {
    const parsed = parseToken(token);
    if (!parsed) return { ok: false, reason: "unknown" };
    const credential = findCredential(await directory.current(), parsed);
    if (!credential) return { ok: false, reason: "unknown" };
    const credentialId = credential.id;
    const principal = principalOfUser(accountId, credential.user, { kind: proofKind, id: credentialId });
    const refusal = refusalOf(credential, serviceName, clock.now());
    if (refusal) return { ok: false, reason: refusal, principal, credentialId };
    lastUsed.noteCredential(credential.recordId);
    return { ok: true, principal, credentialId };
  };
  return {
    resolve: (token) => resolveFor("logs.amazonaws.com", "api-key", token),
    resolveRestToken: (token) => resolveFor("nephoscope", "token", token),
  };
}

/** Compared against when the alias is unknown, so that known and unknown ones take the same time. */
const noDigest = Buffer.alloc(32);

function findCredential(directory: Directory, parsed: ParsedToken): DirectoryCredential | undefined {
  if (parsed.service === "nephoscope") return directory.credentialByDigest(digestOf(parsed.secret));
  const credential = directory.credentialByAlias(parsed.service, parsed.alias);
  return matchesDigest(parsed.secret, credential?.digest ?? noDigest) ? credential : undefined;
}

function refusalOf(
  credential: DirectoryCredential,
  serviceName: string,
  nowMs: number,
): "other-service" | "inactive" | "expired" | undefined {
  if (credential.serviceName !== serviceName) return "other-service";
  if (credential.status === "Inactive") return "inactive";
  return credential.expiresAt && credential.expiresAt.getTime() <= nowMs ? "expired" : undefined;
}
