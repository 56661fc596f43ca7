import type { Kysely } from "kysely";
import { AppError, type Secret } from "../../base/index.ts";
import { type CredentialInput, credentialImport, type FieldProblem } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";
import { findCredentialByName } from "./queries.ts";
import type { OpenedCredential } from "./source.ts";
import { type CredentialFields, type SecretField, type StoredCredential, secretFields } from "./stored.ts";

/** Gives the secret behind `env:NAME` or `file:/path`. Throws when there is none. */
export type ResolveReference = (reference: string) => Promise<Secret>;

export interface ImportResult {
  items: { name: string; id: string; action: "created" | "updated" | "unchanged" }[];
}

type Executor = Kysely<Tables>;

export interface ImportDependencies {
  readonly db: { readonly kysely: Executor };
  insert(executor: Executor, input: CredentialInput, readOnly: boolean): Promise<string>;
  change(
    executor: Executor,
    current: StoredCredential,
    fields: CredentialFields,
    readOnly: boolean,
  ): Promise<void>;
  openSecrets(stored: StoredCredential, executor: Executor): Promise<OpenedCredential["secrets"]>;
}

/**
 * Brings the credentials of a declaration into being, matched by name: new ones are created, different ones changed, equal
 * ones left alone. One transaction: the first problem undoes all, and every problem of form is reported at once.
 */
export async function importCredentials(
  declaration: unknown,
  resolveReference: ResolveReference,
  dependencies: ImportDependencies,
): Promise<ImportResult> {
  const resolved = await resolveReferences(declaration, resolveReference);
  const parsed = credentialImport.safeParse(resolved);
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map((issue) => ({
        path: issue.path.map(String).join("."),
        message: issue.message,
      })),
    );
  }
  const { credentials } = parsed.data;
  refuseRepeatedNames(credentials);
  return dependencies.db.kysely.transaction().execute(async (transaction) => {
    const items: ImportResult["items"] = [];
    for (const [index, { readOnly, ...input }] of credentials.entries()) {
      try {
        items.push(await importOne(transaction, input, readOnly, dependencies));
      } catch (error) {
        throw placed(error, index);
      }
    }
    return { items };
  });
}

async function importOne(
  executor: Executor,
  input: CredentialInput,
  readOnly: boolean,
  { insert, change, openSecrets }: ImportDependencies,
): Promise<ImportResult["items"][number]> {
  const { name } = input;
  const current = await findCredentialByName(executor, name);
  if (!current) return { name, id: await insert(executor, input, readOnly), action: "created" };
  const { id } = current;
  const isSame =
    current.read_only === readOnly &&
    hasSameSettings(current, input) &&
    hasSameSecrets(await openSecrets(current, executor), input);
  if (isSame) return { name, id, action: "unchanged" };
  // What a declaration leaves out, it wants gone.
  const { password = null, ...proxy } = input.proxy;
  await change(
    executor,
    current,
    { ...input, sessionToken: input.sessionToken ?? null, proxy: { ...proxy, password } },
    readOnly,
  );
  return { name, id, action: "updated" };
}

/** Compares what the declaration says; external IDs that we made are not in it. */
function hasSameSettings(current: StoredCredential, input: CredentialInput): boolean {
  const { settings } = current;
  const chain = (hops: readonly object[]) =>
    hops.map((hop) => {
      const { externalId, ...rest } = hop as { externalId?: string | null; externalIdSource: string };
      return rest.externalIdSource === "owner" ? { ...rest, externalId } : rest;
    });
  const { type, url, username } = input.proxy;
  const before = {
    ...settings,
    description: current.description,
    method: current.method,
    region: current.region,
    roleChain: chain(settings.roleChain),
  };
  const { accessKeyId: _1, secretAccessKey: _2, sessionToken: _3, name: _4, ...rest } = input;
  const after = { ...rest, proxy: { type, url, username }, roleChain: chain(input.roleChain) };
  return canonical(before) === canonical(after);
}

function hasSameSecrets(stored: OpenedCredential["secrets"], input: CredentialInput): boolean {
  const wanted: Record<SecretField, string | null | undefined> = {
    accessKeyId: input.accessKeyId,
    secretAccessKey: input.secretAccessKey,
    sessionToken: input.sessionToken,
    proxyPassword: input.proxy.password,
  };
  return secretFields.every((field) => (stored[field]?.reveal() ?? null) === (wanted[field] ?? null));
}

/** JSON with sorted keys and without what is undefined. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const referenceFields = ["accessKeyId", "secretAccessKey", "sessionToken"] as const;

/** Before the schema, because a reference need not have the shape of what it stands for. */
async function resolveReferences(declaration: unknown, resolve: ResolveReference): Promise<unknown> {
  const list = (declaration as { credentials?: unknown } | null)?.credentials;
  if (!Array.isArray(list)) return declaration;
  const problems: FieldProblem[] = [];
  const credentials = await Promise.all(
    list.map(async (item: unknown, index) => {
      if (typeof item !== "object" || item === null) return item;
      const copy: Record<string, unknown> = { ...item };
      const resolveIn = async (target: Record<string, unknown>, field: string, path: string) => {
        const value = target[field];
        if (typeof value !== "string" || !/^(env|file):/.test(value)) return;
        try {
          target[field] = (await resolve(value)).reveal();
        } catch (error) {
          problems.push({ path: `credentials.${index}.${path}`, message: referenceProblem(value, error) });
        }
      };
      for (const field of referenceFields) await resolveIn(copy, field, field);
      if (typeof copy.proxy === "object" && copy.proxy !== null) {
        const proxy: Record<string, unknown> = { ...copy.proxy };
        await resolveIn(proxy, "password", "proxy.password");
        copy.proxy = proxy;
      }
      return copy;
    }),
  );
  if (problems.length > 0) throw invalid(problems);
  return { ...(declaration as object), credentials };
}

function referenceProblem(reference: string, error: unknown): string {
  const why = error instanceof AppError ? error.message : "It does not exist or cannot be read.";
  return `The reference ${reference.slice(0, 200)} could not be resolved. ${why}`;
}

function refuseRepeatedNames(credentials: readonly { name: string }[]): void {
  const seen = new Set<string>();
  const problems = credentials.flatMap(({ name }, index) => {
    const key = name.toLowerCase();
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: `credentials.${index}.name`, message: "This name occurs twice in the declaration." }];
  });
  if (problems.length > 0) throw invalid(problems);
}

function invalid(fields: readonly FieldProblem[]): AppError {
  const message = fields.map((field) => `${field.path}: ${field.message}`).join(" ");
  return new AppError("validation_failed", { message, fields });
}

/** Says which credential of the declaration a problem is about. */
function placed(error: unknown, index: number): unknown {
  if (!(error instanceof AppError)) return error;
  return new AppError(error.code, {
    message: `Credential ${index + 1} of the declaration: ${error.message}`,
    fields: error.fields.map(({ path, message }) => ({ path: `credentials.${index}.${path}`, message })),
    detail: error.detail,
    cause: error,
  });
}
