import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { LocalConfigError } from "./local-config-error.ts";

/** Paths of the shared files; absent ones are those of the account the server runs under. */
export interface ProfileFiles {
  readonly credentialsFile?: string | undefined;
  readonly configFile?: string | undefined;
}

/** What a profile comes down to: keys, and the roles to assume on the way, first one first. */
export interface ResolvedProfile {
  readonly keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
  readonly roles: readonly ProfileRole[];
}

export interface ProfileRole {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly sessionName?: string | undefined;
  readonly durationSeconds?: number | undefined;
}

type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

const chainMax = 5;
const fileBytesMax = 1024 * 1024;

/** A profile file is code: these settings run programs, open other files or ask other providers. */
const refusedSettings: Readonly<Record<string, string>> = {
  credential_process: "runs a program",
  web_identity_token_file: "reads another file",
  credential_source: "takes its keys from another provider",
  sso_session: "needs an interactive sign-in",
  sso_start_url: "needs an interactive sign-in",
  login_session: "needs an interactive sign-in",
  mfa_serial: "needs an MFA code",
};

/** Follows `source_profile` from `name` down to keys. Throws LocalConfigError, naming the profile and what is wrong with it. */
export async function resolveProfile(
  name: string,
  files: ProfileFiles,
  allowed: readonly string[],
): Promise<ResolvedProfile> {
  if (allowed.length > 0 && !allowed.includes(name)) {
    throw new LocalConfigError(`The operator does not allow the profile ${name} (NEPHO_ALLOWED_PROFILES).`);
  }
  return follow(name, await readProfiles(files), pathsOf(files).credentialsFile);
}

/** Names of the profiles that the method can use, for forms. Empty when there are no files. */
export async function usableProfiles(files: ProfileFiles, allowed: readonly string[]): Promise<string[]> {
  const profiles = await readProfiles(files).catch((): Profiles => ({}));
  return Object.keys(profiles)
    .filter((name) => allowed.length === 0 || allowed.includes(name))
    .filter((name) => isUsable(name, profiles))
    .sort();
}

function isUsable(name: string, profiles: Profiles): boolean {
  try {
    follow(name, profiles, "");
    return true;
  } catch {
    return false;
  }
}

function follow(name: string, profiles: Profiles, file: string): ResolvedProfile {
  const roles: ProfileRole[] = [];
  const seen = new Set<string>();
  for (let current = name; ; ) {
    const profile = Object.hasOwn(profiles, current) ? profiles[current] : undefined;
    if (!profile) throw new LocalConfigError(notFound(current, profiles, file));
    refuseUnsafe(current, profile);
    if (seen.has(current) || seen.size >= chainMax) {
      throw new LocalConfigError(
        `The source_profile chain of ${name} is circular or longer than ${chainMax}.`,
      );
    }
    seen.add(current);
    const keys = keysOf(profile);
    // As in AWS's tools: role settings win in the first profile, keys win in those it leads to; a profile may source itself.
    const isLast = profile.role_arn === undefined || (keys && current !== name);
    if (isLast) {
      if (!keys) throw new LocalConfigError(`The profile ${current} holds no access key.`);
      return { keys, roles };
    }
    roles.unshift(roleOf(profile));
    if (profile.source_profile === undefined) {
      throw new LocalConfigError(`The profile ${current} names a role but no source_profile.`);
    }
    if (profile.source_profile === current) {
      if (!keys) throw new LocalConfigError(`The profile ${current} sources itself but holds no access key.`);
      return { keys, roles };
    }
    current = profile.source_profile;
  }
}

function refuseUnsafe(name: string, profile: Readonly<Record<string, string | undefined>>): void {
  for (const [setting, why] of Object.entries(refusedSettings)) {
    if (profile[setting] === undefined) continue;
    throw new LocalConfigError(
      `The profile ${name} uses ${setting}, which ${why}; the server does not follow it.`,
    );
  }
}

function keysOf(profile: Readonly<Record<string, string | undefined>>): ResolvedProfile["keys"] | undefined {
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = profile;
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: profile.aws_session_token };
}

function roleOf(profile: Readonly<Record<string, string | undefined>>): ProfileRole {
  const duration = Number(profile.duration_seconds);
  return {
    roleArn: profile.role_arn ?? "",
    externalId: profile.external_id,
    sessionName: profile.role_session_name,
    durationSeconds: Number.isInteger(duration) && duration >= 900 ? duration : undefined,
  };
}

function notFound(name: string, profiles: Profiles, file: string): string {
  const names = Object.keys(profiles).sort().slice(0, 20);
  const there = names.length > 0 ? `It has: ${names.join(", ")}.` : "No profile was found there.";
  return `The profile ${name} is not in ${file}. ${there}`;
}

function pathsOf(files: ProfileFiles): { credentialsFile: string; configFile: string } {
  return {
    credentialsFile: files.credentialsFile ?? join(homedir(), ".aws", "credentials"),
    configFile: files.configFile ?? join(homedir(), ".aws", "config"),
  };
}

async function readProfiles(files: ProfileFiles): Promise<Profiles> {
  const { credentialsFile, configFile } = pathsOf(files);
  await Promise.all([checkFile(credentialsFile), checkFile(configFile)]);
  const loaded = await loadSharedConfigFiles({
    filepath: credentialsFile,
    configFilepath: configFile,
    ignoreCache: true,
  });
  // A profile in both files is not merged; the credentials file wins.
  return { ...onlyProfiles(loaded.configFile), ...loaded.credentialsFile };
}

/** The config file has other sections too (`services.x`, `sso-session.x`); only profiles lack the dot in front. */
function onlyProfiles(sections: Profiles): Profiles {
  return Object.fromEntries(
    Object.entries(sections).filter(([name]) => !/^(services|sso-session)\./.test(name)),
  );
}

/** A missing file is an empty one; a device, a huge file or one that others may write is refused. */
async function checkFile(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return;
  if (!info.isFile() || info.size > fileBytesMax) {
    throw new LocalConfigError(`${path} is not a plain file of at most 1 MiB.`);
  }
  if ((info.mode & 0o022) !== 0) {
    throw new LocalConfigError(`${path} can be written by others than its owner; make it mode 0600.`);
  }
}
