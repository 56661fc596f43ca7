import { AppError, Secret } from "../base/index.ts";

/**
 * Follows the references that a declaration file holds in place of secrets: `env:NAME` is a variable of the server's
 * environment, `file:/path` the content of a file without the line break at its end. Throws `validation_failed`.
 */
export function createReferenceResolver(
  environment: Record<string, string | undefined>,
  readFile: (path: string) => Promise<string>,
): (reference: string) => Promise<Secret> {
  return async (reference) => {
    const [, kind, rest = ""] = /^(env|file):(.+)$/s.exec(reference) ?? [];
    const value =
      kind === "env" ? environment[rest] : kind === "file" ? await readText(rest, readFile) : undefined;
    if (value === undefined || value === "") throw problem(reference, kind);
    return new Secret(value);
  };
}

/**
 * The JSON of a declaration file. Throws `configuration_invalid`, which names the file and repeats nothing of it: a
 * secret may have been pasted where a reference belongs.
 */
export async function readDeclaration(
  path: string,
  readFile: (path: string) => Promise<string>,
): Promise<unknown> {
  const refuse = (why: string) =>
    new AppError("configuration_invalid", { message: `The file of NEPHO_IMPORT_FILE, ${path}, ${why}` });
  let text: string;
  try {
    text = await readFile(path);
  } catch (error) {
    throw refuse(`cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown error"}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse("is not valid JSON; nothing was imported.");
  }
}

async function readText(
  path: string,
  readFile: (path: string) => Promise<string>,
): Promise<string | undefined> {
  try {
    return (await readFile(path)).replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}

/** Names the reference only when it is one: anything else may be the secret itself, pasted in by mistake. */
function problem(reference: string, kind: string | undefined): AppError {
  return new AppError("validation_failed", {
    message:
      kind === undefined
        ? "A secret in a declaration must be a reference: env:NAME or file:/path."
        : `The reference ${reference} gives nothing: the ${kind === "env" ? "variable is not set" : "file is missing, unreadable or empty"}.`,
  });
}
