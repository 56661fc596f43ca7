import { listOrganizationAccounts } from "../../aws/index.ts";
import { AppError } from "../../base/index.ts";
import type { FieldProblem } from "../../contract/index.ts";
import { type AwsFailure, openBase, TimeoutError, timedOut, withinTime } from "../connection.ts";
import type { IntegrationsDeps } from "../dependencies.ts";
import type { IntegrationSettings } from "../records.ts";
import { typeOf } from "../types/index.ts";
import {
  managementHops,
  namedAccounts,
  type OwnSettings,
  organizationAccounts,
  type PlannedAccount,
  sample,
} from "./plan.ts";

/** Clients wait for the answer, and the slowest gives up at 30 s, of which the credential's own test may take half. */
const checkTimeoutMs = 12_000;
const accountsAtOnce = 8;

/** Roles that are tried at most: of more, as many spread over all of them. */
export const triedMax = 40;
const triedOfOrganizationMax = 8;

export interface AccountsCheck {
  /** In one message, what cannot be used; null when all that was tried can. */
  readonly message: string | null;
  readonly fields: readonly FieldProblem[];
}

type Deps = Pick<IntegrationsDeps, "credentials" | "classify" | "clock">;

/**
 * Tries the roles of the accounts that the settings name. Of an organization one usable account is enough: its management
 * account, for one, seldom has the role that all others have.
 */
export async function checkAccounts(deps: Deps, settings: IntegrationSettings): Promise<AccountsCheck> {
  const deadline = deps.clock.now() + checkTimeoutMs;
  const own: OwnSettings = {
    ...typeOf(settings.service).accountsOf(settings.config),
    roleArn: settings.roleArn,
    externalId: settings.externalId,
  };
  const listed = namedAccounts(own).filter(({ origin }) => origin === "listed");
  const tried = sample(listed, triedMax);
  const refused = await tryAll(deps, settings, tried, deadline);
  const fields = refused.map(({ account, failure }) => ({
    path: `cloudWatch.accounts.${listed.indexOf(account)}.roleArn`,
    message: `${failure.cause}: ${failure.message}`,
  }));
  const problems = [
    describe(refused, tried.length, listed.length),
    own.organization && (await checkOrganization(deps, settings, own, deadline)),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0 && fields.length === 0) {
    fields.push({ path: "cloudWatch.organization", message: problems.join(" ") });
  }
  return { message: problems.length > 0 ? problems.join(" ") : null, fields };
}

async function checkOrganization(
  deps: Deps,
  settings: IntegrationSettings,
  own: OwnSettings,
  deadline: number,
): Promise<string | undefined> {
  const { organization } = own;
  if (!organization) return undefined;
  try {
    const manager = await openBase(
      deps.credentials,
      settings.credentialId,
      managementHops(organization, own),
    );
    const found = await withinTime(deps.clock, left(deps, deadline), (signal) =>
      listOrganizationAccounts(manager, organization.organizationalUnits ?? [], signal),
    );
    const options = { externalId: own.externalId, region: manager.region };
    const wanted = organizationAccounts(found, organization, options).filter(({ suspended }) => !suspended);
    if (wanted.length === 0) return "The organization has no active account that the settings want.";
    const tried = sample(wanted, triedOfOrganizationMax);
    const refused = await tryAll(deps, settings, tried, deadline);
    return refused.length < tried.length ? undefined : describe(refused, tried.length, wanted.length);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { cause, message } = failureOf(deps, error);
    return `The accounts of the organization could not be listed (${cause}): ${message}`;
  }
}

interface Refused {
  readonly account: PlannedAccount;
  readonly failure: AwsFailure;
}

async function tryAll(
  deps: Deps,
  { credentialId }: IntegrationSettings,
  accounts: readonly PlannedAccount[],
  deadline: number,
): Promise<Refused[]> {
  const refused: Refused[] = [];
  const queue = accounts.values();
  const work = async () => {
    for (const account of queue) {
      try {
        const session = await openBase(deps.credentials, credentialId, account.hop ? [account.hop] : []);
        await withinTime(deps.clock, left(deps, deadline), () => session.identity());
      } catch (error) {
        if (error instanceof AppError) throw error;
        refused.push({ account, failure: failureOf(deps, error) });
      }
    }
  };
  await Promise.all(Array.from({ length: accountsAtOnce }, work));
  return refused.sort((a, b) => accounts.indexOf(a.account) - accounts.indexOf(b.account));
}

function left({ clock }: Deps, deadline: number): number {
  return Math.max(1, deadline - clock.now());
}

function failureOf({ classify }: Deps, error: unknown): AwsFailure {
  return error instanceof TimeoutError ? timedOut : classify(error);
}

/** The first few by name. */
function describe(refused: readonly Refused[], tried: number, all: number): string | undefined {
  if (refused.length === 0) return undefined;
  const named = refused.slice(0, 5).map(({ account, failure }) => {
    const name = account.name === null ? "" : ` (${account.name})`;
    return `${account.accountId}${name}: ${failure.cause}: ${failure.message}`;
  });
  const more = refused.length > named.length ? ` And ${refused.length - named.length} more.` : "";
  const of = tried < all ? `${tried} tried accounts of ${all}` : `${all} accounts`;
  return `${refused.length} of ${of} could not be used. ${named.join(" ")}${more}`;
}
