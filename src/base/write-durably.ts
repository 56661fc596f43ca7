import { chmod, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file that only the owner can read, whole or not at all, and on disk before it resolves. */
export async function writeDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await chmod(temporary, 0o600);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
