import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { blankOut } from "./blank-out.ts";

/** One source file as the house rules see it. Paths are relative to the checkout, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  /** As written, with comments. */
  readonly text: string;
  /** Without comments and without the contents of strings; positions and lines are those of `text`. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Path of the imported file, for a relative import. */
  readonly target: string | undefined;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const skippedFolders = new Set([
  "node_modules",
  "dist",
  "dist.next",
  "dist.old",
  ".git",
  ".setup",
  "coverage",
]);
const sourceEndings = [".ts", ".tsx", ".mjs"];

/** All files below the given folders (or the file itself), without what is installed, built or stored. */
export function listFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) => walk(folder)).sort();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export function pathExists(path: string): boolean {
  return existsSync(join(root, path));
}

export function readSources(...folders: string[]): SourceFile[] {
  return listFiles(...folders)
    .filter((path) => sourceEndings.some((ending) => path.endsWith(ending)))
    .map((path) => parse(path, readText(path)));
}

export function parse(path: string, text: string): SourceFile {
  const code = blankOut(text);
  return { path, text, code, imports: findImports(path, text, code) };
}

export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

function walk(path: string): string[] {
  if (!pathExists(path)) return [];
  let entries: import("node:fs").Dirent[];
  try {
    entries = readdirSync(join(root, path), { withFileTypes: true });
  } catch {
    return [path];
  }
  return entries
    .filter((entry) => !skippedFolders.has(entry.name) && !/^data(-|$)/.test(entry.name))
    .flatMap((entry) => {
      const child = posix.join(path, entry.name);
      return entry.isDirectory() ? walk(child) : [child];
    });
}

/** Finds `from "x"`, `import "x"` and `import("x")`: the keyword is looked for in the code, the name read from the text. */
function findImports(path: string, text: string, code: string): Import[] {
  const imports: Import[] = [];
  for (const match of code.matchAll(/\b(?:from|import)\s*\(?\s*(["'])/g)) {
    const start = match.index + match[0].length;
    const specifier = text.slice(start, text.indexOf(match[1] as string, start));
    const target = specifier.startsWith(".") ? posix.join(dirname(path), specifier) : undefined;
    imports.push({ specifier, line: lineAt(text, match.index), target });
  }
  return imports;
}
