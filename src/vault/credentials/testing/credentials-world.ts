import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { createAws } from "../../../aws/index.ts";
import { AppError, type Clock, createLog, systemClock, systemRandom } from "../../../base/index.ts";
import { type CredentialInput, credentialInput } from "../../../contract/index.ts";
import type { Database } from "../../../db/index.ts";
import { createExternalIds, type ExternalIds } from "../../external-ids.ts";
import { generateMasterKey } from "../../sealing/key-ring.ts";
import { createVault, type Vault } from "../../sealing/vault.ts";
import { type Credentials, type CredentialsPolicy, createCredentials } from "../credentials.ts";

export const secretCanary = "canarySECRET/wJalrXUtnFEMI+bPxRfiCYEXAMPLE";
export const tokenCanary = "canaryTOKEN/FwoGZXIvYXdzEBYaDExample";
export const passwordCanary = "canaryPASSWORD";
export const keyId = "AKIAIOSFODNN7CANARY1";
/** What must be in no answer, no error and no line of the log. */
export const canaries = [secretCanary, tokenCanary, passwordCanary, keyId];

export const caller = { arn: "arn:aws:iam::000000000000:user/admin" };
export const roleArn = "arn:aws:iam::123456789012:role/Read";

/** Credentials on a database that each test finds empty. */
export interface CredentialsWorld {
  readonly database: Database;
  readonly externalIds: ExternalIds;
  now(): number;
  advance(ms: number): void;
  create(
    policy?: Partial<CredentialsPolicy>,
    allowPrivateEndpoints?: boolean,
    baseCredentialId?: () => Promise<string | null>,
  ): Credentials;
}

/** Registers the hooks that open the world, empty it, look for secrets in its log, and close it. */
export function useCredentialsWorld(
  open: () => Promise<{ readonly database: Database; dispose(): Promise<void> }>,
): CredentialsWorld {
  const lines: string[] = [];
  const log = createLog({ level: "debug", write: (line) => lines.push(line) });
  let now = Date.parse("2026-11-21T00:00:00Z");
  const clock: Clock = { ...systemClock, now: () => now };
  let opened: Awaited<ReturnType<typeof open>>;
  let vault: Vault;
  let externalIds: ExternalIds;

  before(async () => {
    opened = await open();
    const masterKeys = [generateMasterKey(systemRandom)];
    vault = await createVault({ db: opened.database, masterKeys, clock, random: systemRandom, log });
  });
  beforeEach(async () => {
    await opened.database.kysely.deleteFrom("credentials").execute();
    await opened.database.kysely.deleteFrom("external_ids").execute();
    externalIds = createExternalIds({ db: opened.database, clock, random: systemRandom });
  });
  afterEach(() => {
    for (const canary of canaries) assert.ok(!lines.join("\n").includes(canary), "a secret is in the log");
  });
  after(() => opened.dispose());

  return {
    get database() {
      return opened.database;
    },
    get externalIds() {
      return externalIds;
    },
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    create: (policy = {}, allowPrivateEndpoints = false, baseCredentialId) =>
      createCredentials({
        db: opened.database,
        vault,
        aws: createAws({ clock, log, allowPrivateEndpoints, environment: {} }),
        externalIds,
        clock,
        random: systemRandom,
        log,
        baseCredentialId,
        policy: {
          allowedMethods: ["default", "profile", "keys", "instance", "web-identity"],
          assumeRoleEnabled: true,
          ...policy,
        },
      }),
  };
}

export const input = (fields: Partial<CredentialInput> = {}): CredentialInput =>
  credentialInput.parse({
    name: "Production",
    method: "keys",
    region: "eu-central-1",
    accessKeyId: keyId,
    secretAccessKey: secretCanary,
    ...fields,
  });

export const withRole = (extra: object = {}) => [
  { roleArn, externalIdSource: "generated" as const, durationSeconds: 3600, ...extra },
];

/** For `assert.rejects`: the error has this code, names this field, and tells no secret. */
export const hasCode = (code: string, path?: string) => (error: unknown) => {
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code, error.message);
  if (path !== undefined)
    assert.ok(
      error.fields.some((field) => field.path === path),
      JSON.stringify(error.fields),
    );
  for (const canary of canaries)
    assert.ok(!JSON.stringify([error.message, error.fields, error.detail]).includes(canary));
  return true;
};
