import { listOrganizationAccounts } from "../../aws/index.ts";
import { type AwsSession, openBase, type RoleHop } from "../connection.ts";
import type { IntegrationsDeps } from "../dependencies.ts";
import type { IntegrationSettings } from "../records.ts";
import { typeOf } from "../types/index.ts";
import {
  accountsMax,
  combine,
  managementHops,
  namedAccounts,
  type OwnSettings,
  organizationAccounts,
  type PreviewAccounts,
  sample,
} from "./plan.ts";
import { hasAccounts } from "./settings.ts";

/** Accounts that a preview looks at; what it finds there stands for the others. */
export const previewedAccountsMax = 5;

/** A few of the accounts that the settings name; undefined when the session's own is the only one. */
export async function previewAccounts(
  deps: Pick<IntegrationsDeps, "credentials">,
  settings: IntegrationSettings,
  own: { session: AwsSession; counted: (session: AwsSession) => AwsSession; signal: AbortSignal },
): Promise<PreviewAccounts | undefined> {
  const { session, counted, signal } = own;
  const wanted: OwnSettings = {
    ...typeOf(settings.service).accountsOf(settings.config),
    roleArn: settings.roleArn,
    externalId: settings.externalId,
  };
  if (!hasAccounts(wanted)) return undefined;
  const open = async (hops: readonly RoleHop[]) =>
    counted(await openBase(deps.credentials, settings.credentialId, hops));
  const { organization } = wanted;
  const found = organization
    ? organizationAccounts(
        await listOrganizationAccounts(
          await open(managementHops(organization, wanted)),
          organization.organizationalUnits ?? [],
          signal,
        ),
        organization,
        { externalId: settings.externalId, region: session.region },
      )
    : [];
  const all = combine(namedAccounts(wanted), found)
    .filter(({ suspended }) => !suspended)
    .slice(0, accountsMax);
  const sampled = await Promise.all(
    sample(all, previewedAccountsMax).map(async ({ accountId, name, hop }) => ({
      accountId,
      name,
      session: hop ? await open([hop]) : session,
    })),
  );
  return { all: new Set(all.map(({ accountId }) => accountId)), sampled };
}
