import type { TrailEvent } from "@nephoscope/contract";
import type { TrailQuestion } from "../../api/trail.ts";
import { rangeOf, textOf, withoutUndefined } from "../../ui/search-params.ts";
import { resolveRange } from "../../ui/time-range.ts";
import { type AuditRangePreset, auditRanges, defaultAuditRange } from "./ranges.ts";

/** Values that a record has to have as a whole. */
export interface TextFilters {
  eventName?: string;
  userName?: string;
  /** The id of an API key, of a REST token, or of an access key. */
  key?: string;
  /** An ARN, or the name in it. */
  resourceName?: string;
  sourceIp?: string;
  eventSource?: string;
  resourceType?: string;
  errorCode?: string;
  eventId?: string;
}

/** The whole question of the audit page, as the address carries it: a link shows somebody else the same records. */
export interface AuditSearch extends TextFilters {
  category?: TrailEvent["category"];
  /** Only calls that were refused or failed. */
  failed?: true;
  /** Only calls that change something. */
  changes?: true;
  range?: AuditRangePreset;
  /** A fixed range, in epoch milliseconds; wins over `range`. */
  from?: number;
  to?: number;
}

/** What a control changes; undefined takes a part out of the address. */
export type AuditChange = { [K in keyof AuditSearch]?: AuditSearch[K] | undefined };

const textFilterNames = [
  "eventName",
  "userName",
  "key",
  "resourceName",
  "sourceIp",
  "eventSource",
  "resourceType",
  "errorCode",
  "eventId",
] as const satisfies readonly (keyof TextFilters)[];
export type TextFilterName = (typeof textFilterNames)[number];

/** Listed here too, so that reading an address does not load every schema of the contract. */
const categories: readonly TrailEvent["category"][] = ["Management", "Data"];

/** Reads an address that people may have edited: what does not fit is left out. */
export function auditSearchOf(search: Record<string, unknown>): AuditSearch {
  const texts = Object.fromEntries(
    textFilterNames.map((name) => [name, textOf(search[name])?.trim() || undefined]),
  );
  return withoutUndefined<AuditSearch>({
    ...texts,
    category: categories.find((known) => known === search.category),
    failed: search.failed === true ? true : undefined,
    changes: search.changes === true ? true : undefined,
    ...rangeOf(auditRanges, search),
  });
}

const noTexts: { [K in TextFilterName]?: undefined } = Object.fromEntries(
  textFilterNames.map((name) => [name, undefined]),
);

/** Takes every filter out; the time stays. */
export const noFilters: AuditChange = {
  ...noTexts,
  category: undefined,
  failed: undefined,
  changes: undefined,
};

export const isFiltered = (search: AuditSearch) =>
  Object.keys(noFilters).some((name) => search[name as keyof AuditSearch] !== undefined);

/** What an address asks at a moment. */
export function questionOf(search: AuditSearch, now: number): TrailQuestion {
  const { category, failed, changes, key, range, from, to, ...texts } = search;
  return {
    ...texts,
    ...(category === undefined ? {} : { category }),
    ...(key === undefined ? {} : isAccessKey(key) ? { accessKeyId: key } : { credentialId: key }),
    ...(failed === undefined ? {} : { failed }),
    ...(changes === undefined ? {} : { readOnly: false }),
    ...resolveRange(auditRanges, { range, from, to }, defaultAuditRange, now),
  };
}

/** Ids of access keys, lasting and temporary, tell themselves from those of API keys and tokens by their beginning. */
const isAccessKey = (id: string) => /^A[KS]IA/.test(id);
