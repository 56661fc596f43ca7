import type { Kysely } from "kysely";
import { AppError, alphanumerics, type Clock, type Random } from "../base/index.ts";
import type { Principal } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";

export interface ExternalIdUser {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

/** An external ID as its owner may see it. */
export interface ExternalId {
  readonly id: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly forRecord: string | null;
  readonly usedAt: Date | null;
}

export interface ExternalIds {
  /** Sixteen letters and digits (95 bits). Unused ones expire, see `externalIdHours`. */
  create(
    caller: Pick<Principal, "arn">,
    options?: { forRecord?: string; executor?: Kysely<Tables> },
  ): Promise<ExternalId>;
  /** Throws `external_id_not_found`. */
  get(id: string, executor?: Kysely<Tables>): Promise<ExternalId>;
  exists(id: string, executor?: Kysely<Tables>): Promise<boolean>;
  /** From then on it does not expire, and belongs to the record if it had no owner. Safe to repeat. Throws `external_id_not_found`. */
  markUsed(id: string, options?: { forRecord?: string; executor?: Kysely<Tables> }): Promise<void>;
  /** Throws `external_id_not_found`, `external_id_in_use`. */
  delete(id: string): Promise<void>;
  /** Who presents this ID; asks all that registered. */
  usersOf(id: string): Promise<ExternalIdUser[]>;
  registerUsage(check: (id: string) => Promise<ExternalIdUser[]>): void;
}

export function createExternalIds(dependencies: {
  db: { readonly kysely: Kysely<Tables> };
  clock: Clock;
  random: Random;
  /** Life of an ID that nothing uses. */
  externalIdHours?: number;
}): ExternalIds {
  const { db, clock, random, externalIdHours = 48 } = dependencies;
  const checks: ((id: string) => Promise<ExternalIdUser[]>)[] = [];
  const bornAfter = () => new Date(clock.now() - externalIdHours * 3_600_000);

  const self: ExternalIds = {
    async create(caller, { forRecord, executor = db.kysely } = {}) {
      await executor
        .deleteFrom("external_ids")
        .where("used_at", "is", null)
        .where("created_at", "<=", bornAfter())
        .execute();
      const row = {
        id: random.text(16, alphanumerics),
        created_at: new Date(clock.now()),
        created_by: caller.arn,
        for_record: forRecord ?? null,
        used_at: null,
      };
      await executor.insertInto("external_ids").values(row).execute();
      return fromRow(row);
    },

    async get(id, executor = db.kysely) {
      // What cannot be one of ours is not asked for: the database refuses some texts, such as one with a zero byte.
      if (!/^[A-Za-z0-9]{16}$/.test(id)) throw new AppError("external_id_not_found");
      const row = await executor
        .selectFrom("external_ids")
        .selectAll()
        .where("id", "=", id)
        .where(({ or, eb }) => or([eb("used_at", "is not", null), eb("created_at", ">", bornAfter())]))
        .executeTakeFirst();
      if (!row) throw new AppError("external_id_not_found");
      return fromRow(row);
    },

    exists: (id, executor) =>
      self.get(id, executor).then(
        () => true,
        (error) => {
          if (error instanceof AppError && error.code === "external_id_not_found") return false;
          throw error;
        },
      ),

    async markUsed(id, { forRecord, executor = db.kysely } = {}) {
      const known = await self.get(id, executor);
      await executor
        .updateTable("external_ids")
        .set({
          used_at: known.usedAt ?? new Date(clock.now()),
          for_record: known.forRecord ?? forRecord ?? null,
        })
        .where("id", "=", id)
        .execute();
    },

    async delete(id) {
      await self.get(id);
      const users = await self.usersOf(id);
      if (users.length > 0) {
        throw new AppError("external_id_in_use", {
          fields: users.map((user) => ({ path: user.id, message: `${user.kind} ${user.name}` })),
        });
      }
      await db.kysely.deleteFrom("external_ids").where("id", "=", id).execute();
    },

    async usersOf(id) {
      const users = await Promise.all(checks.map((check) => check(id)));
      return users.flat();
    },
    registerUsage: (check) => {
      checks.push(check);
    },
  };
  return self;
}

function fromRow(row: {
  id: string;
  created_at: Date;
  created_by: string;
  for_record: string | null;
  used_at: Date | null;
}): ExternalId {
  return {
    id: row.id,
    createdAt: row.created_at,
    createdBy: row.created_by,
    forRecord: row.for_record,
    usedAt: row.used_at,
  };
}
