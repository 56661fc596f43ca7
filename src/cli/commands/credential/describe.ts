import type { Credential } from "../../../contract/index.ts";
import { escapeText } from "../../output/escape.ts";
import { formatRelative } from "../../output/format.ts";
import { formatRecord, formatTable } from "../../output/table.ts";

/** One credential for people: facts, role chain, warnings. Secrets are never part of an answer. */
export function describeCredential(credential: Credential, now: number): string {
  const facts = formatRecord([
    ["Name", credential.name],
    ["Id", credential.id],
    ["Description", credential.description],
    ["Method", credential.method],
    ["Access key", credential.accessKeyIdMasked],
    ["Profile", credential.profile],
    ["Region", credential.region],
    ["Status", `${credential.status}, tested ${formatRelative(credential.testedAt, now)}`],
    ["Identity", credential.identity?.arn],
    [
      "Endpoints",
      Object.entries(credential.endpoints)
        .map(([service, url]) => `${service}=${url}`)
        .join(" "),
    ],
    [
      "Tags",
      Object.entries(credential.tags)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
    ],
    ["Used by", credential.usedBy.map(({ name }) => name).join(", ")],
    [
      "Changed",
      `${formatRelative(credential.updatedAt, now)} by ${credential.updatedBy} (version ${credential.version})`,
    ],
  ]);
  const hops = credential.roleChain.map((hop) => [
    hop.roleArn,
    hop.externalId,
    hop.externalIdSource,
    hop.sessionName,
  ]);
  const chain =
    hops.length === 0 ? "" : `\n${formatTable(["Role", "External id", "Made by", "Session"], hops)}`;
  const warnings = credential.warnings.map(
    ({ message, advice }) => `! ${escapeText(message)} ${escapeText(advice)}\n`,
  );
  return `${facts}${chain}${warnings.length === 0 ? "" : `\n${warnings.join("")}`}`;
}
