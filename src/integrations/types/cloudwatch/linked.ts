import type { LinkedAccounts, ListedMetric } from "./client.ts";
import type { CloudWatchConfig } from "./config.ts";

/**
 * The linked accounts that are pulled through this one. One that is pulled through a role of its own as well is left out:
 * twice would cost twice.
 */
export function linkedTo(
  accountId: string,
  { includeLinkedAccounts, owningAccounts }: CloudWatchConfig,
  withRoles: ReadonlySet<string> = new Set(),
): LinkedAccounts | undefined {
  if (!includeLinkedAccounts) return undefined;
  const chosen = owningAccounts && new Set(owningAccounts);
  return {
    accountId,
    wants: (owner) => !withRoles.has(owner) && (chosen === undefined || chosen.has(owner)),
  };
}

/** Sentences for a preview. */
export function describeLinked(region: string, listed: readonly ListedMetric[]): string[] {
  const ofOthers = listed.filter(({ accountId }) => accountId !== undefined);
  if (ofOthers.length === 0) return [`${region}: no linked account shares metrics with this one.`];
  const owners = new Set(ofOthers.map(({ accountId }) => accountId));
  return [
    `${region}: ${ofOthers.length} of the listed metrics belong to ${owners.size} linked accounts. They are charged to the account that asks. Their tags cannot be read, so settings that select by tags leave them out.`,
  ];
}
