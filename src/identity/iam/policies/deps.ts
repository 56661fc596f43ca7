import type { IamDeps } from "../deps.ts";

/** The part of IAM's parts that policies need. */
export type PolicyDeps = Pick<
  IamDeps,
  "kysely" | "counters" | "directory" | "clock" | "random" | "log" | "accountId"
>;
