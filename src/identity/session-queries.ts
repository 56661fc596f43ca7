import type { Kysely } from "kysely";
import type { Tables } from "../db/index.ts";

type Connection = Kysely<Tables>;

export interface SessionRecord {
  readonly userId: string;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export async function findSession(db: Connection, idHash: string): Promise<SessionRecord | undefined> {
  const row = await db
    .selectFrom("sessions")
    .select(["user_id", "last_seen_at", "expires_at"])
    .where("id_hash", "=", idHash)
    .executeTakeFirst();
  return row && { userId: row.user_id, lastSeenAt: row.last_seen_at, expiresAt: row.expires_at };
}

export async function insertSession(
  db: Connection,
  session: { idHash: string; userId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await db
    .insertInto("sessions")
    .values({
      id_hash: session.idHash,
      user_id: session.userId,
      created_at: session.createdAt,
      last_seen_at: session.createdAt,
      expires_at: session.expiresAt,
    })
    .execute();
}

export async function touchSession(db: Connection, idHash: string, at: Date): Promise<void> {
  await db.updateTable("sessions").set({ last_seen_at: at }).where("id_hash", "=", idHash).execute();
}

export async function deleteSession(db: Connection, idHash: string): Promise<void> {
  await db.deleteFrom("sessions").where("id_hash", "=", idHash).execute();
}

export async function deleteSessionsOfUser(
  db: Connection,
  userId: string,
  exceptIdHash?: string,
): Promise<void> {
  await db
    .deleteFrom("sessions")
    .where("user_id", "=", userId)
    .$if(exceptIdHash !== undefined, (query) => query.where("id_hash", "!=", exceptIdHash as string))
    .execute();
}

/** Removes what has expired, and all but the newest `keep` sessions of the user. */
export async function pruneSessions(
  db: Connection,
  limits: { now: Date; idleBefore: Date; userId: string; keep: number },
): Promise<void> {
  await db
    .deleteFrom("sessions")
    .where((eb) => eb.or([eb("expires_at", "<=", limits.now), eb("last_seen_at", "<=", limits.idleBefore)]))
    .execute();
  await db
    .deleteFrom("sessions")
    .where("id_hash", "in", (eb) =>
      eb
        .selectFrom("sessions")
        .select("id_hash")
        .where("user_id", "=", limits.userId)
        .orderBy("created_at", "desc")
        .offset(limits.keep),
    )
    .execute();
}
