import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Forms in which a program might keep a text by mistake: as it is, and in base64 wherever the text begins in a group of three. */
export function formsOf(secret: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("\0".repeat(shift) + secret).toString("base64");
    // Characters that also depend on what stands before or behind are left out.
    return encoded.slice(shift === 0 ? 0 : 4, Math.floor(((secret.length + shift) * 4) / 3));
  });
  return [secret, ...shifted];
}

/** The key, and the password inside it. */
export function partsOfKey(key: string): string[] {
  const pair = Buffer.from(key.slice("ACWL".length), "base64").toString("utf8");
  return [key, pair.slice(pair.lastIndexOf(":") + 1)];
}

/** Files under `directory` that hold one of the texts. */
export async function filesWith(directory: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true }).catch(unlessGone([]))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) found.push(...(await filesWith(path, texts)));
    if (!entry.isFile()) continue;
    const content = await readFile(path).catch(unlessGone(Buffer.alloc(0)));
    if (texts.some((text) => content.includes(text))) found.push(path);
  }
  return found;
}

/** What the server has just merged away holds nothing any more. */
const unlessGone =
  <Nothing>(nothing: Nothing) =>
  (error: NodeJS.ErrnoException): Nothing => {
    if (error.code !== "ENOENT") throw error;
    return nothing;
  };
