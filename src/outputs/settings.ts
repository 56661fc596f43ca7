import type { Kysely } from "kysely";
import { AppError, Secret } from "../base/index.ts";
import type { FieldProblem, OutputKind, OutputTargetInput } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { Vault } from "../vault/index.ts";
import { deleteTarget, saveTarget, type Target } from "./outputs-queries.ts";

/** Place of the headers of an integration's targets in the vault; one field for each kind. */
export const sealedKind = "metric-output";

/** What is sealed for a target, as JSON. */
export interface TargetHeaders {
  readonly authorization?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const noHeaders: TargetHeaders = { headers: {} };

export interface SettingsDeps {
  readonly vault: Pick<Vault, "seal" | "open" | "remove">;
  /** Why a URL is refused by the operator's policy. */
  readonly urlProblem: (url: string) => string | undefined;
}

export async function openHeaders(
  vault: Pick<Vault, "open">,
  { integrationId, kind, secretVersion }: Pick<Target, "integrationId" | "kind" | "secretVersion">,
  executor?: Kysely<Tables>,
): Promise<TargetHeaders> {
  if (secretVersion === 0) return noHeaders;
  const place = { kind: sealedKind, recordId: integrationId, field: kind, version: secretVersion };
  return JSON.parse((await vault.open(place, executor)).reveal()) as TargetHeaders;
}

/** One target of an integration as somebody wants it. */
export interface TargetChange {
  readonly integrationId: string;
  readonly kind: OutputKind;
  /** Name of the field in the request, for problems. */
  readonly path: string;
  /** Null removes the target. */
  readonly input: OutputTargetInput | null;
  readonly current: Target | undefined;
  /** Where a new target begins: nothing from before is sent. */
  readonly sentTo: number;
}

/** Throws `validation_failed`. Call it in the transaction that changes the settings. */
export async function applyTarget(
  { vault, urlProblem }: SettingsDeps,
  executor: Kysely<Tables>,
  { integrationId, kind, path, input, current, sentTo }: TargetChange,
): Promise<void> {
  if (input === null) {
    await deleteTarget(executor, integrationId, kind);
    await vault.remove(sealedKind, integrationId, { field: kind, executor });
    return;
  }
  const problems = [...urlProblems(path, input, urlProblem), ...headerProblems(path, input.headers ?? {})];
  if (current) problems.push(...strangerProblems(path, input, current));
  if (problems.length > 0) throw new AppError("validation_failed", { fields: problems });

  const stored = current ? await openHeaders(vault, current, executor) : noHeaders;
  const sealed: TargetHeaders = {
    authorization:
      input.authorization === undefined ? stored.authorization : (input.authorization ?? undefined),
    headers: input.headers === undefined ? stored.headers : (input.headers ?? {}),
  };
  const version = (current?.secretVersion ?? 0) + 1;
  await vault.seal(
    { kind: sealedKind, recordId: integrationId, field: kind, version },
    new Secret(JSON.stringify(sealed)),
    executor,
  );
  const settings = {
    url: input.url,
    sendChanges: input.sendChanges ?? current?.sendChanges ?? false,
    headerNames: Object.keys(sealed.headers).sort(),
    hasAuthorization: sealed.authorization !== undefined,
    secretVersion: version,
  };
  await saveTarget(executor, integrationId, kind, settings, sentTo);
}

function urlProblems(
  path: string,
  { url }: OutputTargetInput,
  urlProblem: SettingsDeps["urlProblem"],
): FieldProblem[] {
  const message = urlProblem(url);
  return message === undefined ? [] : [{ path: `${path}.url`, message }];
}

/** Headers that are ours to set, or that would change how the request is read. */
const reservedHeaders =
  /^(host|authorization|content-.*|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|user-agent|x-prometheus-remote-write-version)$/i;

function headerProblems(path: string, headers: Readonly<Record<string, string>>): FieldProblem[] {
  const names = Object.keys(headers);
  const lower = names.map((name) => name.toLowerCase());
  return names.flatMap((name, index) => {
    const at = `${path}.headers.${name}`;
    if (/^authorization$/i.test(name)) return [{ path: at, message: "Give it as `authorization`." }];
    if (reservedHeaders.test(name)) return [{ path: at, message: "This header is set by the server." }];
    if (lower.indexOf(name.toLowerCase()) < index) return [{ path: at, message: "Given twice." }];
    return [];
  });
}

/** Secrets that were given for one host never go to another: whoever may change the address need not know them. */
function strangerProblems(path: string, input: OutputTargetInput, current: Target): FieldProblem[] {
  // What is no URL is told of already.
  if (!URL.canParse(input.url) || new URL(input.url).origin === new URL(current.url).origin) return [];
  const problems: FieldProblem[] = [];
  const message = "The URL leads to another host now, so give this again, or null to do without.";
  if (current.hasAuthorization && input.authorization === undefined) {
    problems.push({ path: `${path}.authorization`, message });
  }
  if (current.headerNames.length > 0 && input.headers === undefined) {
    problems.push({ path: `${path}.headers`, message });
  }
  return problems;
}
