import { join } from "node:path";
import { writeDurably } from "../base/index.ts";
import type { KeptFirstRun } from "./bootstrap.ts";

/** Name of the file in the data folder that holds what the first start made. */
const firstRunFileName = "first-run.json";

/** Keeps the secrets that the first start made for the operator: mode 0600, on disk before they count. Gives the path. */
export async function writeFirstRunFile(directory: string, firstRun: KeptFirstRun): Promise<string> {
  const path = join(directory, firstRunFileName);
  const { adminUser, adminPassword, restToken, rootAccessKeyId, rootSecretAccessKey } = firstRun;
  const content = { adminUser, adminPassword, restToken, rootAccessKeyId, rootSecretAccessKey };
  await writeDurably(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}
