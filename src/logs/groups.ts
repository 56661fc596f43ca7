import { AppError, type Clock } from "../base/index.ts";
import { type ChangeCounters, type Database, isUniqueViolation, type LogGroupClass } from "../db/index.ts";
import {
  countGroups,
  findGroup,
  type GroupChange,
  type GroupRow,
  insertGroup,
  lockGroup,
  updateGroup,
} from "./group-queries.ts";

export interface NewGroup {
  readonly name: string;
  /** Null: events are kept for ever. */
  readonly retentionDays?: number | null | undefined;
  readonly bearerEnabled?: boolean | undefined;
  readonly deletionProtection?: boolean | undefined;
  readonly class?: LogGroupClass | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Changes of log groups. Every one of an existing group is counted, so that all processes notice it. */
export interface Groups {
  /** Throws `log_group_not_found`. */
  get(name: string): Promise<GroupRow>;
  /** The name's characters were checked by the caller. Throws `name_taken`, `limit_exceeded`, `validation_failed`. */
  create(group: NewGroup): Promise<void>;
  /** Null: for ever. */
  setRetention(name: string, days: number | null): Promise<void>;
  setBearer(name: string, enabled: boolean): Promise<void>;
  setDeletionProtection(name: string, enabled: boolean): Promise<void>;
  /** Throws `validation_failed` too. */
  changeTags(
    name: string,
    change: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Its events are hidden at once, and removed by a chore. Throws `deletion_protected`. */
  remove(name: string): Promise<void>;
}

export const noSuchGroup = "The specified log group does not exist.";

export function createGroups(deps: {
  db: Pick<Database, "kysely">;
  counters: Pick<ChangeCounters, "change">;
  clock: Clock;
  /** Living groups of the server. */
  groupsMax: number;
}): Groups {
  const { counters, clock, groupsMax } = deps;
  const { kysely } = deps.db;
  const change = (name: string, decide: (group: GroupRow) => GroupChange) =>
    counters.change("logs", async (transaction) => {
      const group = await lockGroup(transaction, name);
      if (!group) throw new AppError("log_group_not_found", { message: noSuchGroup });
      await updateGroup(transaction, group.id, decide(group));
    });
  return {
    get: async (name) => {
      const group = await findGroup(kysely, name);
      if (!group) throw new AppError("log_group_not_found", { message: noSuchGroup });
      return group;
    },
    create: async (group) => {
      if (/^aws\//i.test(group.name))
        throw new AppError("validation_failed", {
          message: "Log groups starting with AWS/ are reserved for AWS.",
        });
      refuseReservedKeys(group.tags ?? {});
      if ((await countGroups(kysely)) >= groupsMax)
        throw new AppError("limit_exceeded", {
          message: `There are ${groupsMax} log groups, which is as many as this server keeps.`,
        });
      try {
        await insertGroup(kysely, {
          name: group.name,
          createdAt: new Date(clock.now()),
          retentionDays: group.retentionDays ?? null,
          bearerEnabled: group.bearerEnabled ?? false,
          deletionProtection: group.deletionProtection ?? false,
          class: group.class ?? "STANDARD",
          tags: group.tags ?? {},
        });
      } catch (error) {
        if (!isUniqueViolation(error, "log_groups_name")) throw error;
        throw new AppError("name_taken", { message: "The specified log group already exists" });
      }
    },
    setRetention: (name, days) => change(name, () => ({ retention_days: days })),
    setBearer: (name, enabled) => change(name, () => ({ bearer_enabled: enabled })),
    setDeletionProtection: (name, enabled) => change(name, () => ({ deletion_protection: enabled })),
    changeTags: (name, decide) =>
      change(name, ({ tags }) => {
        const changed = decide(tags);
        refuseReservedKeys(changed);
        return { tags: JSON.stringify(changed) };
      }),
    remove: (name) =>
      change(name, (group) => {
        refuseWhenProtected(group);
        return { deleted_at: new Date(clock.now()) };
      }),
  };
}

function refuseReservedKeys(tags: Readonly<Record<string, string>>): void {
  if (!Object.keys(tags).some((key) => /^aws:/i.test(key))) return;
  throw new AppError("validation_failed", {
    message: "Keys of tags that begin with aws: are reserved for AWS.",
  });
}

/** The protection of a group covers its streams. */
export function refuseWhenProtected(group: Pick<GroupRow, "deletion_protection" | "name">): void {
  if (!group.deletion_protection) return;
  throw new AppError("deletion_protected", {
    message: `The log group ${group.name} is protected against deletion. Disable its deletion protection first.`,
  });
}
