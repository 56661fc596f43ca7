import { createHash, timingSafeEqual } from "node:crypto";

/**
 * What a session or token is stored and looked up as. The lookup compares digests of secrets with 256 random bits, so
 * its timing tells nothing about the secret.
 */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whether `secret` is the one that the digest (32 bytes) was made of, in a time that depends on neither. */
export function matchesDigest(secret: string, digest: Buffer): boolean {
  return timingSafeEqual(createHash("sha256").update(secret).digest(), digest);
}
