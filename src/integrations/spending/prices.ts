import { priceOfCall as priceOfCloudWatchCall, type Range } from "../types/cloudwatch/pricing.ts";

/** One request of Cost Explorer's API, which has no free tier. */
const usdPerCostExplorerCall = 0.01;

/** What a call that was answered costs, apart from metrics requested; undefined when nothing. */
export function priceOfCall(service: string, operation: string): Range | undefined {
  if (service === "ce") return { low: usdPerCostExplorerCall, high: usdPerCostExplorerCall };
  if (service !== "monitoring") return undefined;
  const price = priceOfCloudWatchCall(operation);
  return price.high > 0 ? price : undefined;
}
