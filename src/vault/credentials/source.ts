import type { AwsIdentitySource, RoleHop } from "../../aws/index.ts";
import type { Secret } from "../../base/index.ts";
import type { CredentialSettings, SecretField, StoredHop } from "./stored.ts";
import { defaultSessionName } from "./stored.ts";

export interface OpenedCredential {
  readonly id: string;
  readonly version: number;
  readonly method: AwsIdentitySource["method"];
  readonly region: string;
  readonly settings: CredentialSettings;
  readonly secrets: Readonly<Partial<Record<SecretField, Secret>>>;
}

/** From a credential with its secrets to what the AWS area takes. Extra hops come after the credential's own. */
export function sourceOf(opened: OpenedCredential, extraHops: readonly RoleHop[] = []): AwsIdentitySource {
  const { settings, secrets } = opened;
  const { accessKeyId, secretAccessKey, sessionToken, proxyPassword } = secrets;
  const { roleChain, tags: _, proxy, ...rest } = settings;
  return {
    ...rest,
    recordId: opened.id,
    version: opened.version,
    method: opened.method,
    region: opened.region,
    keys:
      accessKeyId && secretAccessKey
        ? { accessKeyId: accessKeyId.reveal(), secretAccessKey, sessionToken }
        : undefined,
    roleChain: [...roleChain.map((hop) => hopOf(hop, opened.id)), ...extraHops],
    proxy: { ...proxy, password: proxyPassword },
  };
}

function hopOf(hop: StoredHop, recordId: string): RoleHop {
  return {
    roleArn: hop.roleArn,
    externalId: hop.externalId ?? undefined,
    sessionName: hop.sessionName ?? defaultSessionName(recordId),
    durationSeconds: hop.durationSeconds,
    sourceIdentity: hop.sourceIdentity,
    sessionPolicy: hop.sessionPolicy,
    sessionTags: hop.sessionTags,
  };
}
