import type { Kysely } from "kysely";
import { AppError } from "../base/index.ts";
import type { CloudIntegration, CloudIntegrationInput } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import { checkAccounts } from "./accounts/check.ts";
import { type AccountSettings, externalIdsOf, hasAccounts } from "./accounts/settings.ts";
import { conflict, getLive, touched } from "./changes.ts";
import { type AwsFailure, tryConnection } from "./connection.ts";
import type { Caller, IntegrationsDeps } from "./dependencies.ts";
import {
  date,
  findIntegration,
  insertIntegration,
  pauseColumns,
  replaceIntegration,
  toSettingsRow,
} from "./integration-queries.ts";
import {
  partitionOfArn,
  type ReadSettings,
  readSettings,
  regionProblems,
  validationFailed,
} from "./read-input.ts";
import type { IntegrationRecord, IntegrationSettings } from "./records.ts";
import { typeOf } from "./types/index.ts";
import { toWire } from "./wire.ts";

export async function create(
  deps: IntegrationsDeps,
  input: CloudIntegrationInput,
  caller: Caller,
): Promise<CloudIntegration> {
  const read = await readChecked(deps, input);
  const error = await checkConnection(deps, read, input.forceSave ?? false);
  const now = deps.clock.now();
  const record: IntegrationRecord = {
    id: deps.random.uuid(),
    ...read.settings,
    disabled: false,
    disabledByError: false,
    trashedAt: null,
    createdAt: now,
    createdBy: caller.name,
    updatedAt: now,
    updatedBy: caller.name,
    lastReceivedPointAt: null,
    lastMetricCount: null,
    lastProcessedAt: null,
    lastProcessorId: null,
    lastError: error,
    lastErrorAt: error === null ? null : now,
    lastErrorEvent: null,
    consecutiveFailures: 0,
    nextRunAt: now,
    pause: null,
  };
  await deps.db.kysely.transaction().execute(async (transaction) => {
    await insertIntegration(transaction, record);
    await claimExternalIds(deps, transaction, record);
  });
  return toWire(record);
}

/** The settings that a body describes, with an external ID that may be used. */
export async function readChecked(
  deps: IntegrationsDeps,
  input: CloudIntegrationInput,
  stored?: IntegrationRecord,
): Promise<ReadSettings> {
  const options = { ...(stored && { stored }), extraRegions: deps.extraRegions };
  const read = await withReusedExternalId(deps, readSettings(input, options));
  const forced = input.forceSave ?? false;
  if (read.settings.externalId !== stored?.externalId)
    await checkExternalId(deps, read.settings.externalId, "baseCredentials.externalId", forced);
  const known = stored ? externalIdsOf(accountsOf(stored)) : [];
  for (const externalId of externalIdsOf(accountsOf(read.settings))) {
    if (externalId !== read.settings.externalId && !known.includes(externalId))
      await checkExternalId(deps, externalId, "cloudWatch.accounts", forced);
  }
  return read;
}

function accountsOf({ service, config }: Pick<IntegrationSettings, "service" | "config">): AccountSettings {
  const { accounts, organization } = typeOf(service).accountsOf(config);
  return { ...(accounts && { accounts }), ...(organization && { organization }) };
}

/** A new integration may take over the external ID of one that is there, whose role has it already. */
async function withReusedExternalId(deps: IntegrationsDeps, read: ReadSettings): Promise<ReadSettings> {
  const { externalId, reuseExternalIdCredential } = read.settings;
  if (externalId !== "" || reuseExternalIdCredential === null) return read;
  const other = await findIntegration(deps.db.kysely, reuseExternalIdCredential);
  if (!other || other.trashedAt !== null || other.externalId === "") {
    const message = "No integration with an external ID has this id.";
    throw validationFailed([{ path: "reuseExternalIdCredential", message }]);
  }
  return { ...read, settings: { ...read.settings, externalId: other.externalId } };
}

/** IDs are ours to make: a customer who could choose one could choose another customer's. */
async function checkExternalId(
  deps: IntegrationsDeps,
  externalId: string,
  path: string,
  forced: boolean,
): Promise<void> {
  if (externalId === "" || forced || (await deps.externalIds.exists(externalId))) return;
  throw validationFailed([
    {
      path,
      message:
        "Unknown or expired: create one with POST /api/v2/cloudintegration/awsExternalId, or set forceSave to keep one from elsewhere.",
    },
  ]);
}

/** One that was saved by force may not be ours, and is then nobody's to keep. */
async function claimExternalIds(
  deps: IntegrationsDeps,
  executor: Kysely<Tables>,
  settings: IntegrationSettings,
): Promise<void> {
  for (const externalId of new Set([settings.externalId, ...externalIdsOf(accountsOf(settings))])) {
    if (externalId === "" || !(await deps.externalIds.exists(externalId, executor))) continue;
    await deps.externalIds.markUsed(externalId, { executor });
  }
}

/**
 * Tries the credentials. Gives the error to record when they fail and the caller saves by force; throws when not, and always when
 * the operator forbids what is asked for.
 */
export async function checkConnection(
  deps: IntegrationsDeps,
  { settings, type, roleArnMalformed }: ReadSettings,
  forced: boolean,
): Promise<string | null> {
  if (roleArnMalformed) return "The role's ARN is malformed.";
  const attempt = await tryConnection(deps, settings).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "credential_not_found") throw error;
    throw validationFailed([{ path: "credentialId", message: "No credential has this id." }]);
  });
  if (attempt.ok) {
    const partition = partitionOfArn(attempt.identity.arn);
    const problems = partition === undefined ? [] : regionProblems(type, settings, partition);
    if (problems.length > 0) throw validationFailed(problems);
    return checkOthers(deps, settings, type, forced);
  }
  if (forced) return attempt.failure.message;
  throw rejection(attempt.failure);
}

/** The roles in further accounts, likewise. */
async function checkOthers(
  deps: IntegrationsDeps,
  settings: IntegrationSettings,
  type: ReadSettings["type"],
  forced: boolean,
): Promise<string | null> {
  if (!hasAccounts(type.accountsOf(settings.config))) return null;
  const { message, fields } = await checkAccounts(deps, settings);
  if (message === null || forced) return message;
  throw new AppError("credentials_rejected", {
    message: withoutNotFoundText(message),
    fields: fields.map((field) => ({ ...field, message: withoutNotFoundText(field.message) })),
  });
}

/** The refusal of AWS as an error of ours: cause and advice in its message. */
export function rejection(failure: AwsFailure): AppError {
  const text = [
    `The credentials could not be used (${failure.cause}): ${failure.message}`,
    ...failure.advice,
  ].join(" ");
  return new AppError("credentials_rejected", {
    message: withoutNotFoundText(text),
    fields: [{ path: "baseCredentials", message: withoutNotFoundText(failure.message) }],
    detail: { cause: failure.cause, rawCode: failure.rawCode },
  });
}

/** Terraform drops a resource from its state when the text of an error has "404" in it, as an account number may. */
function withoutNotFoundText(text: string): string {
  return text.replace(/\d*404\d*/g, "…");
}

export async function update(
  deps: IntegrationsDeps,
  id: string,
  input: CloudIntegrationInput,
  caller: Caller,
): Promise<CloudIntegration> {
  const stored = await getLive(deps.db.kysely, id);
  checkUnchanged(stored, input);
  const read = await readChecked(deps, input, stored);
  const { settings } = read;
  const forced = input.forceSave ?? false;
  const reconnect =
    settings.roleArn !== stored.roleArn ||
    settings.externalId !== stored.externalId ||
    settings.credentialId !== stored.credentialId ||
    JSON.stringify(accountsOf(settings)) !== JSON.stringify(accountsOf(stored));
  const error = reconnect ? await checkConnection(deps, read, forced) : null;
  const now = deps.clock.now();
  const next: IntegrationRecord = {
    ...stored,
    ...settings,
    ...touched(stored, caller, now),
    ...(error !== null && { lastError: error, lastErrorAt: now }),
    // A changed setting shows its effect at once, not after the old interval.
    nextRunAt: stored.disabled ? null : now,
    // If there is still no money, the next run finds that out without a call.
    pause: null,
  };
  const columns = {
    ...toSettingsRow(settings),
    updated_at: new Date(next.updatedAt),
    updated_by: next.updatedBy,
    next_run_at: date(next.nextRunAt),
    ...pauseColumns(next.pause),
    ...(error !== null && { last_error: error, last_error_at: new Date(now) }),
  };
  await deps.db.kysely.transaction().execute(async (transaction) => {
    if (!(await replaceIntegration(transaction, stored, columns))) throw conflict();
    await claimExternalIds(deps, transaction, next);
  });
  return toWire(next);
}

/**
 * Another time than the stored one tells of an edit in between, which this one would undo. Only who asks for it is told:
 * Wavefront's clients send back an `updatedEpochMillis` of any age, and make a second integration when an update fails.
 */
function checkUnchanged(stored: IntegrationRecord, { ifUpdatedEpochMillis }: CloudIntegrationInput): void {
  if (ifUpdatedEpochMillis && ifUpdatedEpochMillis !== stored.updatedAt) throw conflict();
}
