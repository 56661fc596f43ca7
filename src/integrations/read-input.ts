import { AppError } from "../base/index.ts";
import {
  type CloudIntegrationInput,
  displayName,
  externalId as externalIdText,
  type FieldProblem,
  isKnownRegion,
  partitionOfRegion,
  roleArn as roleArnText,
  unknownRegionMessage,
} from "../contract/index.ts";
import { checkAccounts, hasAccounts } from "./accounts/settings.ts";
import type { IntegrationRecord, IntegrationSettings } from "./records.ts";
import { findType, typeOf } from "./types/index.ts";
import type { IntegrationType } from "./types/integration-type.ts";

export const defaultRefreshMinutes = 5;
const refreshMinutesMax = 1440;

export interface ReadSettings {
  readonly settings: IntegrationSettings;
  readonly type: IntegrationType;
  /** The role's text is no ARN; only `forceSave` lets that pass. */
  readonly roleArnMalformed: boolean;
}

/**
 * The settings that a body describes. Without `stored` it is a creation. With `stored` and a `service` in the body it
 * replaces: what is absent is cleared, except what clients leave out though they mean to keep it (external ID, refresh rate, our own
 * fields). With `stored` and no `service`, as the Ruby command line renames, it changes the given keys only.
 *
 * Throws `validation_failed` or `pattern_invalid` with every problem found; messages never repeat what was sent, because
 * Terraform takes any error text with "404" in it for "not found". `forceSave` lets malformed ARNs and expressions pass.
 */
export function readSettings(
  input: CloudIntegrationInput,
  { stored, extraRegions }: { stored?: IntegrationRecord; extraRegions?: readonly string[] | undefined } = {},
): ReadSettings {
  const problems: FieldProblem[] = [];
  const type = readType(input, stored, problems);
  const patch = stored !== undefined && isAbsent(input.service);
  const config = readConfig(type, input, stored, patch, problems);
  const credentials = readCredentials(type, input, stored, patch, problems, config);
  const settings: IntegrationSettings = {
    name: readName(input, stored, patch, problems),
    service: type.service,
    config,
    ...credentials.values,
    additionalTags: readTags(input, stored, patch, problems),
    refreshMinutes: readRefreshMinutes(input, stored, problems),
  };
  checkRegions(type, settings, extraRegions, problems);
  if (problems.length > 0) throw validationFailed(problems);
  if (!input.forceSave) type.checkPatterns(config);
  return { settings, type, roleArnMalformed: credentials.roleArnMalformed };
}

export function validationFailed(problems: readonly FieldProblem[]): AppError {
  const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join(" ");
  return new AppError("validation_failed", { message, fields: problems });
}

/** Clients of this wire format send null and empty text for what is not set. */
function isAbsent(value: unknown): value is null | undefined | "" {
  return value === null || value === undefined || value === "";
}

function readType(
  input: CloudIntegrationInput,
  stored: IntegrationRecord | undefined,
  problems: FieldProblem[],
): IntegrationType {
  if (isAbsent(input.service)) {
    if (stored) return typeOf(stored.service);
    throw validationFailed([{ path: "service", message: "Needed, such as CLOUDWATCH." }]);
  }
  const type = findType(input.service);
  if (typeof type === "string") throw validationFailed([{ path: "service", message: type }]);
  if (stored && stored.service !== type.service) {
    problems.push({
      path: "service",
      message: "The service of an integration cannot be changed; create another one.",
    });
  }
  return type;
}

function readName(
  input: CloudIntegrationInput,
  stored: IntegrationRecord | undefined,
  patch: boolean,
  problems: FieldProblem[],
): string {
  if (stored && patch && isAbsent(input.name)) return stored.name;
  const name = displayName.safeParse(input.name ?? "");
  if (name.success) return name.data;
  problems.push({ path: "name", message: name.error.issues[0]?.message ?? "A name is needed." });
  return "";
}

function readConfig(
  type: IntegrationType,
  input: CloudIntegrationInput,
  stored: IntegrationRecord | undefined,
  patch: boolean,
  problems: FieldProblem[],
): Readonly<Record<string, unknown>> {
  const given = type.inputOf(input);
  if (given) return type.readConfig(given, stored?.config, problems);
  if (stored && patch) return stored.config;
  problems.push({ path: type.configKey, message: `Needed for the service ${type.service}.` });
  return {};
}

type CredentialValues = Pick<
  IntegrationSettings,
  "roleArn" | "externalId" | "credentialId" | "reuseExternalIdCredential"
>;

function readCredentials(
  type: IntegrationType,
  input: CloudIntegrationInput,
  stored: IntegrationRecord | undefined,
  patch: boolean,
  problems: FieldProblem[],
  config: Readonly<Record<string, unknown>>,
): { values: CredentialValues; roleArnMalformed: boolean } {
  const given = type.inputOf(input)?.baseCredentials;
  const keep = stored !== undefined && (given !== null || patch);
  const roleArn = !given?.roleArn ? (keep ? stored.roleArn : "") : given.roleArn.trim();
  const externalId = !given?.externalId ? (keep ? stored.externalId : "") : given.externalId.trim();
  const credentialId =
    input.credentialId === undefined ? (stored?.credentialId ?? null) : input.credentialId || null;
  const reuse = input.reuseExternalIdCredential || (stored?.reuseExternalIdCredential ?? null);
  const path = `${type.configKey}.baseCredentials`;
  const roleArnMalformed = roleArn !== "" && !roleArnText.safeParse(roleArn).success;
  if (roleArnMalformed && (!input.forceSave || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(roleArn))) {
    problems.push({
      path: `${path}.roleArn`,
      message: "Not a role ARN, such as arn:aws:iam::<account>:role/<name>.",
    });
  }
  const others = type.accountsOf(config);
  // Without any configuration that is already said.
  if (roleArn === "" && credentialId === null && !hasAccounts(others) && (stored || type.inputOf(input))) {
    problems.push({
      path: `${path}.roleArn`,
      message: "A role, or a credentialId of a stored credential, is needed.",
    });
  }
  if (roleArn !== "" && externalId === "" && credentialId === null && reuse === null) {
    problems.push({
      path: `${path}.externalId`,
      message:
        "Needed: create one with POST /api/v2/cloudintegration/awsExternalId and put it into the role's trust policy.",
    });
  }
  checkExternalId(`${path}.externalId`, externalId, stored, problems);
  // An external ID that is reused is read later, and there is one then.
  const own = { roleArn, externalId: externalId || (reuse ?? ""), credentialId };
  checkAccounts(others, own, type.configKey, problems);
  return {
    values: { roleArn, externalId, credentialId, reuseExternalIdCredential: reuse },
    roleArnMalformed,
  };
}

function checkExternalId(
  path: string,
  externalId: string,
  stored: IntegrationRecord | undefined,
  problems: FieldProblem[],
): void {
  if (externalId !== "" && !externalIdText.safeParse(externalId).success) {
    problems.push({ path, message: "2 to 1,224 letters, digits and _+=,.@:/- ." });
  }
  if (stored && stored.externalId !== "" && externalId !== "" && externalId !== stored.externalId) {
    problems.push({
      path,
      message:
        "The external ID of an integration cannot be changed. Leave it out to keep it, or create another integration.",
    });
  }
}

function readTags(
  input: CloudIntegrationInput,
  stored: IntegrationRecord | undefined,
  patch: boolean,
  problems: FieldProblem[],
): Readonly<Record<string, string>> {
  if (stored && patch && input.additionalTags === undefined) return stored.additionalTags;
  const tags = input.additionalTags ?? {};
  if (Object.keys(tags).length > 100) problems.push({ path: "additionalTags", message: "At most 100 tags." });
  if (Object.entries(tags).some(([key, value]) => key === "" || /\p{Cc}/u.test(key + value))) {
    problems.push({ path: "additionalTags", message: "Empty keys and control characters are not allowed." });
  }
  return tags;
}

function readRefreshMinutes(
  input: CloudIntegrationInput,
  stored: IntegrationRecord | undefined,
  problems: FieldProblem[],
): number {
  const minutes = input.serviceRefreshRateInMins || stored?.refreshMinutes || defaultRefreshMinutes;
  if (minutes >= 1 && minutes <= refreshMinutesMax) return minutes;
  problems.push({ path: "serviceRefreshRateInMins", message: `From 1 to ${refreshMinutesMax} minutes.` });
  return defaultRefreshMinutes;
}

/** A role of one partition can do nothing in the regions of another; what is no region at all is reported elsewhere. */
function checkRegions(
  type: IntegrationType,
  settings: IntegrationSettings,
  extraRegions: readonly string[] | undefined,
  problems: FieldProblem[],
): void {
  for (const [index, region] of type.regionsOf(settings.config).entries()) {
    if (partitionOfRegion(region) === undefined || isKnownRegion(region, extraRegions)) continue;
    problems.push({ path: `${type.configKey}.regions.${index}`, message: unknownRegionMessage });
  }
  const [first] = type.accountsOf(settings.config).accounts ?? [];
  const partition = partitionOfArn(settings.roleArn || (first?.roleArn ?? ""));
  if (partition !== undefined) problems.push(...regionProblems(type, settings, partition));
}

/** Regions of the settings that lie outside the partition. Those that are no regions at all are reported elsewhere. */
export function regionProblems(
  type: IntegrationType,
  settings: IntegrationSettings,
  partition: string,
): FieldProblem[] {
  return type.regionsOf(settings.config).flatMap((region, index) => {
    const other = partitionOfRegion(region)?.id;
    if (other === undefined || other === partition) return [];
    return [
      {
        path: `${type.configKey}.regions.${index}`,
        message: `The region belongs to the partition ${other}, the role or credential to ${partition}.`,
      },
    ];
  });
}

export function partitionOfArn(arn: string): string | undefined {
  return /^arn:(aws(?:-[a-z]+)*):/.exec(arn)?.[1];
}
