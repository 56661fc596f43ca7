/**
 * Keys of the advisory locks that this program takes on its database, each for one purpose. A key is a number that the
 * whole database shares: two purposes on one key wait for each other without need, and a change of a number lets an
 * older process and a newer one hold the same lock at once.
 */
export const lockKeys = {
  /** One starter at a time brings the schema up to date. */
  migrations: 7_263_849_016,
  /** One starter at a time checks master keys and enters a new one. */
  masterKeys: 7_263_849_017,
  /** One starter at a time makes the first user. */
  firstUser: 7_263_849_018,
  /** One caller at a time makes a trail, so that no two take the last place. */
  trails: 7_263_849_020,
} as const;
