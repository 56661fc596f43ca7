import { type Argon2Parameters, argon2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { AppError, type Random } from "../base/index.ts";

/** OWASP's choice for argon2id; 27 ms on the machine we measured. */
const memoryKib = 19_456;
const passes = 2;
const saltBytes = 16;
const tagBytes = 32;
/** A hash takes 19 MiB and a core: two at once leave the rest of the server alive, and the queue is short. */
const concurrentMax = 2;
const queuedMax = 32;
const passwordBytesMax = 1024;

const argon2Async = promisify(argon2);

export interface Passwords {
  /** A PHC string. Throws `validation_failed` beyond 1 KiB, `overloaded` when too many hashes wait. */
  hash(password: string): Promise<string>;
  /** Takes as long for an unknown user (`undefined`) as for a known one. */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

export function createPasswords(deps: { random: Random }): Passwords {
  const runLimited = createLimiter();
  const derive = (password: string, salt: Buffer) => {
    if (Buffer.byteLength(password) > passwordBytesMax) {
      throw new AppError("validation_failed", {
        fields: [{ path: "password", message: "At most 1,024 bytes." }],
      });
    }
    const parameters: Argon2Parameters = {
      message: Buffer.from(password),
      nonce: salt,
      parallelism: 1,
      tagLength: tagBytes,
      memory: memoryKib,
      passes,
    };
    return runLimited(async () => Buffer.from(await argon2Async("argon2id", parameters)));
  };
  return {
    hash: async (password) => {
      const salt = deps.random.bytes(saltBytes);
      return format(salt, await derive(password, salt));
    },
    verify: async (password, stored) => {
      const parsed = stored === undefined ? undefined : parse(stored);
      const tag = await derive(password, parsed?.salt ?? Buffer.alloc(saltBytes));
      return parsed !== undefined && timingSafeEqual(tag, parsed.tag);
    },
  };
}

const prefix = `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$`;

function format(salt: Buffer, tag: Buffer): string {
  const encode = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
  return `${prefix}${encode(salt)}$${encode(tag)}`;
}

function parse(stored: string): { salt: Buffer; tag: Buffer } {
  const [salt, tag] = stored.startsWith(prefix)
    ? stored
        .slice(prefix.length)
        .split("$")
        .map((part) => Buffer.from(part, "base64"))
    : [];
  if (salt?.length !== saltBytes || tag?.length !== tagBytes) {
    throw new AppError("internal", { detail: { reason: "A stored password hash has an unknown form." } });
  }
  return { salt, tag };
}

function createLimiter() {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= concurrentMax) {
      if (waiting.length >= queuedMax) throw new AppError("overloaded");
      // Whoever finishes hands its place over, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
