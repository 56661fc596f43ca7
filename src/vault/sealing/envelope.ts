import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import type { Random } from "../../base/index.ts";

const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM with a random 96-bit nonce: format byte, nonce, ciphertext, tag. A data key seals a handful of
 * values before it is replaced, far below the 2^32 that random nonces allow (NIST SP 800-38D, 8.3).
 */
export function sealBytes(key: KeyObject, plaintext: Uint8Array, aad: Buffer, random: Random): Buffer {
  const nonce = random.bytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.of(formatVersion), nonce, ciphertext, cipher.getAuthTag()]);
}

/**
 * Throws when anything is not exactly as it was sealed. Without `authTagLength` Node would take tags of four bytes;
 * and what `update` gives is used only after `final` has checked the tag.
 */
export function openBytes(key: KeyObject, sealed: Buffer, aad: Buffer): Buffer {
  if (sealed.length < 1 + nonceBytes + tagBytes || sealed[0] !== formatVersion) {
    throw new Error("The sealed value is cut off or of an unknown format.");
  }
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const ciphertext = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const opening = decipher.update(ciphertext);
  return Buffer.concat([opening, decipher.final()]);
}

/** Parts with their lengths in front, so that no two lists of parts give the same bytes. */
export function associatedData(parts: readonly (string | number)[]): Buffer {
  const encoded = parts.map((part) => Buffer.from(String(part), "utf8"));
  return Buffer.concat(encoded.flatMap((part) => [lengthOf(part), part]));
}

function lengthOf(part: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
}
