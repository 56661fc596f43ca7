import type { ConnectionTestResult, Credential } from "../../contract/index.ts";
import { defaultSessionName, type StoredCredential } from "./stored.ts";
import { warningsOf } from "./warnings.ts";

/** What a view needs besides the row. */
export interface ViewContext {
  readonly now: number;
  readonly usedBy: Credential["usedBy"];
  /** Fingerprints that more than one credential has. */
  readonly shared: ReadonlySet<string>;
}

/** The credential as the API shows it. Secrets are not at hand here, so none can slip in. */
export function viewOf(stored: StoredCredential, context: ViewContext): Credential {
  const { settings, secrets } = stored;
  const lastTest = stored.last_test as ConnectionTestResult | null;
  return {
    id: stored.id,
    name: stored.name,
    description: stored.description,
    method: stored.method,
    region: stored.region,
    serviceName: settings.serviceName,
    accessKeyIdMasked: stored.access_key_id_masked,
    hasSecretAccessKey: secrets.secretAccessKey !== undefined,
    hasSessionToken: secrets.sessionToken !== undefined,
    secretUpdatedAt: secrets.secretAccessKey?.updatedAt ?? null,
    keyFingerprint: stored.key_fingerprint,
    profile: settings.profile ?? null,
    instanceSource: stored.method === "instance" ? (settings.instanceSource ?? "ec2") : null,
    webIdentityRoleArn: settings.webIdentityRoleArn ?? null,
    webIdentityTokenFile: settings.webIdentityTokenFile ?? null,
    roleChain: settings.roleChain.map((hop) => ({
      roleArn: hop.roleArn,
      externalIdSource: hop.externalIdSource,
      externalId: hop.externalId,
      sessionName: hop.sessionName ?? defaultSessionName(stored.id),
      durationSeconds: hop.durationSeconds,
      sourceIdentity: hop.sourceIdentity ?? null,
      sessionPolicy: hop.sessionPolicy ?? null,
      sessionTags: { ...hop.sessionTags },
    })),
    endpoints: { ...settings.endpoints },
    useFipsEndpoint: settings.useFipsEndpoint,
    useDualstackEndpoint: settings.useDualstackEndpoint,
    sessionTokenHeader: settings.sessionTokenHeader,
    emulatorCompatible: settings.emulatorCompatible,
    proxy: {
      type: settings.proxy.type,
      url: settings.proxy.url ?? null,
      username: settings.proxy.username ?? null,
      hasPassword: secrets.proxyPassword !== undefined,
    },
    caBundle: settings.caBundle,
    tags: { ...settings.tags },
    status: stored.status,
    testedAt: stored.tested_at?.toISOString() ?? null,
    identity: lastTest?.identity ?? null,
    lastTest,
    warnings: warningsOf(stored, lastTest, context),
    usedBy: context.usedBy,
    readOnly: stored.read_only,
    version: stored.version,
    createdAt: stored.created_at.toISOString(),
    createdBy: stored.created_by,
    updatedAt: stored.updated_at.toISOString(),
    updatedBy: stored.updated_by,
  };
}

/** Enough to recognise a key, not enough to use it: `AKIA…7XYZ`. */
export function maskAccessKeyId(accessKeyId: string): string {
  return `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`;
}
