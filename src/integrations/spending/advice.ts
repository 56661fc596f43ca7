import type { IntegrationAdvice } from "../../contract/index.ts";
import { getLive } from "../changes.ts";
import type { IntegrationsDeps } from "../dependencies.ts";
import { lookAtAws } from "../preview.ts";
import type { IntegrationRecord } from "../records.ts";
import { typeOf } from "../types/index.ts";
import type { TypeAdvice } from "../types/integration-type.ts";
import type { SpendingLedger } from "./spending.ts";

/** Pages that show advice ask again and again, and each time AWS would be asked to list everything. */
const keptMs = 15 * 60_000;
const keptMax = 200;

/** How a stored integration could cost less, beside what it has cost this month. */
export function createAdviser(
  deps: IntegrationsDeps,
  spending: Pick<SpendingLedger, "noteCall" | "get">,
): (id: string) => Promise<IntegrationAdvice> {
  const kept = new Map<string, { readonly until: number; readonly advice: TypeAdvice }>();

  async function advise(integration: IntegrationRecord): Promise<TypeAdvice> {
    const key = `${integration.id} ${integration.updatedAt}`;
    const known = kept.get(key);
    if (known && deps.clock.now() < known.until) return known.advice;
    const type = typeOf(integration.service);
    type.checkPatterns(integration.config);
    const newestPoints = () => newestByNamespace(deps.metrics, integration.id);
    const advice = await lookAtAws(deps, spending, integration, (context) =>
      type.advise({ ...context, integration, newestPoints }),
    );
    kept.delete(key);
    kept.set(key, { until: deps.clock.now() + keptMs, advice });
    if (kept.size > keptMax) kept.delete(kept.keys().next().value as string);
    return advice;
  }

  return async (id) => {
    const integration = await getLive(deps.db.kysely, id);
    const { usdPerMonth, items } = await advise(integration);
    const { total } = await spending.get({ groupBy: "integration", integrationId: id });
    return {
      integrationId: id,
      usdPerMonth,
      monthlyCapUsd: typeOf(integration.service).monthlyCapOf(integration.config) ?? null,
      spentThisMonthUsd: total.usd,
      items: [...items],
    };
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
