import type { FoundAccount } from "../../aws/index.ts";
import { type AccountState, type IntegrationAccount, partitionOfRegion } from "../../contract/index.ts";
import type { AwsFailure, AwsSession, RoleHop } from "../connection.ts";
import { type AccountSettings, accountOfArn, type OrganizationSettings } from "./settings.ts";

/** More than AWS Organizations gives without being asked; what is beyond it is not pulled, and the run says so. */
export const accountsMax = 1_000;

/** An account as far as the settings and the organization tell. */
export interface KnownAccount {
  readonly accountId: string;
  readonly name: string | null;
  readonly roleArn: string | null;
  readonly origin: IntegrationAccount["origin"];
  readonly suspended: boolean;
}

/** How an account's part of a run went. */
export interface AccountOutcome {
  readonly state: Extract<AccountState, "ok" | "failing" | "denied">;
  readonly error: string | null;
  /** Newest stored point, and different metrics among what was stored; null when nothing was. */
  readonly latestPointAt: number | null;
  readonly metrics: number | null;
}

/** An account to pull, and the role in it; no role when the integration's own session belongs to it. */
export interface PlannedAccount extends KnownAccount {
  readonly hop: RoleHop | undefined;
}

/** The accounts of one run. */
export interface RunAccounts {
  /** False: the session's own account is the only one. */
  readonly several: boolean;
  /** Who is to be pulled, those that waited longest first, and what went wrong in finding out. */
  find(
    signal: AbortSignal,
  ): Promise<{ accounts: readonly PlannedAccount[]; problems: readonly AwsFailure[] }>;
  /** Nothing is asked here: the role is assumed when the first call needs it. */
  open(account: PlannedAccount): Promise<AwsSession>;
  record(account: PlannedAccount, outcome: AccountOutcome): Promise<void>;
  /** The only account; nothing is noted when its id is not known. */
  recordOwn(accountId: string | undefined, outcome: AccountOutcome): Promise<void>;
}

/** Some of the accounts, for a preview. */
export interface PreviewAccounts {
  readonly all: ReadonlySet<string>;
  readonly sampled: readonly {
    readonly accountId: string;
    readonly name: string | null;
    readonly session: AwsSession;
  }[];
}

export interface OwnSettings extends AccountSettings {
  readonly roleArn: string;
  readonly externalId: string;
}

/** The accounts that the settings name: the integration's own if it has a role, and those of the list. */
export function namedAccounts(settings: OwnSettings): PlannedAccount[] {
  const { roleArn, accounts = [] } = settings;
  const own = accountOfArn(roleArn);
  return [
    ...(own === undefined
      ? []
      : [{ accountId: own, name: null, roleArn, origin: "own" as const, suspended: false, hop: undefined }]),
    ...accounts.map(({ roleArn: role, name, externalId }) => ({
      accountId: accountOfArn(role) ?? role,
      name: name ?? null,
      roleArn: role,
      origin: "listed" as const,
      suspended: false,
      hop: hopOf(role, externalId ?? settings.externalId),
    })),
  ];
}

/** The wanted accounts of an organization, each with the role of the settings. */
export function organizationAccounts(
  found: readonly FoundAccount[],
  organization: OrganizationSettings,
  { externalId, region }: { externalId: string; region: string },
): PlannedAccount[] {
  const include = new Set(organization.includeAccounts);
  const exclude = new Set(organization.excludeAccounts);
  const partition = partitionOfRegion(region)?.id ?? "aws";
  return found
    .filter(({ accountId }) => (include.size === 0 || include.has(accountId)) && !exclude.has(accountId))
    .map(({ accountId, name, suspended }) => {
      const roleArn = `arn:${partition}:iam::${accountId}:role/${organization.roleName}`;
      const hop = hopOf(roleArn, organization.externalId ?? externalId);
      return { accountId, name: name || null, roleArn, origin: "organization" as const, suspended, hop };
    });
}

/** Each account once: what the settings name goes before what the organization has. */
export function combine(
  named: readonly PlannedAccount[],
  ofOrganization: readonly PlannedAccount[],
): PlannedAccount[] {
  const known = new Map(named.map((account) => [account.accountId, account]));
  return [...named, ...ofOrganization.filter(({ accountId }) => !known.has(accountId))];
}

/** Those that waited longest first, so that a run that has no time for all leaves others out than the one before. */
export function inTurn(
  accounts: readonly PlannedAccount[],
  lastRuns: ReadonlyMap<string, number>,
): PlannedAccount[] {
  const lastRun = ({ accountId }: PlannedAccount) => lastRuns.get(accountId) ?? 0;
  return accounts.toSorted((a, b) => lastRun(a) - lastRun(b) || (a.accountId < b.accountId ? -1 : 1));
}

/** `count` of them, spread evenly over all. */
export function sample<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, n) => all[Math.floor((n * all.length) / count)] as T);
}

/** Who lists the accounts of the organization, on top of the credential. */
export function managementHops(organization: OrganizationSettings, own: OwnSettings): RoleHop[] {
  const { managementRoleArn, externalId } = organization;
  if (managementRoleArn) return [hopOf(managementRoleArn, externalId ?? own.externalId)];
  return own.roleArn === "" ? [] : [hopOf(own.roleArn, own.externalId)];
}

function hopOf(roleArn: string, externalId: string): RoleHop {
  return externalId === "" ? { roleArn } : { roleArn, externalId };
}
