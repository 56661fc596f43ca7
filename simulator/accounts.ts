import { createHmac } from "node:crypto";
import type { Random } from "../src/base/index.ts";
import type { AccountSize } from "./inventory.ts";
import type { Organization } from "./organization.ts";
import type { Permissions } from "./permissions.ts";

export interface SimulatedAccount {
  readonly id: string;
  readonly alias: string;
  readonly size: AccountSize;
}

export interface SimulatedTrust {
  readonly principals: readonly string[];
  /** One of these must be presented; undefined when the trust policy has no such condition. */
  readonly externalIds: readonly string[] | undefined;
  /** Claims of the web identity tokens that may assume the role. */
  readonly webIdentity?: { readonly subject: string; readonly audience: string };
}

export interface SimulatedUser {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly permissions: Permissions;
}

export interface SimulatedRole {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly permissions: Permissions;
  readonly trust: SimulatedTrust;
  /** MaxSessionDuration. */
  readonly sessionSecondsMax: number;
}

/** Who signed a request. */
export interface SimulatedPrincipal {
  readonly kind: "root" | "user" | "session";
  readonly accountId: string;
  readonly arn: string;
  readonly userId: string;
  /** Set for sessions. */
  readonly roleArn: string | undefined;
  readonly permissions: Permissions;
}

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Session extends KeyPair {
  readonly sessionToken: string;
  readonly expiresAtMs: number;
  readonly arn: string;
  /** `AROA…:session name`. */
  readonly userId: string;
}

export interface FoundKey {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiresAtMs?: number;
  readonly principal: SimulatedPrincipal;
}

/** The identity part of a simulated AWS. Every change takes effect with the next request. */
export interface Accounts {
  readonly all: readonly SimulatedAccount[];
  find(accountId: string): SimulatedAccount | undefined;
  findRole(arn: string): SimulatedRole | undefined;
  findUser(arn: string): SimulatedUser | undefined;
  findKey(accessKeyId: string): FoundKey | undefined;
  addAccount(account: SimulatedAccount): void;
  /** The one organization of this AWS, if there is one. */
  readonly organization: Organization | undefined;
  setOrganization(organization: Organization | undefined): void;
  /** Accounts whose metrics this account may read, as CloudWatch's cross-account observability (OAM) links them. */
  linkedTo(monitoringAccountId: string): readonly string[];
  setLinks(monitoringAccountId: string, sourceAccountIds: readonly string[]): void;
  addUser(user: {
    accountId: string;
    name: string;
    allow?: readonly string[];
    deny?: readonly string[];
  }): string;
  /** Keys of the root user when given an account's root ARN. */
  addAccessKey(userArn: string): KeyPair;
  deactivateKey(accessKeyId: string): void;
  addRole(role: {
    accountId: string;
    name: string;
    principals: readonly string[];
    externalIds?: readonly string[];
    webIdentity?: { subject: string; audience: string };
    allow?: readonly string[];
    deny?: readonly string[];
    sessionSecondsMax?: number;
  }): string;
  /** `undefined` drops the condition: the role then accepts any external ID, and none. */
  setExternalIds(roleArn: string, externalIds: readonly string[] | undefined): void;
  /** Nobody is trusted any more; sessions that exist live on, as in AWS. */
  revokeTrust(roleArn: string): void;
  setTrustedPrincipals(roleArn: string, principals: readonly string[]): void;
  allow(arn: string, action: string): void;
  deny(arn: string, action: string): void;
  /** Takes back a denial. */
  undeny(arn: string, action: string): void;
  openSession(role: SimulatedRole, name: string, expiresAtMs: number): Session;
  /** Ends all sessions at once. */
  expireSessions(nowMs: number): void;
}

interface StoredKey extends KeyPair {
  readonly userArn: string;
  active: boolean;
}

interface StoredSession extends Session {
  readonly roleArn: string;
}

/** Sessions are forgotten oldest first beyond this number, so that a long benchmark does not grow without end. */
const sessionsMax = 10_000;
const rootPermissions: Permissions = { allow: ["*"], deny: [] };

/**
 * `seed` decides key ids and secrets, so that a demo can print the same commands each time; sessions come from
 * `random`.
 */
export function createAccounts(options: { seed: number; random: Random }): Accounts {
  const accounts = new Map<string, SimulatedAccount>();
  const users = new Map<string, SimulatedUser>();
  const roles = new Map<string, SimulatedRole>();
  const keys = new Map<string, StoredKey>();
  const sessions = new Map<string, StoredSession>();
  const links = new Map<string, readonly string[]>();
  let organization: Organization | undefined;
  const derive = (purpose: string) =>
    createHmac("sha256", `nephoscope-simulator/${options.seed}`).update(purpose);
  const derivedId = (prefix: string, purpose: string) =>
    prefix + derive(purpose).digest("hex").toUpperCase().slice(0, 16);

  const changeRole = (arn: string, change: (role: SimulatedRole) => SimulatedRole) => {
    const role = roles.get(arn);
    if (!role) throw new Error(`There is no simulated role ${arn}.`);
    roles.set(arn, change(role));
  };
  const changePermissions = (arn: string, change: (permissions: Permissions) => Permissions) => {
    const user = users.get(arn);
    if (user) users.set(arn, { ...user, permissions: change(user.permissions) });
    else changeRole(arn, (role) => ({ ...role, permissions: change(role.permissions) }));
  };

  const findPermanent = (accessKeyId: string): FoundKey | undefined => {
    const key = keys.get(accessKeyId);
    if (!key?.active) return undefined;
    const principal = principalOf(key.userArn, users.get(key.userArn));
    return principal && { secretAccessKey: key.secretAccessKey, principal };
  };
  const findTemporary = (accessKeyId: string): FoundKey | undefined => {
    const session = sessions.get(accessKeyId);
    const role = session && roles.get(session.roleArn);
    if (!session || !role) return undefined;
    const { arn, expiresAtMs, roleArn, secretAccessKey, sessionToken, userId } = session;
    return {
      secretAccessKey,
      sessionToken,
      expiresAtMs,
      // Permissions are those of the role now, not of the moment it was assumed.
      principal: {
        kind: "session",
        accountId: role.accountId,
        arn,
        userId,
        roleArn,
        permissions: role.permissions,
      },
    };
  };

  return {
    get all() {
      return [...accounts.values()];
    },
    find: (accountId) => accounts.get(accountId),
    findRole: (arn) => roles.get(arn),
    findUser: (arn) => users.get(arn),
    findKey: (accessKeyId) => findPermanent(accessKeyId) ?? findTemporary(accessKeyId),
    addAccount: (account) => {
      accounts.set(account.id, account);
    },
    get organization() {
      return organization;
    },
    setOrganization: (next) => {
      organization = next;
    },
    linkedTo: (monitoringAccountId) => links.get(monitoringAccountId) ?? [],
    setLinks: (monitoringAccountId, sourceAccountIds) => {
      links.set(monitoringAccountId, sourceAccountIds);
    },
    addUser: ({ accountId, name, allow = ["*"], deny = [] }) => {
      const arn = `arn:aws:iam::${accountId}:user/${name}`;
      users.set(arn, { arn, id: derivedId("AIDA", arn), name, accountId, permissions: { allow, deny } });
      return arn;
    },
    addAccessKey: (userArn) => {
      const purpose = `${userArn}/key-${keys.size}`;
      const key = {
        accessKeyId: derivedId("AKIA", purpose),
        secretAccessKey: derive(`${purpose}/secret`).digest("base64").slice(0, 40),
      };
      keys.set(key.accessKeyId, { ...key, userArn, active: true });
      return key;
    },
    deactivateKey: (accessKeyId) => {
      const key = keys.get(accessKeyId);
      if (!key) throw new Error(`There is no simulated access key ${accessKeyId}.`);
      key.active = false;
    },
    addRole: ({
      accountId,
      name,
      principals,
      externalIds,
      webIdentity,
      allow = ["*"],
      deny = [],
      sessionSecondsMax,
    }) => {
      const arn = `arn:aws:iam::${accountId}:role/${name}`;
      roles.set(arn, {
        arn,
        id: derivedId("AROA", arn),
        name,
        accountId,
        permissions: { allow, deny },
        trust: { principals, externalIds, ...(webIdentity ? { webIdentity } : {}) },
        sessionSecondsMax: sessionSecondsMax ?? 3_600,
      });
      return arn;
    },
    setExternalIds: (roleArn, externalIds) =>
      changeRole(roleArn, (role) => ({ ...role, trust: { ...role.trust, externalIds } })),
    revokeTrust: (roleArn) =>
      changeRole(roleArn, (role) => ({
        ...role,
        trust: { principals: [], externalIds: role.trust.externalIds },
      })),
    setTrustedPrincipals: (roleArn, principals) =>
      changeRole(roleArn, (role) => ({ ...role, trust: { ...role.trust, principals } })),
    allow: (arn, action) =>
      changePermissions(arn, (before) => ({ ...before, allow: [...before.allow, action] })),
    deny: (arn, action) =>
      changePermissions(arn, (before) => ({ ...before, deny: [...before.deny, action] })),
    undeny: (arn, action) =>
      changePermissions(arn, (before) => ({
        ...before,
        deny: before.deny.filter((item) => item !== action),
      })),
    openSession: (role, name, expiresAtMs) => {
      const session: StoredSession = {
        accessKeyId: `ASIA${options.random.bytes(8).toString("hex").toUpperCase()}`,
        secretAccessKey: options.random.bytes(30).toString("base64"),
        sessionToken: options.random.bytes(180).toString("base64"),
        expiresAtMs,
        arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${name}`,
        userId: `${role.id}:${name}`,
        roleArn: role.arn,
      };
      sessions.set(session.accessKeyId, session);
      const oldest = sessions.keys().next().value;
      if (sessions.size > sessionsMax && oldest !== undefined) sessions.delete(oldest);
      return session;
    },
    expireSessions: (nowMs) => {
      for (const [id, session] of sessions) sessions.set(id, { ...session, expiresAtMs: nowMs });
    },
  };
}

function principalOf(userArn: string, user: SimulatedUser | undefined): SimulatedPrincipal | undefined {
  const root = /^arn:aws:iam::(\d{12}):root$/.exec(userArn);
  if (root?.[1])
    return {
      kind: "root",
      accountId: root[1],
      arn: userArn,
      userId: root[1],
      roleArn: undefined,
      permissions: rootPermissions,
    };
  if (!user) return undefined;
  const { accountId, arn, id, permissions } = user;
  return { kind: "user", accountId, arn, userId: id, roleArn: undefined, permissions };
}
