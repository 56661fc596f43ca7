import type { Kysely } from "kysely";
import type { Clock } from "../../base/index.ts";
import type {
  Completeness,
  Gap,
  GapListQuery,
  OwedListQuery,
  OwedWindow,
  Page,
} from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { findCompleteness } from "./completeness.ts";
import { createFinality, type Finality, type FinalityDeps } from "./finality.ts";
import { listGaps, listOwed } from "./owed-lists.ts";

/** How complete and how final what was collected is; reading only. */
export interface Collection extends Finality {
  owed(query: OwedListQuery): Promise<Page<OwedWindow>>;
  gaps(query: GapListQuery): Promise<Page<Gap>>;
  completeness(query: { integrationId?: string | undefined }): Promise<{ items: Completeness[] }>;
}

export function createCollection(
  deps: { readonly db: Kysely<Tables>; readonly clock: Clock } & Pick<FinalityDeps, "delayOf">,
): Collection {
  return {
    ...createFinality(deps),
    owed: (query) => listOwed(deps.db, query),
    gaps: (query) => listGaps(deps.db, query),
    completeness: async ({ integrationId }) => ({ items: await findCompleteness(deps, integrationId) }),
  };
}
