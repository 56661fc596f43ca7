import type { IntegrationListQuery, IntegrationSummary } from "@nephoscope/contract";

export type IntegrationState = IntegrationSummary["state"];
export type IntegrationSort = IntegrationListQuery["sort"];

/** What the page's address says: which list, its filters, order and page, and whether the form is open. */
export interface IntegrationsSearch {
  tab?: "trash";
  text?: string;
  state?: IntegrationState;
  sort?: IntegrationSort;
  order?: "desc";
  page?: number;
  form?: "add";
  /** Credential that the form starts with. */
  credential?: string;
}

const sorts: readonly unknown[] = ["state", "lastDataAt", "nextRunAt"];
const states: readonly unknown[] = ["ok", "waiting", "failing", "disabled", "disabled-by-error"];

export function integrationsSearchOf(search: Record<string, unknown>): IntegrationsSearch {
  const page = Number(search.page);
  return {
    ...(search.tab === "trash" ? { tab: "trash" } : {}),
    ...(typeof search.text === "string" && search.text !== "" ? { text: search.text } : {}),
    ...(states.includes(search.state) ? { state: search.state as IntegrationState } : {}),
    ...(sorts.includes(search.sort) ? { sort: search.sort as IntegrationSort } : {}),
    ...(search.order === "desc" ? { order: "desc" } : {}),
    ...(Number.isInteger(page) && page > 1 ? { page } : {}),
    ...(search.form === "add" ? { form: "add" } : {}),
    ...(typeof search.credential === "string" ? { credential: search.credential } : {}),
  };
}
