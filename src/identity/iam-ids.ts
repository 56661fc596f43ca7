import type { Random } from "../base/index.ts";

const upperAlphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** What a prefix stands for: `AIDA` a user, `ACCA` a service-specific credential, `ANPA` a customer's policy. */
export type IamIdPrefix = "AIDA" | "ACCA" | "ANPA";

/** An id as AWS forms them: four letters that tell the kind, and 17 characters. */
export function newIamId(prefix: IamIdPrefix, random: Random): string {
  return `${prefix}${random.text(17, upperAlphanumerics)}`;
}
