import type { Cli } from "./verb.ts";

/** Most items that one call gives. */
export const pageItemsMax = 1000;

interface PageRequest extends Readonly<Record<string, string | number | undefined>> {
  readonly limit: number;
  readonly cursor: string | undefined;
}

export interface PagedList<Item> {
  readonly read: (page: PageRequest) => Promise<{ items: Item[]; nextCursor: string | null }>;
  readonly print: (items: readonly Item[]) => string;
  /** Print when everything is there, as a table wants; else what there is as it comes. */
  readonly atOnce: boolean;
  /** Said when there is nothing. */
  readonly empty: string;
}

/** Follows the pages of a list until there are as many items as wanted, or no more. The document of `--json` comes at the end. */
export async function showPages<Item>(
  { out, terminal }: Pick<Cli, "out" | "terminal">,
  limit: number,
  { read, print, atOnce, empty }: PagedList<Item>,
): Promise<void> {
  const collected: Item[] = [];
  let shown = 0;
  let cursor: string | undefined;
  do {
    const page = await read({ limit: Math.min(pageItemsMax, limit - shown), cursor });
    if (atOnce || out.json) collected.push(...page.items);
    else out.raw(print(page.items));
    shown += page.items.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && shown < limit);
  if (out.json) out.show({ items: collected, nextCursor: cursor ?? null }, () => "");
  else if (shown === 0) terminal.writeError(`${empty}\n`);
  else if (atOnce) out.raw(print(collected));
  if (cursor !== undefined && !out.json)
    terminal.writeError(`These are the first ${shown}, and there may be more: raise --limit.\n`);
}
