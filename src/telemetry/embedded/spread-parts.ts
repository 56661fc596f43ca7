import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Log } from "../../base/index.ts";
import type { Store } from "../store.ts";

const run = promisify(execFile);

/**
 * Asks ext4 to put each part of a table somewhere else on the disk. Else it puts all of them beside each other, where it steps
 * one by one over the places of all files that were deleted within the last five minutes, whenever it makes a file: with a
 * hundred small inserts a second, merged and deleted again, that was half of all processor time. Node has no call for it. Other
 * file systems refuse, and no harm is done.
 */
export async function spreadParts(store: Store, log: Log): Promise<void> {
  const tables = await store.select<{ path: string }>(
    "SELECT arrayJoin(data_paths) AS path FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
  );
  try {
    await run("chattr", ["+T", "--", ...tables.map(({ path }) => path)], { timeout: 10_000 });
  } catch (cause) {
    log.debug("The file system was not asked to spread the parts of tables.", { cause });
  }
}
