import { createSecretKey, hkdfSync } from "node:crypto";
import { type Random, Secret } from "../../base/index.ts";
import { associatedData, openBytes, sealBytes } from "./envelope.ts";

/** What leaves the server sealed, comes back with a caller, and is stored nowhere. */
export interface SealedTokens {
  /** In base64. The same content gives another token each time. */
  sealToken(context: readonly string[], content: Secret): string;
  /** Undefined for what was not sealed by this installation in this context, or is not exactly as it was sealed. */
  openToken(context: readonly string[], token: string): Secret | undefined;
}

/**
 * Under a key that is derived from one of the installation's, so that every process opens what another sealed without asking
 * the database. A rotation seals that key anew and does not replace it: tokens outlive rotations. They are handed out one per
 * call of a rate-limited API, so that random nonces suffice (2^32 in NIST SP 800-38D, 8.3).
 */
export function createSealedTokens(installationKey: Buffer, random: Random): SealedTokens {
  const derived = Buffer.from(hkdfSync("sha256", installationKey, "", "nephoscope sealed tokens", 32));
  const key = createSecretKey(derived);
  derived.fill(0);
  return {
    sealToken: (context, content) =>
      sealBytes(key, Buffer.from(content.reveal(), "utf8"), associatedData(context), random).toString(
        "base64",
      ),
    openToken: (context, token) => {
      const sealed = Buffer.from(token, "base64");
      // The decoder skips what is not of its alphabet: of the many texts for the same bytes only ours is taken.
      if (sealed.toString("base64") !== token) return undefined;
      try {
        return new Secret(openBytes(key, sealed, associatedData(context)).toString("utf8"));
      } catch {
        return undefined;
      }
    },
  };
}
