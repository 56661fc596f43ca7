import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  type OrganizationAccount,
  type OrganizationsClient,
} from "./organizations.ts";
import type { AwsSession } from "./session.ts";

/** An account of an organization, in our own words. */
export interface FoundAccount {
  readonly accountId: string;
  readonly name: string;
  /** Suspended, closed or not open yet: no role of it can be assumed. */
  readonly suspended: boolean;
}

/** 20 accounts a page: 10,000 accounts. */
const pagesMax = 500;
/** AWS allows 50. */
const nameCharactersMax = 128;
/** AWS nests units five deep. */
const unitDepthMax = 5;

/**
 * The accounts of the session's organization, or of these organizational units and all units below them; ordered by id, none
 * twice. AWS answers only the management account and those it has delegated to. Throws AWS's errors as they come.
 */
export async function listOrganizationAccounts(
  session: Pick<AwsSession, "client">,
  organizationalUnits: readonly string[],
  signal: AbortSignal,
): Promise<FoundAccount[]> {
  const client = session.client("organizations");
  const found = new Map<string, FoundAccount>();
  const add = (accounts: readonly OrganizationAccount[] = []) => {
    for (const { Id, Name, State, Status } of accounts) {
      // The id becomes part of a role's ARN, and the name is stored and shown: an endpoint may be anybody's.
      if (!Id || !/^\d{12}$/.test(Id)) continue;
      found.set(Id, {
        accountId: Id,
        name: (Name ?? "").replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, " ").slice(0, nameCharactersMax),
        suspended: (State ?? Status ?? "ACTIVE") !== "ACTIVE",
      });
    }
  };
  if (organizationalUnits.length === 0) {
    await everyPage(async (NextToken) => {
      const answer = await client.send(new ListAccountsCommand({ NextToken }), { abortSignal: signal });
      add(answer.Accounts);
      return answer.NextToken;
    });
  }
  for (const ParentId of await withUnitsBelow(client, organizationalUnits, signal)) {
    await everyPage(async (NextToken) => {
      const command = new ListAccountsForParentCommand({ ParentId, NextToken });
      const answer = await client.send(command, { abortSignal: signal });
      add(answer.Accounts);
      return answer.NextToken;
    });
  }
  return [...found.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
}

/** Follows the tokens to the end; half a list must not pass for a whole one. A page without accounts is no end. */
async function everyPage(read: (token: string | undefined) => Promise<string | undefined>): Promise<void> {
  const seen = new Set<string>();
  let token: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    token = (await read(token)) || undefined;
    if (token === undefined) return;
    if (seen.has(token)) throw new Error("AWS Organizations sent the same page token twice.");
    seen.add(token);
  }
  throw new Error(`AWS Organizations sent more than ${pagesMax} pages.`);
}

async function withUnitsBelow(
  client: OrganizationsClient,
  units: readonly string[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const all = new Set(units);
  let level: readonly string[] = units;
  for (let depth = 0; depth < unitDepthMax && level.length > 0; depth++) {
    const below: string[] = [];
    for (const ParentId of level) {
      await everyPage(async (NextToken) => {
        const command = new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken });
        const answer = await client.send(command, { abortSignal: signal });
        for (const { Id } of answer.OrganizationalUnits ?? []) if (Id && !all.has(Id)) below.push(Id);
        return answer.NextToken;
      });
    }
    for (const id of below) all.add(id);
    level = below;
  }
  return all;
}
