import type { Kysely } from "kysely";
import { type Clock, type Random, Secret } from "../../base/index.ts";
import type { CredentialInput, FieldProblem, Principal } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { ExternalIds } from "../external-ids.ts";
import type { Vault } from "../sealing/vault.ts";
import { type Draft, planChange } from "./change.ts";
import { insertCredential, updateCredential } from "./queries.ts";
import { settleChain } from "./role-chain.ts";
import {
  type AddressRules,
  addressProblems,
  type CredentialPolicy,
  draftProblems,
  enforcePolicy,
  refuseProblems,
} from "./rules.ts";
import type { OpenedCredential } from "./source.ts";
import {
  type CredentialFields,
  type SecretFacts,
  type SecretField,
  type StoredCredential,
  type StoredHop,
  sealedKind,
  secretFields,
} from "./stored.ts";
import { maskAccessKeyId } from "./view.ts";

export type Caller = Pick<Principal, "arn">;
type Executor = Kysely<Tables>;

export interface RecordsDependencies {
  readonly vault: Vault;
  readonly externalIds: ExternalIds;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: CredentialPolicy;
  readonly addressRules: AddressRules;
}

/**
 * Records and their sealed secrets, written together in the caller's transaction: neither ever stands without the other.
 * Nothing is written before every rule was checked.
 */
export function createRecords(dependencies: RecordsDependencies) {
  const { vault, externalIds, clock, random, policy, addressRules } = dependencies;

  /** From fields to a checked draft and its role chain; the last stop before anything is written or opened. */
  async function prepare(
    current: StoredCredential | undefined,
    fields: CredentialFields,
    context: { recordId: string; caller: Caller; executor: Executor; mayCreate: boolean },
  ): Promise<{ draft: Draft; chain: StoredHop[] }> {
    const draft = planChange(current, fields, { fingerprint: vault.fingerprint });
    refuseProblems(missingKeys(draft, current), "validation_failed");
    const previous = current?.settings.roleChain ?? [];
    const roles = draft.roleChain?.length ?? previous.length;
    enforcePolicy(policy, draft.method, roles);
    refuseProblems(addressProblems(draft, addressRules), "endpoint_not_allowed");
    const { chain, problems } = draft.roleChain
      ? await settleChain(draft.roleChain, previous, { ...context, externalIds })
      : { chain: [...previous], problems: [] };
    refuseProblems([...problems, ...draftProblems(draft, chain, policy)], "validation_failed");
    return { draft, chain };
  }

  async function insert(
    executor: Executor,
    input: CredentialInput,
    caller: Caller,
    readOnly: boolean,
  ): Promise<string> {
    const id = random.uuid();
    const { draft, chain } = await prepare(undefined, input, {
      recordId: id,
      caller,
      executor,
      mayCreate: true,
    });
    const now = new Date(clock.now());
    const row = rowOf(draft, chain, undefined, 1, now, vault.fingerprint);
    await insertCredential(executor, {
      ...row,
      id,
      status: "untested",
      tested_at: null,
      last_test: null,
      read_only: readOnly,
      version: 1,
      created_at: now,
      created_by: caller.arn,
      updated_at: now,
      updated_by: caller.arn,
    });
    await sealSecrets(executor, id, draft, 1);
    return id;
  }

  async function change(
    executor: Executor,
    current: StoredCredential,
    fields: CredentialFields,
    caller: Caller,
    readOnly: boolean,
  ): Promise<void> {
    const { id } = current;
    const { draft, chain } = await prepare(current, fields, {
      recordId: id,
      caller,
      executor,
      mayCreate: true,
    });
    const version = current.version + 1;
    const now = new Date(clock.now());
    const untested = { status: "untested", tested_at: null, last_test: null } as const;
    await updateCredential(executor, id, current.version, {
      ...rowOf(draft, chain, current, version, now, vault.fingerprint),
      ...(draft.affectsAccess ? untested : {}),
      read_only: readOnly,
      version,
      updated_at: now,
      updated_by: caller.arn,
    });
    await sealSecrets(executor, id, draft, version);
  }

  async function sealSecrets(executor: Executor, id: string, draft: Draft, version: number): Promise<void> {
    for (const field of secretFields) {
      const secret = draft.secrets[field];
      if (secret instanceof Secret) {
        await vault.seal({ kind: sealedKind, recordId: id, field, version }, secret, executor);
      } else if (secret === "clear") {
        await vault.remove(sealedKind, id, { field, executor });
      }
    }
  }

  async function openSecrets(
    stored: StoredCredential,
    executor: Executor,
  ): Promise<OpenedCredential["secrets"]> {
    const secrets: Partial<Record<SecretField, Secret>> = {};
    for (const field of secretFields) {
      const facts = stored.secrets[field];
      if (!facts) continue;
      const place = { kind: sealedKind, recordId: stored.id, field, version: facts.version };
      secrets[field] = await vault.open(place, executor);
    }
    return secrets;
  }

  async function open(stored: StoredCredential, executor: Executor): Promise<OpenedCredential> {
    const { id, version, method, region, settings } = stored;
    return { id, version, method, region, settings, secrets: await openSecrets(stored, executor) };
  }

  return { prepare, insert, change, openSecrets, open };
}

/** A creation names both halves of the key; an update may leave out what is stored. */
function missingKeys(draft: Draft, current: StoredCredential | undefined): FieldProblem[] {
  if (draft.method !== "keys") return [];
  return (["accessKeyId", "secretAccessKey"] as const)
    .filter(
      (field) => draft.secrets[field] === "keep" && !(current?.method === "keys" && current.secrets[field]),
    )
    .map((field) => ({ path: field, message: "The method keys needs an access key ID and its secret." }));
}

function rowOf(
  draft: Draft,
  chain: readonly StoredHop[],
  current: StoredCredential | undefined,
  version: number,
  now: Date,
  fingerprint: (text: string) => string,
) {
  const { accessKeyId } = draft.secrets;
  const key =
    accessKeyId === "keep"
      ? {}
      : accessKeyId === "clear"
        ? { access_key_id_masked: null, key_fingerprint: null }
        : {
            access_key_id_masked: maskAccessKeyId(accessKeyId.reveal()),
            key_fingerprint: fingerprint(accessKeyId.reveal()),
          };
  return {
    name: draft.name,
    description: draft.description,
    method: draft.method,
    region: draft.region,
    settings: JSON.stringify({ ...draft.settings, roleChain: chain }),
    secrets: JSON.stringify(secretFacts(draft, current, version, now)),
    ...key,
  };
}

function secretFacts(
  draft: Draft,
  current: StoredCredential | undefined,
  version: number,
  now: Date,
): SecretFacts {
  const facts: Partial<Record<SecretField, { version: number; updatedAt: string }>> = {};
  for (const field of secretFields) {
    const planned = draft.secrets[field];
    const kept = current?.secrets[field];
    if (planned === "keep" && kept) facts[field] = kept;
    else if (planned instanceof Secret) facts[field] = { version, updatedAt: now.toISOString() };
  }
  return facts;
}
