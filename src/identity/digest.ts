import { createHash } from "node:crypto";

/**
 * What a session or token is stored and looked up as. The lookup compares digests of secrets with 256 random bits, so
 * its timing tells nothing about the secret.
 */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
