import type { Command } from "commander";
import type { Api } from "./api.ts";
import type { Output } from "./output/output.ts";
import type { Terminal } from "./terminal.ts";

/** What a command works with. */
export interface Cli {
  readonly api: Api;
  readonly out: Output;
  readonly terminal: Terminal;
  /** Address of the server, without a token. */
  readonly serverUrl: () => string;
}

/** One command: `nepho <noun> <verb>`. Resolves to an exit code, or to nothing for 0. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly configure?: (command: Command) => unknown;
  readonly run: (cli: Cli, args: string[], options: Record<string, unknown>) => Promise<number | undefined>;
}

interface TypedVerb<Options> extends Omit<Verb, "run"> {
  readonly run: (cli: Cli, args: string[], options: Options) => Promise<number | undefined>;
}

/** Types the options of a verb; commander hands over what `configure` declares. */
export function defineVerb<Options = Record<string, unknown>>(verb: TypedVerb<Options>): Verb {
  return verb as unknown as Verb;
}

/** For options that may be given several times. */
export function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
