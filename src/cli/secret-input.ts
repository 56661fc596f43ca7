import { readFileSync } from "node:fs";
import { usageError } from "./cli-error.ts";
import type { Terminal } from "./terminal.ts";

/** Where a secret may come from. Never the command line itself: other users of the machine can read that. */
export interface SecretSource {
  /** Path of a file, `-` for standard input. */
  readonly file?: string;
  /** Name of an environment variable. */
  readonly fromEnvironment?: string;
  /** Asked at a terminal when neither is given. */
  readonly question?: string;
}

/** The secret, or undefined when no source was named and nobody can be asked. */
export async function readSecret(source: SecretSource, terminal: Terminal): Promise<string | undefined> {
  if (source.file !== undefined && source.fromEnvironment !== undefined) {
    throw usageError("Give a secret from a file or from the environment, not both.");
  }
  if (source.file !== undefined) return trimEnd(await readFileOrInput(source.file, terminal));
  if (source.fromEnvironment !== undefined) {
    const value = terminal.environment[source.fromEnvironment];
    if (!value) throw usageError(`The environment variable ${source.fromEnvironment} is not set.`);
    return value;
  }
  if (source.question === undefined || terminal.askSecret === undefined) return undefined;
  return trimEnd(await terminal.askSecret(source.question));
}

/** Text of a file that a flag names; `-` is standard input. */
export async function readFileOrInput(path: string, terminal: Terminal): Promise<string> {
  if (path === "-") return terminal.readInput();
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw usageError(`The file cannot be read: ${(error as Error).message}`);
  }
}

/** The line break that editors and `echo` leave at the end is no part of a secret. */
function trimEnd(text: string): string {
  return text.replace(/[\r\n]+$/, "");
}
