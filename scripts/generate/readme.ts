import { readFile } from "node:fs/promises";
import { renderSettingsTable } from "../../src/config/index.ts";

const begin = "<!-- settings:begin -->";
const end = "<!-- settings:end -->";

/** The README with the settings table between its markers; all else stays as people wrote it. */
export async function renderReadme(path: string): Promise<string> {
  const text = await readFile(path, "utf8");
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${path} lacks the markers ${begin} and ${end}`);
  return `${text.slice(0, before + begin.length)}\n${renderSettingsTable()}\n${text.slice(after)}`;
}
