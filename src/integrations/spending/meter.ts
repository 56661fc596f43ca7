import type { Clock } from "../../base/index.ts";
import type { IntegrationRecord, Pause } from "../records.ts";
import type { PricedCall, RunSpending } from "../types/integration-type.ts";
import type { SpendingBook } from "./book.ts";
import { boundsOfMonth, formatTime, formatUsd, monthOf } from "./calendar.ts";

/** Counts the calls of one run and holds it to its monthly caps. */
export interface RunMeter extends RunSpending {
  /** Set as soon as a call was refused. */
  pause(): Pause | undefined;
}

/** The dearest call there is: 500 queries, each counted as a metric. A cap is never overstepped, so this much is kept free. */
export const dearestCallUsd = 500 * (0.01 / 1000);

interface MeterDeps {
  readonly book: SpendingBook;
  readonly clock: Clock;
  /** Of the server, over all integrations. */
  readonly monthlyCapUsd: number | undefined;
}

/**
 * Caps are counted by the dear way of counting. The integration's own spending is exact, since it has one run at a time; that
 * of all integrations knows of other processes what they have written, which is seconds old.
 */
export async function openMeter(
  { book, clock, monthlyCapUsd }: MeterDeps,
  integration: Pick<IntegrationRecord, "id" | "credentialId">,
  ownCapUsd: number | undefined,
): Promise<RunMeter> {
  await book.flush({ reread: monthlyCapUsd !== undefined });
  let month = monthOf(clock.now());
  let spent = ownCapUsd === undefined ? 0 : await book.spentBy(integration.id);
  let pause: Pause | undefined;

  function rollMonth(): void {
    const current = monthOf(clock.now());
    if (current === month) return;
    [month, spent] = [current, 0];
  }

  function refused(by: Pause["by"], cap: string, used: number): string {
    const until = boundsOfMonth(month).end;
    const raised = by === "server" ? "the server starts with a higher one" : "the cap is raised";
    const reason = `${cap} is reached (${formatUsd(used)} spent); collection goes on ${formatTime(until)}, or when ${raised}.`;
    pause = { until, reason, by };
    return reason;
  }

  return {
    add: (call: PricedCall) => {
      rollMonth();
      spent += call.usd.high;
      book.add({ integrationId: integration.id, credentialId: integration.credentialId }, call);
    },
    refusal: () => {
      rollMonth();
      if (ownCapUsd !== undefined && spent + dearestCallUsd > ownCapUsd) {
        return refused("integration", `The monthly cap of ${formatUsd(ownCapUsd)}`, spent);
      }
      const all = book.spentByAll();
      if (monthlyCapUsd !== undefined && all + dearestCallUsd > monthlyCapUsd) {
        const cap = `The monthly cap of ${formatUsd(monthlyCapUsd)} over all integrations (NEPHO_MONTHLY_CAP_USD)`;
        return refused("server", cap, all);
      }
      return undefined;
    },
    pause: () => pause,
  };
}
