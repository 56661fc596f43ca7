import type { Kysely } from "kysely";
import { type FoundAccount, listOrganizationAccounts } from "../../aws/index.ts";
import type { Clock, Log } from "../../base/index.ts";
import type { Tables } from "../../db/index.ts";
import {
  type AwsFailure,
  type AwsSession,
  type ClassifyFailure,
  type Credentials,
  openBase,
  type RoleHop,
} from "../connection.ts";
import type { IntegrationRecord } from "../records.ts";
import { typeOf } from "../types/index.ts";
import type { Listings } from "../types/integration-type.ts";
import {
  accountsMax,
  combine,
  inTurn,
  managementHops,
  namedAccounts,
  type OwnSettings,
  organizationAccounts,
  type PlannedAccount,
  type RunAccounts,
} from "./plan.ts";
import { accountOfArn, hasAccounts, type OrganizationSettings } from "./settings.ts";
import { type AccountsStore, createAccountsStore } from "./store.ts";

/** How long a list of an organization's accounts serves. */
const organizationAgeMax = 3_600_000;

export interface RunAccountsDeps {
  readonly db: Kysely<Tables>;
  readonly credentials: Credentials;
  readonly classify: ClassifyFailure;
  readonly listings: Listings;
  readonly clock: Clock;
  readonly log: Log;
  /** The integration's own session. */
  readonly session: AwsSession;
  /** What every session of the run goes through. */
  readonly counted: (session: AwsSession) => AwsSession;
}

export function openRunAccounts(deps: RunAccountsDeps, integration: IntegrationRecord): RunAccounts {
  const settings: OwnSettings = {
    ...typeOf(integration.service).accountsOf(integration.config),
    roleArn: integration.roleArn,
    externalId: integration.externalId,
  };
  const store = createAccountsStore(deps.db, integration.id);
  const openHops = async (hops: readonly RoleHop[]) =>
    deps.counted(await openBase(deps.credentials, integration.credentialId, hops));
  return {
    several: hasAccounts(settings),
    find: async (signal) => {
      const { organization } = settings;
      const listed = organization
        ? await listOrganization({ ...deps, store, openHops }, integration, organization, settings, signal)
        : { accounts: [], problem: undefined };
      const all = combine(namedAccounts(settings), listed.accounts);
      await store.note(all, { forgetOthers: listed.problem === undefined });
      const open = inTurn(
        all.filter(({ suspended }) => !suspended),
        await store.lastRuns(),
      );
      const problems = [listed.problem, tooMany(open.length), open.length === 0 ? none : undefined];
      return {
        accounts: open.slice(0, accountsMax),
        problems: problems.filter((problem) => problem !== undefined),
      };
    },
    open: async ({ hop }) => (hop ? openHops([hop]) : deps.session),
    record: (account, outcome) => store.record(account, outcome, deps.clock.now()),
    recordOwn: async (id, outcome) => {
      const accountId = id ?? accountOfArn(settings.roleArn);
      if (accountId === undefined) return;
      const roleArn = settings.roleArn || null;
      const own = { accountId, name: null, roleArn, origin: "own", suspended: false } as const;
      await store.note([own], { forgetOthers: true });
      await store.record(own, outcome, deps.clock.now());
    },
  };
}

interface OrganizationDeps extends RunAccountsDeps {
  readonly store: AccountsStore;
  readonly openHops: (hops: readonly RoleHop[]) => Promise<AwsSession>;
}

/** From AWS once an hour. When AWS does not say, the accounts that it named last are pulled all the same. */
async function listOrganization(
  deps: OrganizationDeps,
  { id, updatedAt }: IntegrationRecord,
  organization: OrganizationSettings,
  own: OwnSettings,
  signal: AbortSignal,
): Promise<{ accounts: PlannedAccount[]; problem: AwsFailure | undefined }> {
  const { clock, listings, session, store } = deps;
  const options = { externalId: own.externalId, region: session.region };
  const key = `${id}/organization/${updatedAt}`;
  const known = listings.get<{ readAt: number; found: readonly FoundAccount[] }>(key);
  if (known && clock.now() - known.readAt < organizationAgeMax) {
    return { accounts: organizationAccounts(known.found, organization, options), problem: undefined };
  }
  try {
    const manager = await deps.openHops(managementHops(organization, own));
    const units = organization.organizationalUnits ?? [];
    const found = await listOrganizationAccounts(manager, units, signal);
    listings.set(key, { readAt: clock.now(), found }, found.length);
    return { accounts: organizationAccounts(found, organization, options), problem: undefined };
  } catch (error) {
    signal.throwIfAborted();
    const failure = deps.classify(error);
    deps.log.warn("The accounts of the organization could not be listed.", { error });
    const last = known?.found ?? (await store.ofOrganization()).map(toFound);
    return { accounts: organizationAccounts(last, organization, options), problem: notListed(failure) };
  }
}

function toFound({
  accountId,
  name,
  suspended,
}: {
  accountId: string;
  name: string | null;
  suspended: boolean;
}) {
  return { accountId, name: name ?? "", suspended };
}

function notListed(failure: AwsFailure): AwsFailure {
  return {
    ...failure,
    message: `The accounts of the organization could not be listed: ${failure.message}`,
    advice: [
      ...failure.advice,
      "Only the management account, or one it has delegated AWS Organizations to, may list accounts: set organization.managementRoleArn to a role there that allows organizations:ListAccounts.",
    ],
  };
}

const none: AwsFailure = {
  cause: "LOCAL_CONFIG",
  rawCode: null,
  message: "There is no account to pull: the organization has none that the settings want.",
  advice: ["Look at includeAccounts, excludeAccounts and organizationalUnits."],
  disables: false,
};

function tooMany(count: number): AwsFailure | undefined {
  if (count <= accountsMax) return undefined;
  return {
    cause: "LOCAL_CONFIG",
    rawCode: null,
    message: `${count} accounts are more than the ${accountsMax} that one integration pulls; the others wait for their turn.`,
    advice: ["Split the integration, such as by organizational units."],
    disables: false,
  };
}
