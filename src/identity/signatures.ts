import type { Clock, Secret } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import {
  type Authorization,
  type SigningSecret,
  type SigV4Failure,
  type SigV4Outcome,
  unknownKey,
  verifySigV4,
  type WireRequest,
} from "../protocols/index.ts";
import { type SecretStore, secretRefOf } from "./access-keys.ts";
import type { DirectoryAccessKey } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import type { LastUsed } from "./last-used.ts";
import { principalOfRoot, principalOfUser } from "./principals.ts";
import type { OpenedCredentials, TemporaryCredentials } from "./sts/temporary-credentials.ts";

/** What a request says of its key; nothing of it is proven. */
export type KeyClaim = Pick<Authorization, "accessKeyId" | "sessionToken">;

export interface Signatures {
  /**
   * Whether root or a user signed the request. An inactive key is as good as an unknown one, as on AWS. The key of the outcome is
   * that of the long term, also when temporary credentials of it signed: what is kept for a caller outlives them.
   */
  verify(request: WireRequest, options?: { services?: readonly string[] }): Promise<SigV4Outcome<Principal>>;
  /** Why no signature of this key could be accepted: to be asked before the body is read, whose hash is signed. */
  refuse(claim: KeyClaim): Promise<SigV4Failure | undefined>;
}

/** Secrets kept open, so that a signed request costs no query and no decryption. */
const openSecretsMax = 1_000;

export function createSignatures(deps: {
  directory: DirectoryHolder;
  vault: SecretStore;
  lastUsed: LastUsed;
  temporary: TemporaryCredentials;
  clock: Clock;
  accountId: string;
}): Signatures {
  const { directory, vault, lastUsed, temporary, clock, accountId } = deps;
  const secrets = createSecretCache((recordId) => vault.open(secretRefOf(recordId)));

  const findSigner = async (claim: KeyClaim): Promise<Signer | undefined> => {
    const { accessKeyId, sessionToken } = claim;
    const session = sessionToken === undefined ? undefined : temporary.open(accessKeyId, sessionToken);
    if (sessionToken !== undefined && !session) return undefined;
    // Stricter than AWS, where temporary credentials survive the key that asked for them: what is revoked is revoked.
    const key = (await directory.current()).accessKey(session?.parentKeyId ?? accessKeyId);
    if (key?.status !== "Active") return undefined;
    return { key, session, principal: principalOf(accountId, key, claim, session) };
  };
  const findSecret = async (
    accessKeyId: string,
    sessionToken: string | undefined,
  ): Promise<SigningSecret<Signer> | undefined> => {
    const signer = await findSigner({ accessKeyId, sessionToken });
    if (!signer) return undefined;
    const { key, session } = signer;
    if (!session) {
      const secret = await secrets.open(key.recordId);
      return { secretAccessKey: secret.reveal(), principal: signer };
    }
    const { secretAccessKey, expiresAtMs } = session;
    return { secretAccessKey, expiresAtMs, principal: signer, ...(sessionToken && { sessionToken }) };
  };
  return {
    verify: async (request, { services } = {}) => {
      const outcome = await verifySigV4<Signer>(request, {
        now: () => clock.now(),
        findSecret,
        ...(services && { services }),
      });
      if (!outcome.ok) return outcome;
      const { service, region, principal: signer } = outcome.identity;
      if (signer.session && service === "iam") return { ok: false, failure: noSessionsForIam };
      // A use of temporary credentials is one of their key: whoever wants to delete it sees that it is in use.
      lastUsed.noteAccessKey(signer.key.recordId, { service, region });
      const { accessKeyId } = signer.key;
      return { ok: true, identity: { ...outcome.identity, accessKeyId, principal: signer.principal } };
    },
    refuse: async (claim) => ((await findSigner(claim)) ? undefined : unknownKey),
  };
}

/** Whom a key stands for. */
interface Signer {
  readonly key: DirectoryAccessKey;
  /** Set for temporary credentials; `key` is then the one that asked for them. */
  readonly session: OpenedCredentials | undefined;
  readonly principal: Principal;
}

/** AWS's code and its sentence, which tells nobody what to do; hence one more. */
const noSessionsForIam: SigV4Failure = {
  reason: "invalid-token",
  message: `${unknownKey.message} Temporary credentials cannot call IAM: sign with the access key that asked for them.`,
};

function principalOf(
  accountId: string,
  { user }: DirectoryAccessKey,
  { accessKeyId }: KeyClaim,
  session: OpenedCredentials | undefined,
): Principal {
  const proof = {
    kind: "sigv4",
    id: accessKeyId,
    ...(session && { issuedAtMs: session.issuedAtMs }),
  } as const;
  return user ? principalOfUser(accountId, user, proof) : principalOfRoot(accountId, proof);
}

/** By the record, whose secret never changes; the one that was unused for longest makes room. */
function createSecretCache(open: (recordId: string) => Promise<Secret>) {
  const opened = new Map<string, Promise<Secret>>();
  return {
    open: (recordId: string): Promise<Secret> => {
      const known = opened.get(recordId) ?? open(recordId);
      opened.delete(recordId);
      opened.set(recordId, known);
      known.catch(() => {
        if (opened.get(recordId) === known) opened.delete(recordId);
      });
      const [oldest] = opened.keys();
      if (opened.size > openSecretsMax && oldest !== undefined) opened.delete(oldest);
      return known;
    },
  };
}
