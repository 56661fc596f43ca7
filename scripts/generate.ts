/**
 * Writes the pages of the manual, and the golden files, that are made from code. With `--check` it changes nothing and
 * fails when a file is not what it would write. One line in the list below per file.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import packageFile from "../package.json" with { type: "json" };
import { renderSettingsTable } from "../src/config/index.ts";
import { describeApi, errorSamples } from "../src/http/index.ts";
import { renderErrors } from "./generate/errors.ts";
import { renderOperations } from "./generate/operations.ts";
import { renderReadme } from "./generate/readme.ts";

const root = join(import.meta.dirname, "..");
const goldenErrors = (protocol: string) => () => json(errorSamples()[protocol]);

const files: Readonly<Record<string, () => string | Promise<string>>> = {
  "README.md": () => renderReadme(join(root, "README.md")),
  "docs/reference/configuration.md": () => `# Settings\n\n${renderSettingsTable()}`,
  "docs/reference/errors.md": renderErrors,
  "docs/reference/operations.md": renderOperations,
  "docs/reference/openapi.json": async () => json(await describeApi(packageFile.version)),
  "src/http/protocols/fixtures/errors.rest.json": goldenErrors("rest"),
  "src/http/protocols/fixtures/errors.wavefront.json": goldenErrors("wavefront"),
};

const stale: string[] = [];
for (const [path, render] of Object.entries(files)) {
  const text = await render();
  if (text === (await readFile(join(root, path), "utf8").catch(() => ""))) continue;
  stale.push(path);
  if (process.argv.includes("--check")) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(`Wrote ${path}`);
}
if (process.argv.includes("--check") && stale.length > 0) {
  console.error(`Not up to date: ${stale.join(", ")}. Run \`npm run generate\` and look at what changed.`);
  process.exitCode = 1;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
