import type { Page } from "../../../contract/index.ts";

export function pageOf<T>(...items: T[]): Page<T> {
  return { items, offset: 0, limit: 100, totalItems: items.length, moreItems: false };
}
