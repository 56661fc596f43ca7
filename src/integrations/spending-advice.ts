import type { IntegrationAdvice } from "../contract/index.ts";
import { getLive } from "./changes.ts";
import type { IntegrationsDeps } from "./dependencies.ts";
import { lookAtAws } from "./preview.ts";
import type { SpendingLedger } from "./spending.ts";
import { typeOf } from "./types/index.ts";

/** How a stored integration could cost less, beside what it has cost this month. */
export async function adviseIntegration(
  deps: IntegrationsDeps,
  spending: Pick<SpendingLedger, "noteCall" | "get">,
  id: string,
): Promise<IntegrationAdvice> {
  const integration = await getLive(deps.db.kysely, id);
  const type = typeOf(integration.service);
  type.checkPatterns(integration.config);
  const newestPoints = () => newestByNamespace(deps.metrics, id);
  const { usdPerMonth, items } = await lookAtAws(deps, spending, integration, (context) =>
    type.advise({ ...context, integration, newestPoints }),
  );
  const { total } = await spending.get({ groupBy: "integration", integrationId: id });
  return {
    integrationId: id,
    usdPerMonth,
    monthlyCapUsd: type.monthlyCapOf(integration.config) ?? null,
    spentThisMonthUsd: total.usd,
    items: [...items],
  };
}

const pageSize = 1_000;
/** Names of metrics, not series: no account has more. */
const pagesMax = 50;

async function newestByNamespace(
  metrics: IntegrationsDeps["metrics"],
  integrationId: string,
): Promise<ReadonlyMap<string, number>> {
  const newest = new Map<string, number>();
  for (let page = 0; metrics && page < pagesMax; page++) {
    const { items, totalItems } = await metrics.findMetrics(
      { integrationId },
      { offset: page * pageSize, limit: pageSize },
    );
    for (const { namespace, lastSeenMs } of items) {
      newest.set(namespace, Math.max(newest.get(namespace) ?? 0, lastSeenMs));
    }
    if ((page + 1) * pageSize >= totalItems) break;
  }
  return newest;
}
