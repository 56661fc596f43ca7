import type { Kysely } from "kysely";
import { type Aws, type AwsSession, plainSource, type RoleHop } from "../../aws/index.ts";
import { AppError, type Clock, type Log, type Random } from "../../base/index.ts";
import {
  type ConnectionTestHistory,
  type ConnectionTestInput,
  type ConnectionTestResult,
  type ConnectionTestTrigger,
  type Credential,
  type CredentialInput,
  type CredentialListQuery,
  type CredentialOptions,
  type CredentialUpdate,
  type Page,
  pageOf,
  partitionOfRegion,
  type RoleSetup,
  type RoleSetupInput,
} from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { ExternalIds } from "../external-ids.ts";
import { createRoleSetup } from "../role-setup/role-setup.ts";
import type { Vault } from "../sealing/vault.ts";
import type { Draft } from "./change.ts";
import { refusedResult, runConnectionTest, withEarlierChecks } from "./connection-test.ts";
import { listTests, storeTest } from "./history.ts";
import { type ImportResult, importCredentials, type ResolveReference } from "./import.ts";
import { credentialOptions } from "./options.ts";
import {
  credentialStatuses,
  credentialsWithExternalId,
  getCredential,
  listCredentials,
  lockCredential,
  sharedFingerprints,
  untestedSince,
} from "./queries.ts";
import { type Caller, createRecords } from "./records.ts";
import { type CredentialPolicy, enforcePolicy } from "./rules.ts";
import { type OpenedCredential, sourceOf } from "./source.ts";
import {
  type CredentialFields,
  defaultSessionName,
  type StoredCredential,
  sealedKind,
  secretFields,
} from "./stored.ts";
import { viewOf } from "./view.ts";

type Executor = Kysely<Tables>;
type CredentialUser = Credential["usedBy"][number];

/** Errors that stay until somebody changes the record or the settings. */
const unusableCodes = new Set(["auth_method_not_allowed", "assume_role_disabled", "secret_unreadable"]);

/** A role to assume on top of a credential's own chain. */
export interface ExtraHop {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly sessionName?: string | undefined;
}

export interface CredentialState {
  readonly id: string;
  readonly name: string;
  readonly method: string;
  readonly status: string;
  readonly testedAt: Date | null;
}

export interface CredentialsPolicy extends CredentialPolicy {
  /** Region of the session of `openDefault` when no base credential is set. */
  readonly region?: string | undefined;
  readonly credentialRecheckHours?: number | undefined;
}

export interface CredentialsDependencies {
  readonly db: { readonly kysely: Executor };
  readonly vault: Vault;
  readonly aws: Aws;
  readonly externalIds: ExternalIds;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly policy: CredentialsPolicy;
  /** Credential that assumes roles which come without one of their own; a setting of the server. */
  readonly baseCredentialId?: (() => Promise<string | null>) | undefined;
}

export interface Credentials {
  list(query: CredentialListQuery): Promise<Page<Credential>>;
  /** Throws `credential_not_found`. */
  get(id: string): Promise<Credential>;
  /** Throws `validation_failed`, `name_taken`, `auth_method_not_allowed`, `assume_role_disabled`, `endpoint_not_allowed`. */
  create(input: CredentialInput, caller: Caller): Promise<Credential>;
  /** As create; also `version_conflict`, `secret_required`, `credential_read_only`. */
  update(id: string, input: CredentialUpdate, caller: Caller): Promise<Credential>;
  /** Throws `credential_in_use`, naming the users, and `credential_read_only`. */
  remove(id: string, caller: Caller): Promise<void>;
  /** Tests what is stored and keeps the result on the record. */
  test(id: string, input: ConnectionTestInput): Promise<ConnectionTestResult>;
  /** The last tests of what was stored, newest first. Throws `credential_not_found`. */
  tests(id: string): Promise<ConnectionTestHistory>;
  /** Tests values that are not saved; with an id, what is left out comes from the record. Stores nothing. */
  testUnsaved(
    input: CredentialInput | ({ id: string } & CredentialUpdate),
    test: ConnectionTestInput,
  ): Promise<ConnectionTestResult>;
  options(): Promise<CredentialOptions>;
  roleSetup(input: RoleSetupInput, caller?: Caller): Promise<RoleSetup>;
  /** All or nothing. Idempotent by name. */
  import(declaration: unknown, resolveReference: ResolveReference, caller: Caller): Promise<ImportResult>;
  /** A session of the credential, with extra roles on top. The operator's policy is checked each time. */
  open(id: string, extraHops?: readonly ExtraHop[]): Promise<AwsSession>;
  /** The base credential of the settings, else the method `default` where it is allowed. */
  openDefault(extraHops?: readonly ExtraHop[]): Promise<AwsSession>;
  /** Credentials whose scheduled test is due, oldest first, 100 at most. */
  recheckDue(now: number): Promise<string[]>;
  /**
   * Identity and roles only: no probe, nothing that costs. What the last test said of services and external IDs stays
   * on the record.
   */
  recheck(id: string): Promise<ConnectionTestResult>;
  /** The last test's outcome of every credential, for gauges. */
  statuses(): Promise<CredentialState[]>;
  registerUsers(find: (credentialId: string) => Promise<CredentialUser[]>): void;
}

export function createCredentials(dependencies: CredentialsDependencies): Credentials {
  const { db, vault, aws, externalIds, clock, random, log, policy } = dependencies;
  const userSources: ((id: string) => Promise<CredentialUser[]>)[] = [];
  const records = createRecords({ vault, externalIds, clock, random, policy, addressRules: aws.policy });

  externalIds.registerUsage(async (externalId) => {
    const found = await credentialsWithExternalId(db.kysely, externalId);
    return found.map(({ id, name }) => ({ kind: "credential", id, name }));
  });

  async function usersOf(id: string): Promise<CredentialUser[]> {
    const users = await Promise.all(userSources.map((find) => find(id)));
    return users.flat();
  }

  async function viewsOf(rows: readonly StoredCredential[]): Promise<Credential[]> {
    const fingerprints = rows.flatMap((row) => row.key_fingerprint ?? []);
    const shared = await sharedFingerprints(db.kysely, fingerprints);
    return Promise.all(
      rows.map(async (row) => viewOf(row, { now: clock.now(), usedBy: await usersOf(row.id), shared })),
    );
  }

  async function view(id: string): Promise<Credential> {
    const [credential] = await viewsOf([await getCredential(db.kysely, id)]);
    return credential as Credential;
  }

  async function testStored(id: string, input: ConnectionTestInput): Promise<ConnectionTestResult> {
    const stored = await getCredential(db.kysely, id);
    return keepResult(stored, await runStored(stored, input), "manual");
  }

  async function runStored(stored: StoredCredential, input: ConnectionTestInput) {
    enforcePolicy(policy, stored.method, stored.settings.roleChain.length);
    const opened = await records.open(stored, db.kysely);
    return runConnectionTest(sourceOf(opened), input, { aws, clock, random });
  }

  /** What keeps the test from even beginning is a result too: else it would be tried again without end, and the record say "ok". */
  async function recheckStored(id: string): Promise<ConnectionTestResult> {
    const stored = await getCredential(db.kysely, id);
    const result = await runStored(stored, { services: [], checkExternalId: false }).catch((error) => {
      if (!(error instanceof AppError) || !unusableCodes.has(error.code)) throw error;
      return refusedResult(error, clock.now());
    });
    const earlier = stored.last_test as ConnectionTestResult | null;
    return keepResult(stored, withEarlierChecks(result, earlier), "schedule");
  }

  async function keepResult(
    stored: StoredCredential,
    result: ConnectionTestResult,
    trigger: ConnectionTestTrigger,
  ) {
    await storeTest(db.kysely, stored, result, trigger);
    const { overall, tookMs } = result;
    log.info("Tested a credential.", { credentialId: stored.id, overall, tookMs, trigger });
    return result;
  }

  function checkExtraHops(region: string, hops: readonly ExtraHop[]): void {
    const partition = partitionOfRegion(region)?.id;
    const foreign = hops.find((hop) => hop.roleArn.split(":")[1] !== partition);
    if (!foreign) return;
    throw new AppError("validation_failed", {
      message: `The role ${foreign.roleArn} is not in the partition ${partition} of the region ${region}.`,
      fields: [{ path: "roleArn", message: `Not in the partition ${partition} of the credential's region.` }],
    });
  }

  async function open(id: string, extraHops: readonly ExtraHop[] = []): Promise<AwsSession> {
    const stored = await getCredential(db.kysely, id);
    enforcePolicy(policy, stored.method, stored.settings.roleChain.length + extraHops.length);
    checkExtraHops(stored.region, extraHops);
    return aws.open(
      sourceOf(
        await records.open(stored, db.kysely),
        extraHops.map((hop) => toRoleHop(hop, id)),
      ),
    );
  }

  /** The server's own identity, as the SDK finds it. */
  function openServer(extraHops: readonly ExtraHop[]): AwsSession {
    enforcePolicy(policy, "default", extraHops.length);
    const region = policy.region ?? "us-east-1";
    checkExtraHops(region, extraHops);
    const roleChain = extraHops.map((hop) => toRoleHop(hop, "base"));
    return aws.open({ ...plainSource, recordId: "base", version: 0, method: "default", region, roleChain });
  }

  return {
    async list(query) {
      const { rows, totalItems } = await listCredentials(db.kysely, query);
      return pageOf(await viewsOf(rows), query, totalItems);
    },

    get: view,

    async create(input, caller) {
      const id = await db.kysely
        .transaction()
        .execute((transaction) => records.insert(transaction, input, caller, false));
      log.info("Created a credential.", { credentialId: id, method: input.method, by: caller.arn });
      return view(id);
    },

    async update(id, { version, ...fields }, caller) {
      await db.kysely.transaction().execute(async (transaction) => {
        const current = await lockCredential(transaction, id);
        if (current.read_only) throw new AppError("credential_read_only");
        if (current.version !== version) throw new AppError("version_conflict");
        await records.change(transaction, current, fields, caller, false);
      });
      aws.invalidate(id);
      log.info("Changed a credential.", { credentialId: id, changed: Object.keys(fields), by: caller.arn });
      return view(id);
    },

    async remove(id, caller) {
      const stored = await getCredential(db.kysely, id);
      if (stored.read_only) throw new AppError("credential_read_only");
      const users = await usersOf(id);
      if (users.length > 0) {
        throw new AppError("credential_in_use", {
          message: `The credential is used by ${users.map((user) => user.name).join(", ")}.`,
          fields: users.map((user) => ({ path: user.id, message: `${user.kind} ${user.name}` })),
        });
      }
      if ((await dependencies.baseCredentialId?.()) === id) {
        throw new AppError("credential_in_use", {
          message:
            "The credential is the base credential of this server, which assumes the roles of integrations without a credential of their own. Choose another in the settings first.",
          fields: [{ path: "baseCredentialId", message: "setting baseCredentialId" }],
        });
      }
      await db.kysely.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("credentials").where("id", "=", id).execute();
        await vault.remove(sealedKind, id, { executor: transaction });
      });
      aws.invalidate(id);
      log.info("Deleted a credential.", { credentialId: id, by: caller.arn });
    },

    test: testStored,

    async tests(id) {
      const { id: found } = await getCredential(db.kysely, id);
      return { items: await listTests(db.kysely, found) };
    },

    async testUnsaved(input, test) {
      const { current, fields } = await currentOf(input);
      const recordId = current?.id ?? random.uuid();
      const context = { recordId, caller: { arn: "" }, executor: db.kysely, mayCreate: false };
      const { draft, chain } = await records.prepare(current, fields, context);
      const stored = current ? await records.openSecrets(current, db.kysely) : {};
      const opened: OpenedCredential = {
        id: recordId,
        version: current?.version ?? 0,
        method: draft.method,
        region: draft.region,
        settings: { ...draft.settings, roleChain: chain },
        secrets: mergeSecrets(draft, stored),
      };
      return runConnectionTest(sourceOf(opened), test, { aws, clock, random });
    },

    options: () => credentialOptions(aws, policy),

    roleSetup: createRoleSetup({
      externalIds,
      identityOf: async (id) => (await view(id)).identity?.arn,
      defaultBaseId: dependencies.baseCredentialId,
      serverIdentity: async () => {
        if (!policy.allowedMethods.includes("default")) return undefined;
        return openServer([])
          .identity()
          .then(({ arn }) => arn)
          .catch(() => undefined);
      },
    }),

    async import(declaration, resolveReference, caller) {
      const result = await importCredentials(declaration, resolveReference, {
        db,
        insert: (executor, input, readOnly) => records.insert(executor, input, caller, readOnly),
        change: (executor, current, fields, readOnly) =>
          records.change(executor, current, fields, caller, readOnly),
        openSecrets: records.openSecrets,
      });
      for (const item of result.items) if (item.action === "updated") aws.invalidate(item.id);
      log.info("Imported credentials.", { count: result.items.length, by: caller.arn });
      return result;
    },

    open,

    async openDefault(extraHops = []) {
      const baseId = await dependencies.baseCredentialId?.();
      return baseId ? open(baseId, extraHops) : openServer(extraHops);
    },

    recheckDue: (now) =>
      untestedSince(db.kysely, new Date(now - (policy.credentialRecheckHours ?? 24) * 3_600_000), 100),
    recheck: recheckStored,
    async statuses() {
      const rows = await credentialStatuses(db.kysely);
      return rows.map(({ tested_at: testedAt, ...row }) => ({ ...row, testedAt }));
    },
    registerUsers: (find) => {
      userSources.push(find);
    },
  };

  async function currentOf(
    input: CredentialInput | ({ id: string } & CredentialUpdate),
  ): Promise<{ current: StoredCredential | undefined; fields: CredentialFields }> {
    if (!("id" in input)) return { current: undefined, fields: input };
    const { id, version: _, ...fields } = input;
    return { current: await getCredential(db.kysely, id), fields };
  }
}

function toRoleHop(hop: ExtraHop, recordId: string): RoleHop {
  return {
    roleArn: hop.roleArn,
    externalId: hop.externalId || undefined,
    sessionName: hop.sessionName ?? defaultSessionName(recordId),
    durationSeconds: 3600,
  };
}

function mergeSecrets(draft: Draft, stored: OpenedCredential["secrets"]): OpenedCredential["secrets"] {
  const entries = secretFields.map((field) => {
    const planned = draft.secrets[field];
    return [field, planned === "keep" ? stored[field] : planned === "clear" ? undefined : planned];
  });
  return Object.fromEntries(entries);
}
