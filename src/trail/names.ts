import { ProtocolError } from "../protocols/index.ts";
import type { RecordOrigin } from "./record.ts";

/** Names that callers choose, by AWS's rules. A bucket and a prefix become parts of a path, so nothing else may pass. */

export function arnOf(name: string, { accountId, region }: RecordOrigin): string {
  return `arn:aws:cloudtrail:${region}:${accountId}:trail/${name}`;
}

/** For policies: an ARN stands for itself, whatever it names. */
export function arnOfNameOrArn(nameOrArn: string, origin: RecordOrigin): string {
  return nameOrArn.startsWith("arn:") ? nameOrArn : arnOf(nameOrArn, origin);
}

/**
 * The name that a name or an ARN stands for. Throws `InvalidTrailNameException`, `CloudTrailARNInvalidException`, and
 * `TrailNotFoundException` for an ARN of another account or region.
 */
export function nameOfNameOrArn(nameOrArn: string, origin: RecordOrigin): string {
  if (!nameOrArn.startsWith("arn:")) return checkTrailName(nameOrArn);
  const parts = /^arn:aws[a-z-]*:cloudtrail:([a-z0-9-]*):(\d*):trail\/(.+)$/.exec(nameOrArn);
  if (!parts)
    throw new ProtocolError("CloudTrailARNInvalidException", `Invalid ARN for a trail: ${nameOrArn}.`);
  if (parts[1] !== origin.region || parts[2] !== origin.accountId) throw trailNotFound(nameOrArn, origin);
  return checkTrailName(parts[3]!);
}

export function trailNotFound(nameOrArn: string, origin: RecordOrigin): ProtocolError {
  return new ProtocolError(
    "TrailNotFoundException",
    `Unknown trail: ${arnOfNameOrArn(nameOrArn, origin)} for the user: ${origin.accountId}`,
  );
}

const nameLength = { min: 3, max: 128 };

/** Returns the name; throws `InvalidTrailNameException`. */
export function checkTrailName(name: string): string {
  const problem = trailNameProblem(name);
  if (problem !== undefined) throw new ProtocolError("InvalidTrailNameException", problem);
  return name;
}

function trailNameProblem(name: string): string | undefined {
  const { min, max } = nameLength;
  const length = `Specified name length: ${name.length} characters.`;
  if (name.length < min) return `Trail name too short. Minimum allowed length: ${min} characters. ${length}`;
  if (name.length > max) return `Trail name too long. Maximum allowed length: ${max} characters. ${length}`;
  if (!/^[A-Za-z0-9]/.test(name)) return "Trail name must starts with a letter or number.";
  if (!/[A-Za-z0-9]$/.test(name)) return "Trail name must ends with a letter or number.";
  if (!/^[\w.-]+$/.test(name))
    return "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).";
  if (/[._-]{2}/.test(name)) return "Trail name cannot have adjacent periods, hyphens or underscores.";
  return isAddress(name) ? "Trail name must not be formatted as an IP address." : undefined;
}

/** Throws `InvalidS3BucketNameException`. */
export function checkBucketName(name: string): string {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  if (wellFormed && !isAddress(name)) return name;
  throw new ProtocolError(
    "InvalidS3BucketNameException",
    `Bucket name '${name}' is not valid: 3 to 63 lower-case letters, digits, periods and hyphens, with a letter or digit at both ends, no two periods in a row, and not an IP address.`,
  );
}

const prefixLengthMax = 200;

/** Returns the prefix, undefined for an empty one; throws `InvalidS3PrefixException`. */
export function checkKeyPrefix(prefix: string): string | undefined {
  if (prefix === "") return undefined;
  const problem = keyPrefixProblem(prefix);
  if (problem !== undefined)
    throw new ProtocolError("InvalidS3PrefixException", `S3 key prefix is not valid: ${problem}`);
  return prefix;
}

function keyPrefixProblem(prefix: string): string | undefined {
  if (prefix.length > prefixLengthMax) return `it has more than ${prefixLengthMax} characters.`;
  if (!/^[A-Za-z0-9!_.*'()/=@&+$ -]+$/.test(prefix))
    return "it may have letters, digits, slashes and !_.*'()=@&+$- and spaces.";
  // With one slash at the end, as people write folders.
  const parts = prefix.replace(/\/$/, "").split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "no part between slashes may be empty, '.' or '..', and it must not start with a slash.";
  return undefined;
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}
