import type { Clock, Secret } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import { type SigningSecret, type SigV4Outcome, verifySigV4, type WireRequest } from "../protocols/index.ts";
import { type SecretStore, secretRefOf } from "./access-keys.ts";
import type { DirectoryAccessKey } from "./directory/build-directory.ts";
import type { DirectoryHolder } from "./directory/directory.ts";
import type { LastUsed } from "./last-used.ts";
import { principalOfRoot, principalOfUser } from "./principals.ts";

export interface Signatures {
  /** Whether root or a user signed the request. An inactive key is as good as an unknown one, as on AWS. */
  verify(request: WireRequest, options?: { services?: readonly string[] }): Promise<SigV4Outcome<Principal>>;
}

/** Secrets kept open, so that a signed request costs no query and no decryption. */
const openSecretsMax = 1_000;

export function createSignatures(deps: {
  directory: DirectoryHolder;
  vault: SecretStore;
  lastUsed: LastUsed;
  clock: Clock;
  accountId: string;
}): Signatures {
  const { directory, vault, lastUsed, clock, accountId } = deps;
  const secrets = createSecretCache((recordId) => vault.open(secretRefOf(recordId)));

  const findSecret = async (accessKeyId: string): Promise<SigningSecret<Principal> | undefined> => {
    const key = (await directory.current()).accessKey(accessKeyId);
    if (key?.status !== "Active") return undefined;
    const secret = await secrets.open(key.recordId);
    return { secretAccessKey: secret.reveal(), principal: principalOfKey(accountId, key) };
  };
  return {
    verify: async (request, { services } = {}) => {
      const outcome = await verifySigV4<Principal>(request, {
        now: () => clock.now(),
        findSecret,
        ...(services && { services }),
      });
      if (outcome.ok) {
        const { accessKeyId, service, region } = outcome.identity;
        const key = (await directory.current()).accessKey(accessKeyId);
        if (key) lastUsed.noteAccessKey(key.recordId, { service, region });
      }
      return outcome;
    },
  };
}

function principalOfKey(accountId: string, key: DirectoryAccessKey): Principal {
  const proof = { kind: "sigv4", id: key.accessKeyId } as const;
  return key.user ? principalOfUser(accountId, key.user, proof) : principalOfRoot(accountId, proof);
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
