import type { IntegrationListQuery, IntegrationSummary } from "@nephoscope/contract";
import { type QualitySearch, qualitySearchOf } from "../collection/search.ts";

export type IntegrationState = IntegrationSummary["state"];
export type IntegrationSort = IntegrationListQuery["sort"];

/** What the page's address says: which list, its filters, order and page. */
export interface IntegrationsSearch {
  tab?: "trash";
  text?: string;
  state?: IntegrationState;
  sort?: IntegrationSort;
  order?: "desc";
  page?: number;
}

const sorts: readonly unknown[] = ["state", "lastDataAt", "nextRunAt"];
const states: readonly unknown[] = ["ok", "waiting", "failing", "disabled", "disabled-by-error", "paused"];

export function integrationsSearchOf(search: Record<string, unknown>): IntegrationsSearch {
  const page = Number(search.page);
  return {
    ...(search.tab === "trash" ? { tab: "trash" } : {}),
    ...(typeof search.text === "string" && search.text !== "" ? { text: search.text } : {}),
    ...(states.includes(search.state) ? { state: search.state as IntegrationState } : {}),
    ...(sorts.includes(search.sort) ? { sort: search.sort as IntegrationSort } : {}),
    ...(search.order === "desc" ? { order: "desc" } : {}),
    ...(Number.isInteger(page) && page > 1 ? { page } : {}),
  };
}

export const integrationTabs = ["overview", "runs", "accounts", "quality", "cost", "outputs"] as const;
export type IntegrationTab = (typeof integrationTabs)[number];

/** What the address of one integration says: which of its sides is shown, and the filters of its owed windows. */
export interface IntegrationSearch extends QualitySearch {
  tab?: Exclude<IntegrationTab, "overview">;
}

export function integrationSearchOf(search: Record<string, unknown>): IntegrationSearch {
  const tab = integrationTabs.find((known) => known === search.tab);
  return {
    ...(tab === undefined || tab === "overview" ? {} : { tab }),
    ...qualitySearchOf(search),
  };
}
