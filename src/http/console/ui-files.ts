import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface UiFile {
  readonly body: Buffer;
  /** Absent for what is small or compressed already. */
  readonly gzipped?: Buffer;
  readonly contentType: string;
  readonly etag: string;
  /** Its name changes with its content, so a browser may keep it for ever. */
  readonly immutable: boolean;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};
const compressible = /^(text\/|application\/json|image\/svg)/;

/**
 * The built web UI by URL path. Reading it whole makes the set of files fixed: no URL can reach another file. An absent
 * folder gives an empty map.
 */
export async function readUiFiles(directory: string): Promise<ReadonlyMap<string, UiFile>> {
  const files = new Map<string, UiFile>();
  for (const path of await listFiles(directory)) {
    const contentType = contentTypes[extname(path)];
    // Source maps and whatever else the build leaves behind are not served.
    if (contentType === undefined) continue;
    const url = `/${relative(directory, path).split(sep).join("/")}`;
    files.set(url, await createUiFile(await readFile(path), contentType, url.startsWith("/assets/")));
  }
  return files;
}

async function listFiles(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const gzipAsync = promisify(gzip);

export async function createUiFile(body: Buffer, contentType: string, immutable: boolean): Promise<UiFile> {
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const worthwhile = body.length > 1024 && compressible.test(contentType);
  return { body, contentType, etag, immutable, ...(worthwhile && { gzipped: await gzipAsync(body) }) };
}
