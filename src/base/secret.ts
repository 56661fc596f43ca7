import { inspect } from "node:util";

/**
 * A secret value that cannot be printed by accident: string conversion, JSON and `util.inspect` give
 * `[redacted]`. `reveal()` is the only way in, so that a search for it finds every use.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [inspect.custom](): string {
    return "[redacted]";
  }
}
