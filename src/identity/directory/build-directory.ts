import type { CompiledPolicy } from "../policy/compile.ts";
import { arnOfPolicy, arnOfUser } from "../principals.ts";
import type { PolicyCompiler } from "./compile-policies.ts";
import type { DirectoryRows } from "./directory-queries.ts";

export interface DirectoryUser {
  readonly recordId: string;
  /** `AIDA…`. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly passwordCreatedAt: Date | undefined;
  /** Attached and inline policies, one pool. */
  readonly policies: readonly CompiledPolicy[];
  /** Attached policies, by name. */
  readonly policyNames: readonly string[];
  readonly inlinePolicyNames: readonly string[];
  readonly accessKeys: readonly DirectoryAccessKey[];
  readonly credentials: readonly DirectoryCredential[];
}

export interface DirectoryAccessKey {
  readonly recordId: string;
  readonly accessKeyId: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt: Date;
  /** Undefined for a key of root. */
  readonly user: DirectoryUser | undefined;
}

/** A service-specific credential. */
export interface DirectoryCredential {
  readonly recordId: string;
  /** `ACCA…`. */
  readonly id: string;
  readonly serviceName: string;
  /** What people call it. */
  readonly name: string;
  /** What its secret calls it; undefined where the secret holds no name. */
  readonly alias: string | undefined;
  /** The last characters of the secret, to tell tokens apart. */
  readonly hint: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  /** SHA-256 of the secret. */
  readonly digest: Buffer;
  readonly user: DirectoryUser;
}

/** All who may call, as of one moment; looking somebody up costs no input and no output. */
export interface Directory {
  /** By name. */
  readonly users: readonly DirectoryUser[];
  /** By `AIDA…`. */
  user(id: string): DirectoryUser | undefined;
  userByRecord(recordId: string): DirectoryUser | undefined;
  /** Whatever the case, as on AWS. */
  userByName(name: string): DirectoryUser | undefined;
  userByArn(arn: string): DirectoryUser | undefined;
  /** Of one who does not exist too: it would have been made without a path. */
  arnOfName(name: string): string;
  readonly rootAccessKeys: readonly DirectoryAccessKey[];
  accessKey(accessKeyId: string): DirectoryAccessKey | undefined;
  /** By `ACCA…`. */
  credential(id: string): DirectoryCredential | undefined;
  credentialByAlias(serviceName: string, alias: string): DirectoryCredential | undefined;
  /** By the hexadecimal SHA-256 of the secret. */
  credentialByDigest(digest: string): DirectoryCredential | undefined;
}

interface Context {
  readonly accountId: string;
  readonly compile: PolicyCompiler;
}

export function buildDirectory(rows: DirectoryRows, context: Context): Directory {
  const policiesOf = collectPolicies(rows, context);
  const users = rows.users
    .map((row) => toUser(row, policiesOf(row.id), context.accountId))
    .sort((a, b) => compareNames(a.name, b.name));
  const byRecord = new Map(users.map((user) => [user.recordId, user]));
  const accessKeys = rows.accessKeys
    .map((row) => toAccessKey(row, row.user_id === null ? undefined : byRecord.get(row.user_id)))
    .sort(byAge);
  const credentials = rows.credentials
    .flatMap((row) => {
      const user = byRecord.get(row.user_id);
      return user ? [toCredential(row, user)] : [];
    })
    .sort(byAge);
  for (const key of accessKeys) key.user?.accessKeys.push(key);
  for (const credential of credentials) credential.user.credentials.push(credential);
  return indexDirectory(users, accessKeys, credentials, context.accountId);
}

type Building = DirectoryUser & {
  readonly accessKeys: DirectoryAccessKey[];
  readonly credentials: DirectoryCredential[];
};

function indexDirectory(
  users: readonly DirectoryUser[],
  accessKeys: readonly DirectoryAccessKey[],
  credentials: readonly DirectoryCredential[],
  accountId: string,
): Directory {
  const byId = new Map(users.map((user) => [user.id, user]));
  const byRecord = new Map(users.map((user) => [user.recordId, user]));
  const byArn = new Map(users.map((user) => [user.arn, user]));
  const byName = new Map(users.map((user) => [user.name.toLowerCase(), user]));
  const keys = new Map(accessKeys.map((key) => [key.accessKeyId, key]));
  const byCredentialId = new Map(credentials.map((credential) => [credential.id, credential]));
  const byDigest = new Map(credentials.map((credential) => [credential.digest.toString("hex"), credential]));
  const byAlias = new Map<string, DirectoryCredential>();
  for (const credential of credentials) {
    if (credential.alias) byAlias.set(aliasKey(credential.serviceName, credential.alias), credential);
  }
  return {
    users,
    user: (id) => byId.get(id),
    userByRecord: (recordId) => byRecord.get(recordId),
    userByName: (name) => byName.get(name.toLowerCase()),
    userByArn: (arn) => byArn.get(arn),
    arnOfName: (name) => byName.get(name.toLowerCase())?.arn ?? arnOfUser(accountId, { path: "/", name }),
    rootAccessKeys: accessKeys.filter((key) => key.user === undefined),
    accessKey: (accessKeyId) => keys.get(accessKeyId),
    credential: (id) => byCredentialId.get(id),
    credentialByAlias: (serviceName, alias) => byAlias.get(aliasKey(serviceName, alias)),
    credentialByDigest: (digest) => byDigest.get(digest),
  };
}

interface UserPolicies {
  readonly compiled: readonly CompiledPolicy[];
  readonly names: readonly string[];
  readonly inlineNames: readonly string[];
}

function collectPolicies(rows: DirectoryRows, { accountId, compile }: Context) {
  const customer = new Map(
    rows.customerPolicies.map((row) => {
      const arn = arnOfPolicy(accountId, row);
      return [row.id, compile.customer({ name: row.name, arn, text: row.document })];
    }),
  );
  const attachments = Map.groupBy(rows.attachments, (row) => row.user_id);
  const inline = Map.groupBy(rows.inlinePolicies, (row) => row.user_id);
  return (userId: string): UserPolicies => {
    const attached = (attachments.get(userId) ?? [])
      .map((row) =>
        row.policy_name === null ? customer.get(row.policy_id ?? "") : compile.managed(row.policy_name),
      )
      .filter((policy) => policy !== undefined);
    const own = (inline.get(userId) ?? []).map(({ name, document }) =>
      compile.customer({ name, text: document }),
    );
    return {
      compiled: [...attached, ...own],
      names: attached.map(({ name }) => name).sort(compareNames),
      inlineNames: own.map(({ name }) => name).sort(compareNames),
    };
  };
}

function toUser(row: DirectoryRows["users"][number], policies: UserPolicies, accountId: string): Building {
  return {
    recordId: row.id,
    id: row.iam_id,
    name: row.name,
    path: row.path,
    arn: arnOfUser(accountId, row),
    createdAt: row.created_at,
    tags: row.tags,
    passwordCreatedAt: row.has_password ? (row.password_created_at ?? row.created_at) : undefined,
    policies: policies.compiled,
    policyNames: policies.names,
    inlinePolicyNames: policies.inlineNames,
    accessKeys: [],
    credentials: [],
  };
}

function toAccessKey(row: DirectoryRows["accessKeys"][number], user: Building | undefined) {
  return {
    recordId: row.id,
    accessKeyId: row.access_key_id,
    status: row.status,
    createdAt: row.created_at,
    user,
  };
}

function toCredential(row: DirectoryRows["credentials"][number], user: Building) {
  return {
    recordId: row.id,
    id: row.credential_id,
    serviceName: row.service_name,
    name: row.name,
    alias: row.alias ?? undefined,
    hint: row.hint,
    status: row.status,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    digest: Buffer.from(row.secret_hash, "hex"),
    user,
  };
}

function byAge(a: { createdAt: Date; recordId: string }, b: { createdAt: Date; recordId: string }): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.recordId < b.recordId ? -1 : 1);
}

/** Without regard to case, and the same on every machine. */
function compareNames(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** No service's name holds a space. */
function aliasKey(serviceName: string, alias: string): string {
  return `${serviceName} ${alias}`;
}
