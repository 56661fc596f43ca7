import { credentialImportResult } from "../../../contract/index.ts";
import { usageError } from "../../cli-error.ts";
import { tableOr } from "../../output/output.ts";
import { readFileOrInput, readSecret } from "../../secret-input.ts";
import type { Terminal } from "../../terminal.ts";
import { defineVerb } from "../../verb.ts";

/** Fields that may be references: `env:NAME` or `file:/path`. */
const referenceFields = ["accessKeyId", "secretAccessKey", "sessionToken", "password"];

export const importCredentials = defineVerb({
  name: "import",
  summary: "Create or change credentials from a JSON declaration; secrets in it are env:NAME or file:/path",
  configure: (command) =>
    command.argument("<file>", "JSON file with { credentials: [...] }, - for standard input"),
  run: async (cli, [file = ""]) => {
    const declaration = parseDeclaration(await readFileOrInput(file, cli.terminal));
    const body = await resolveReferences(declaration, cli.terminal);
    const result = await cli.api.post("/api/v1/credentials/import", credentialImportResult, { body });
    cli.out.show(result, () =>
      tableOr(
        "The declaration is empty.",
        ["Name", "Action", "Id"],
        result.items.map((item) => [item.name, item.action, item.id]),
      ),
    );
  },
});

function parseDeclaration(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`The declaration is not valid JSON: ${(error as Error).message}`);
  }
}

/** Replaces references by what they stand for. They are resolved here, with the rights of the caller, not those of the server. */
async function resolveReferences(value: unknown, terminal: Terminal, name = ""): Promise<unknown> {
  if (typeof value === "string" && referenceFields.includes(name)) return resolveReference(value, terminal);
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveReferences(item, terminal)));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([key, child]) => [
    key,
    await resolveReferences(child, terminal, key),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function resolveReference(text: string, terminal: Terminal): Promise<string | undefined> {
  if (text.startsWith("env:")) return readSecret({ fromEnvironment: text.slice("env:".length) }, terminal);
  if (text.startsWith("file:")) return readSecret({ file: text.slice("file:".length) }, terminal);
  return text;
}
