import type { ConnectionTestResult, Credential } from "../../contract/index.ts";
import type { StoredCredential } from "./stored.ts";

type Warning = Credential["warnings"][number];

const dayMs = 86_400_000;
const oldDays = 90;
const veryOldDays = 365;

/** What deserves attention though it works. */
export function warningsOf(
  stored: StoredCredential,
  lastTest: ConnectionTestResult | null,
  context: { now: number; shared: ReadonlySet<string> },
): Warning[] {
  return [
    keyAge(stored, context.now),
    sessionToken(stored),
    rootIdentity(lastTest),
    duplicateKey(stored, context.shared),
    ...externalIds(stored, lastTest),
  ].filter((warning) => warning !== undefined);
}

function keyAge(stored: StoredCredential, now: number): Warning | undefined {
  const updatedAt = stored.secrets.secretAccessKey?.updatedAt;
  if (updatedAt === undefined || stored.secrets.sessionToken) return undefined;
  const days = Math.floor((now - Date.parse(updatedAt)) / dayMs);
  if (days < oldDays) return undefined;
  return {
    code: days >= veryOldDays ? "key_very_old" : "key_old",
    message: `The access key was entered ${days} days ago.`,
    advice: "Make a new key in IAM, enter it here, then switch the old one off; or use a role instead.",
  };
}

function sessionToken(stored: StoredCredential): Warning | undefined {
  if (!stored.secrets.sessionToken) return undefined;
  return {
    code: "session_expires",
    message: "The keys are temporary and end by themselves.",
    advice: "Use a role, so that they are renewed automatically.",
  };
}

function rootIdentity(lastTest: ConnectionTestResult | null): Warning | undefined {
  if (!lastTest?.identity?.arn.endsWith(":root")) return undefined;
  return {
    code: "root_identity",
    message: "This is the root user of the account: it may do everything, and no policy limits it.",
    advice: "Delete the root access key and use a role, or a user with the generated policy.",
  };
}

function duplicateKey(stored: StoredCredential, shared: ReadonlySet<string>): Warning | undefined {
  if (stored.key_fingerprint === null || !shared.has(stored.key_fingerprint)) return undefined;
  return {
    code: "duplicate_key",
    message: "Another credential holds the same access key.",
    advice: "Share one credential, or give each its own key, so that one can be revoked alone.",
  };
}

function externalIds(stored: StoredCredential, lastTest: ConnectionTestResult | null): Warning[] {
  const without = stored.settings.roleChain.flatMap((hop): Warning[] =>
    hop.externalIdSource === "none"
      ? [
          {
            code: "no_external_id",
            message: `The role ${hop.roleArn} is assumed without an external ID.`,
            advice:
              "If the role belongs to somebody else's account, demand an external ID in its trust policy.",
          },
        ]
      : [],
  );
  const open = (lastTest?.steps ?? []).flatMap((step): Warning[] =>
    step.id.startsWith("external-id-") && step.outcome === "warning"
      ? [
          {
            code: "external_id_not_enforced",
            message: step.message,
            advice: "Add the condition on sts:ExternalId to the role's trust policy.",
          },
        ]
      : [],
  );
  return [...without, ...open];
}
