import type { Kysely, Transaction } from "kysely";
import type { Log } from "../../base/index.ts";
import type { ChangeCounters, Tables } from "../../db/index.ts";
import { buildDirectory, type Directory } from "./build-directory.ts";
import { createPolicyCompiler } from "./compile-policies.ts";
import { type DirectoryRows, readDirectoryRows, readIdentityCount, readRows } from "./directory-queries.ts";

/** The copy of all users, keys and policies that this process keeps in memory. */
export interface DirectoryHolder {
  /**
   * The copy, not older than the change counters allow: what any process changed half a second ago is in it, what this one
   * changed always. Throws when the database does not answer.
   */
  current(): Promise<Directory>;
  /**
   * What a transaction of `ChangeCounters.change` starts from, to be asked before it changes anything. No other change comes in
   * between until it ends; the copy in memory may be half a second behind.
   */
  before(transaction: Transaction<Tables>): Promise<Directory>;
  /** Reads the database whatever the counters say: for what somebody else made a moment ago, and a row here already names. */
  reload(): Promise<Directory>;
}

export function createDirectory(deps: {
  kysely: Kysely<Tables>;
  counters: ChangeCounters;
  log: Log;
  accountId: string;
}): DirectoryHolder {
  const compile = createPolicyCompiler({ log: deps.log });
  let held: { count: number; directory: Directory } | undefined;
  let loading: { count: number; done: Promise<Directory> } | undefined;

  const build = (rows: DirectoryRows) => buildDirectory(rows, { accountId: deps.accountId, compile });
  const load = async (count: number): Promise<Directory> => {
    const directory = build(await readDirectoryRows(deps.kysely));
    held = { count, directory };
    return directory;
  };
  /** One load at a time, however many ask: a load that began before the change in question is waited for and not used. */
  const loadOnce = async (count: number): Promise<Directory> => {
    while (loading) {
      const { count: loadingCount, done } = loading;
      if (loadingCount >= count) return done;
      await done.catch(() => undefined);
      if (held && held.count >= count) return held.directory;
    }
    const done = load(count).finally(() => {
      loading = undefined;
    });
    loading = { count, done };
    return done;
  };
  const current = async () => {
    // Asked before the rows are read: a change in between makes the copy newer than its count, never older.
    const { identity } = await deps.counters.current();
    return held?.count === identity ? held.directory : loadOnce(identity);
  };
  return {
    current,
    before: async (transaction) => {
      const count = (await readIdentityCount(transaction)) - 1;
      return held?.count === count ? held.directory : build(await readRows(transaction));
    },
    reload: async () => {
      await loading?.done.catch(() => undefined);
      held = undefined;
      return current();
    },
  };
}
