import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type Random, Secret, writeDurably } from "../../base/index.ts";
import { generateMasterKey } from "./key-ring.ts";

export interface MasterKeys {
  /** The first writes, all read. */
  readonly keys: readonly Secret[];
  /** Path of the key file when this start made it; undefined otherwise. */
  readonly created: string | undefined;
}

/**
 * The master keys of this start: those the operator set, separated by commas; else those of `master.key` in the data
 * folder; else, where this process may make one, a new one, which is written there (mode 0600) and synced before anything is sealed with it. Keys the
 * operator sets leave the file alone.
 */
export async function loadMasterKeys(options: {
  given: Secret | undefined;
  directory: string;
  random: Random;
  mayCreate: boolean;
}): Promise<MasterKeys> {
  if (options.given) return { keys: split(options.given.reveal()), created: undefined };
  const path = join(options.directory, "master.key");
  const stored = await readIfPresent(path);
  if (stored !== undefined) return { keys: split(stored), created: undefined };
  if (!options.mayCreate) {
    throw new AppError("configuration_invalid", {
      message: `There is no master key: set NEPHO_MASTER_KEY to that of the serving process, or put its master.key into ${options.directory}.`,
    });
  }
  const key = generateMasterKey(options.random);
  await writeDurably(path, `${key.reveal()}\n`);
  return { keys: [key], created: path };
}

/** Takes back a key file that this start made, when the vault turned out to need another key. */
export async function discardMasterKeyFile(masterKeys: MasterKeys): Promise<void> {
  if (masterKeys.created) await rm(masterKeys.created, { force: true });
}

function split(text: string): Secret[] {
  return text
    .split(/[\s,]+/)
    .filter((part) => part !== "")
    .map((part) => new Secret(part));
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AppError("master_key_mismatch", {
      message: `The master key file ${path} cannot be read.`,
      cause,
    });
  }
}
