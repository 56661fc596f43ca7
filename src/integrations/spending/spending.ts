import type { Kysely } from "kysely";
import type { Clock } from "../../base/index.ts";
import type { Spending, SpendingQuery } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import type { Credentials } from "../connection.ts";
import { findIntegrations } from "../integration-queries.ts";
import type { IntegrationRecord } from "../records.ts";
import { countingRule } from "../types/cloudwatch/pricing.ts";
import { typeOf } from "../types/index.ts";
import { createSpendingBook, type SpendingBook } from "./book.ts";
import { openMeter, type RunMeter } from "./meter.ts";
import { priceOfCall } from "./prices.ts";
import { type Billed, nameOrNothing, reportSpending } from "./report.ts";

/** What calls to AWS cost: the ledger of them, the caps on them, and the report. */
export interface SpendingLedger {
  get(query: SpendingQuery): Promise<Spending>;
  /** For one run. Throws `store_unavailable`: without the ledger a cap cannot be kept. */
  meter(integration: IntegrationRecord): Promise<RunMeter>;
  /** Notes a call outside of runs, of a preview or a connection test, if it costs money. */
  noteCall(call: ObservedCall): void;
  flush: SpendingBook["flush"];
  purge: SpendingBook["purge"];
}

/** One attempt of one API call. */
export interface ObservedCall {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** Id of the credential. */
  readonly recordId: string;
  readonly ok: boolean;
}

export interface SpendingDeps {
  readonly db: Kysely<Tables>;
  readonly credentials: Pick<Credentials, "get">;
  readonly clock: Clock;
  readonly monthlyCapUsd?: number | undefined;
  readonly billed?: Billed | undefined;
}

/** How AWS sessions name the identity that is no credential of ours. */
const serversOwn = "base";

function capOf({ service, config }: Pick<IntegrationRecord, "service" | "config">): number | undefined {
  return typeOf(service).monthlyCapOf(config);
}

export function createSpending(deps: SpendingDeps): SpendingLedger {
  const { db, clock, credentials, monthlyCapUsd } = deps;
  const book = createSpendingBook({ db, clock });
  const report = {
    db,
    clock,
    billed: deps.billed,
    countingRule,
    integrations: async () => [
      ...(await findIntegrations(db, { trashed: false })),
      ...(await findIntegrations(db, { trashed: true })),
    ],
    capOf,
    credentialName: (id: string) => nameOrNothing(credentials.get(id)),
  };
  return {
    get: async (query) => {
      // What this process knows is in the answer, also seconds after the call.
      await book.flush();
      return reportSpending(report, query);
    },
    meter: (integration) =>
      openMeter(
        { book, clock, monthlyCapUsd },
        integration,
        typeOf(integration.service).monthlyCapOf(integration.config),
      ),
    noteCall: ({ service, operation, region, recordId, ok }) => {
      const usd = ok ? priceOfCall(service, operation) : undefined;
      if (!usd) return;
      const credentialId = recordId === serversOwn ? null : recordId;
      const call = { operation, accountId: "", region, calls: 1, metricsRequested: { low: 0, high: 0 }, usd };
      book.add({ integrationId: null, credentialId }, call);
    },
    flush: book.flush,
    purge: book.purge,
  };
}
