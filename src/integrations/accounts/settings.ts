import type { z } from "zod";
import {
  type accountRoleInput,
  externalId as externalIdText,
  type FieldProblem,
  type organizationInput,
  roleArn as roleArnText,
} from "../../contract/index.ts";

/** Which accounts an integration pulls besides its own; part of the settings of its type. */
export interface AccountSettings {
  readonly accounts?: readonly ListedAccount[];
  readonly organization?: OrganizationSettings;
}

export interface ListedAccount {
  readonly roleArn: string;
  readonly externalId?: string;
  readonly name?: string;
}

export interface OrganizationSettings {
  readonly roleName: string;
  readonly externalId?: string;
  readonly includeAccounts?: readonly string[];
  readonly excludeAccounts?: readonly string[];
  readonly organizationalUnits?: readonly string[];
  readonly managementRoleArn?: string;
}

/** True when the credential is only the way in, and accounts are pulled through roles. */
export function hasAccounts({ accounts, organization }: AccountSettings): boolean {
  return (accounts?.length ?? 0) > 0 || organization !== undefined;
}

/** The account that a role, or anyone in AWS, belongs to. */
export function accountOfArn(arn: string): string | undefined {
  return /^arn:[\w-]+:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1];
}

export type AccountsInput = readonly z.infer<typeof accountRoleInput>[] | null | undefined;
export type OrganizationInput = z.infer<typeof organizationInput> | null | undefined;

/** Every account may be there once: twice would cost twice and store the same points. `path` is that of the configuration. */
export function readAccounts(
  input: AccountsInput,
  path: string,
  problems: FieldProblem[],
): readonly ListedAccount[] | undefined {
  const seen = new Map<string, number>();
  return input?.map((given, index) => {
    const at = `${path}.accounts.${index}`;
    const roleArn = given.roleArn.trim();
    const accountId = accountOfArn(roleArn);
    if (!roleArnText.safeParse(roleArn).success || accountId === undefined) {
      problems.push({ path: `${at}.roleArn`, message: notARole });
    } else if (seen.has(accountId)) {
      problems.push({
        path: `${at}.roleArn`,
        message: `The account of this role is there already, as accounts.${seen.get(accountId)}.`,
      });
    } else {
      seen.set(accountId, index);
    }
    const externalId = readExternalId(given.externalId, `${at}.externalId`, problems);
    const name = given.name?.trim();
    if (name && invisible.test(name)) {
      problems.push({ path: `${at}.name`, message: "Control characters are not allowed." });
    }
    return { roleArn, ...(externalId && { externalId }), ...(name && { name }) };
  });
}

/** What could break a line, or turn the direction of text around so that one name looks like another. */
const invisible = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

const notARole = "Not a role ARN, such as arn:aws:iam::<account>:role/<name>.";

export function readOrganization(
  input: OrganizationInput,
  path: string,
  problems: FieldProblem[],
): OrganizationSettings | undefined {
  if (!input) return undefined;
  const at = `${path}.organization`;
  const roleName = input.roleName.trim();
  if (!/^[\w+=,.@-][\w+=,.@/-]{0,511}$/.test(roleName)) {
    problems.push({
      path: `${at}.roleName`,
      message:
        "The name of a role, with its path if it has one, such as NephoscopeRead or monitoring/NephoscopeRead.",
    });
  }
  const managementRoleArn = input.managementRoleArn?.trim();
  if (managementRoleArn && !roleArnText.safeParse(managementRoleArn).success) {
    problems.push({ path: `${at}.managementRoleArn`, message: notARole });
  }
  const unit = input.organizationalUnits?.findIndex((id) => !unitId.test(id)) ?? -1;
  if (unit >= 0) {
    problems.push({
      path: `${at}.organizationalUnits.${unit}`,
      message: "The id of an organizational unit, such as ou-ab12-cdef3456, or of a root, such as r-ab12.",
    });
  }
  const externalId = readExternalId(input.externalId, `${at}.externalId`, problems);
  const includeAccounts = readAccountIds(input.includeAccounts, `${at}.includeAccounts`, problems);
  const excludeAccounts = readAccountIds(input.excludeAccounts, `${at}.excludeAccounts`, problems);
  return {
    roleName,
    ...(externalId && { externalId }),
    ...(includeAccounts && { includeAccounts }),
    ...(excludeAccounts && { excludeAccounts }),
    ...(input.organizationalUnits?.length && {
      organizationalUnits: [...new Set(input.organizationalUnits)],
    }),
    ...(managementRoleArn && { managementRoleArn }),
  };
}

const unitId = /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/;

/** Undefined for none. */
export function readAccountIds(
  ids: readonly string[] | null | undefined,
  path: string,
  problems: FieldProblem[],
): readonly string[] | undefined {
  const bad = ids?.findIndex((id) => !/^\d{12}$/.test(id)) ?? -1;
  if (bad >= 0) problems.push({ path: `${path}.${bad}`, message: "An account id has 12 digits." });
  return ids?.length ? [...new Set(ids)] : undefined;
}

function readExternalId(given: string | null | undefined, path: string, problems: FieldProblem[]) {
  const externalId = given?.trim();
  if (externalId && !externalIdText.safeParse(externalId).success) {
    problems.push({ path, message: "2 to 1,224 letters, digits and _+=,.@:/- ." });
  }
  return externalId;
}

/** What the integration's own role and external ID have to do with the accounts. */
export function checkAccounts(
  settings: AccountSettings,
  own: { roleArn: string; externalId: string; credentialId: string | null },
  path: string,
  problems: FieldProblem[],
): void {
  const { accounts = [], organization } = settings;
  const ownAccount = accountOfArn(own.roleArn);
  for (const [index, { roleArn, externalId }] of accounts.entries()) {
    const at = `${path}.accounts.${index}`;
    if (ownAccount !== undefined && accountOfArn(roleArn) === ownAccount) {
      problems.push({
        path: `${at}.roleArn`,
        message: "The account of this role is pulled already, through baseCredentials.roleArn.",
      });
    }
    if (!externalId) checkGuarded(own, `${at}.externalId`, problems);
    if (partitionOf(roleArn) !== partitionOf(own.roleArn || (accounts[0]?.roleArn ?? ""))) {
      problems.push({
        path: `${at}.roleArn`,
        message: "Of another partition than the others: make an integration for each partition.",
      });
    }
  }
  if (organization && !organization.externalId)
    checkGuarded(own, `${path}.organization.externalId`, problems);
}

function partitionOf(arn: string): string | undefined {
  return arn.split(":")[1];
}

/**
 * Without a credential of their own the roles are assumed by this server, whose identity others share: only an external ID then
 * keeps one customer's roles from another.
 */
function checkGuarded(
  { externalId, credentialId }: { externalId: string; credentialId: string | null },
  path: string,
  problems: FieldProblem[],
): void {
  if (externalId !== "" || credentialId !== null) return;
  problems.push({
    path,
    message:
      "Needed, here or in baseCredentials: create one with POST /api/v2/cloudintegration/awsExternalId and put it into the trust policy of the roles.",
  });
}

/** External IDs besides the integration's own. */
export function externalIdsOf({ accounts = [], organization }: AccountSettings): string[] {
  const all = [...accounts.map(({ externalId }) => externalId), organization?.externalId];
  return [...new Set(all.filter((externalId) => externalId !== undefined))];
}
