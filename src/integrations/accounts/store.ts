import { type Kysely, type Selectable, sql } from "kysely";
import {
  type AccountState,
  cutPage,
  type IntegrationAccount,
  type IntegrationAccountQuery,
  type Page,
} from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { date } from "../integration-queries.ts";
import type { IntegrationRecord } from "../records.ts";
import { isoOrNull } from "../runs.ts";
import { typeOf } from "../types/index.ts";
import type { AccountOutcome, KnownAccount } from "./plan.ts";
import { accountOfArn } from "./settings.ts";

type Db = Kysely<Tables>;

/** The accounts of an integration as they are kept between runs. */
export interface AccountsStore {
  /** Notes which accounts there are now. Others are forgotten, unless the list may lack some. */
  note(accounts: readonly KnownAccount[], options: { forgetOthers: boolean }): Promise<void>;
  /** When each account was last attended to, epoch milliseconds; those that never were are absent. */
  lastRuns(): Promise<ReadonlyMap<string, number>>;
  /** What the organization had when it was last listed. */
  ofOrganization(): Promise<KnownAccount[]>;
  record(account: KnownAccount, outcome: AccountOutcome, now: number): Promise<void>;
}

export function createAccountsStore(db: Db, integrationId: string): AccountsStore {
  const own = () => db.selectFrom("integration_accounts").where("integration_id", "=", integrationId);
  return {
    note: (accounts, { forgetOthers }) =>
      db.transaction().execute(async (transaction) => {
        for (const part of chunks(accounts, 500)) await noteAll(transaction, integrationId, part);
        if (!forgetOthers) return;
        const gone = transaction
          .deleteFrom("integration_accounts")
          .where("integration_id", "=", integrationId);
        const ids = accounts.map(({ accountId }) => accountId);
        await (ids.length === 0 ? gone : gone.where("account_id", "not in", ids)).execute();
      }),
    lastRuns: async () => {
      const rows = await own().select(["account_id", "last_run_at"]).execute();
      return new Map(
        rows.flatMap((row) => (row.last_run_at ? [[row.account_id, row.last_run_at.getTime()]] : [])),
      );
    },
    ofOrganization: async () => {
      const rows = await own()
        .selectAll()
        .where("origin", "=", "organization")
        .orderBy("account_id")
        .execute();
      return rows.map((row) => ({
        accountId: row.account_id,
        name: row.name,
        roleArn: row.role_arn,
        origin: "organization",
        suspended: row.state === "suspended",
      }));
    },
    record: async (account, { state, error, latestPointAt, metrics }, now) => {
      const columns = {
        state,
        last_error: error,
        last_run_at: new Date(now),
        ...(error !== null && { last_error_at: new Date(now) }),
        ...(latestPointAt !== null && { last_data_at: date(latestPointAt) }),
        ...(metrics !== null && { metrics }),
      };
      await db
        .insertInto("integration_accounts")
        .values({ ...newRow(integrationId, account), ...columns })
        .onConflict((conflict) => conflict.columns(["integration_id", "account_id"]).doUpdateSet(columns))
        .execute();
    },
  };
}

function newRow(integrationId: string, { accountId, name, roleArn, origin, suspended }: KnownAccount) {
  return {
    integration_id: integrationId,
    account_id: accountId,
    name,
    role_arn: roleArn,
    origin,
    state: suspended ? "suspended" : "new",
    last_error: null,
    last_error_at: null,
    last_run_at: null,
    last_data_at: null,
    metrics: null,
  };
}

/** What is known of an account already stays, except that it may be suspended now, or no longer. */
async function noteAll(db: Db, integrationId: string, accounts: readonly KnownAccount[]): Promise<void> {
  if (accounts.length === 0) return;
  await db
    .insertInto("integration_accounts")
    .values(accounts.map((account) => newRow(integrationId, account)))
    .onConflict((conflict) =>
      conflict.columns(["integration_id", "account_id"]).doUpdateSet({
        name: sql`excluded.name`,
        role_arn: sql`excluded.role_arn`,
        origin: sql`excluded.origin`,
        state: sql`case when excluded.state = 'suspended' then 'suspended'
          when integration_accounts.state = 'suspended' then 'new' else integration_accounts.state end`,
      }),
    )
    .execute();
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** The accounts that have been noted, and those of the settings that no run has seen yet. */
export async function listAccounts(
  db: Db,
  integration: IntegrationRecord,
  { state, ...page }: IntegrationAccountQuery,
): Promise<Page<IntegrationAccount>> {
  const rows = await db
    .selectFrom("integration_accounts")
    .selectAll()
    .where("integration_id", "=", integration.id)
    .execute();
  const noted = rows.map(toAccount);
  const known = new Set(noted.map(({ accountId }) => accountId));
  const all = [...noted, ...namedAccounts(integration).filter(({ accountId }) => !known.has(accountId))]
    .filter((account) => state === undefined || account.state === state)
    .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  return cutPage(all, page);
}

function namedAccounts({ id, service, config, roleArn }: IntegrationRecord): IntegrationAccount[] {
  const { accounts = [] } = typeOf(service).accountsOf(config);
  const named = [
    { roleArn, name: null, origin: "own" as const },
    ...accounts.map(({ roleArn, name }) => ({ roleArn, name: name ?? null, origin: "listed" as const })),
  ];
  return named.flatMap((account) => {
    const accountId = accountOfArn(account.roleArn);
    return accountId === undefined
      ? []
      : [toAccount(newRow(id, { ...account, accountId, suspended: false }))];
  });
}

function toAccount(row: Selectable<Tables["integration_accounts"]>): IntegrationAccount {
  return {
    accountId: row.account_id,
    name: row.name,
    roleArn: row.role_arn,
    origin: row.origin as IntegrationAccount["origin"],
    state: row.state as AccountState,
    lastError: row.last_error,
    lastErrorAt: isoOrNull(row.last_error_at),
    lastRunAt: isoOrNull(row.last_run_at),
    lastDataAt: isoOrNull(row.last_data_at),
    metrics: row.metrics,
  };
}
