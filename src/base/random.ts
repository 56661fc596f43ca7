import { randomBytes, randomInt, randomUUID } from "node:crypto";

/** Randomness is handed in, so that a seed can reproduce a run. */
export interface Random {
  bytes(length: number): Buffer;
  /** Lowercase UUID v4. */
  uuid(): string;
  /** Float in [0, 1). For jitter, never for secrets. */
  float(): number;
  /** `length` characters drawn evenly from `alphabet`; fit for secrets. */
  text(length: number, alphabet: string): string;
}

export const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  uuid: () => randomUUID(),
  float: () => randomInt(2 ** 47) / 2 ** 47,
  text: (length, alphabet) => {
    let text = "";
    for (let i = 0; i < length; i++) text += alphabet[randomInt(alphabet.length)];
    return text;
  },
};
