import { createHash, createSecretKey, type KeyObject } from "node:crypto";
import { AppError, type Random, Secret } from "../../base/index.ts";

export interface MasterKey {
  /** First eight bytes of the SHA-256 of the key, as hex: tells keys apart and nothing about them. */
  readonly id: string;
  readonly key: KeyObject;
}

export interface KeyRing {
  /** The only key that new data keys are wrapped with. */
  readonly writeKey: MasterKey;
  readonly all: readonly MasterKey[];
  get(id: string): MasterKey | undefined;
}

/** The first key writes, the others only read. Throws `master_key_mismatch` for anything but 32 bytes in base64 or hex. */
export function createKeyRing(secrets: readonly Secret[]): KeyRing {
  const all = secrets.map(parseMasterKey);
  const writeKey = all[0];
  if (!writeKey) {
    throw new AppError("master_key_mismatch", {
      message: "There is no master key. Set NEPHO_MASTER_KEY to 32 random bytes in base64.",
    });
  }
  const byId = new Map(all.map((key) => [key.id, key]));
  return { writeKey, all: [...byId.values()], get: (id) => byId.get(id) };
}

/** Base64 of 32 random bytes, as `NEPHO_MASTER_KEY` takes it. */
export function generateMasterKey(random: Random): Secret {
  return new Secret(random.bytes(32).toString("base64"));
}

function parseMasterKey(secret: Secret, position: number): MasterKey {
  const bytes = decodeKey(secret.reveal().trim());
  if (bytes?.length !== 32 || bytes.every((byte) => byte === bytes[0])) {
    throw new AppError("master_key_mismatch", {
      message: `Master key number ${position + 1} is not 32 random bytes in base64 or hex. Make one with: openssl rand -base64 32`,
    });
  }
  const id = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return { id, key };
}

/** Checked first, because `Buffer.from` skips what is not of the alphabet. */
function decodeKey(text: string): Buffer | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, "hex");
  if (/^[A-Za-z0-9+/]{43}=?$/.test(text)) return Buffer.from(text, "base64");
  if (/^[A-Za-z0-9_-]{43}=?$/.test(text)) return Buffer.from(text, "base64url");
  return undefined;
}
