import type { Selectable } from "kysely";
import type { AuthenticationMethod, CredentialInput, EndpointService } from "../../contract/index.ts";
import type { Tables } from "../../db/index.ts";

/** Secrets of a credential, each sealed under its own name. */
export const secretFields = ["accessKeyId", "secretAccessKey", "sessionToken", "proxyPassword"] as const;
export type SecretField = (typeof secretFields)[number];

/** Kind of record under which the vault keeps them. */
export const sealedKind = "credential";

export interface StoredHop {
  readonly roleArn: string;
  readonly externalIdSource: "generated" | "owner" | "none";
  readonly externalId: string | null;
  readonly sessionName?: string | undefined;
  readonly durationSeconds: number;
  readonly sourceIdentity?: string | undefined;
  readonly sessionPolicy?: string | undefined;
  readonly sessionTags?: Readonly<Record<string, string>> | undefined;
}

/** What is neither secret nor searched: one JSON document. */
export interface CredentialSettings {
  readonly serviceName: string;
  readonly profile?: string | undefined;
  readonly instanceSource?: "ec2" | "container" | undefined;
  readonly webIdentityRoleArn?: string | undefined;
  readonly webIdentityTokenFile?: string | undefined;
  readonly roleChain: readonly StoredHop[];
  readonly endpoints: Readonly<Partial<Record<EndpointService, string>>>;
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
  readonly sessionTokenHeader: "standard" | "with-x-amz-access-token";
  readonly emulatorCompatible: boolean;
  readonly proxy: {
    readonly type: "none" | "environment" | "url";
    readonly url?: string | undefined;
    readonly username?: string | undefined;
  };
  readonly caBundle: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type SecretFacts = Readonly<Partial<Record<SecretField, { version: number; updatedAt: string }>>>;

type Row = Selectable<Tables["credentials"]>;

/** A row with its JSON read. */
export interface StoredCredential extends Omit<Row, "method" | "settings" | "secrets"> {
  readonly method: AuthenticationMethod;
  readonly settings: CredentialSettings;
  readonly secrets: SecretFacts;
}

/** Written by this area only, so the shape is known. */
export function fromRow(row: Row): StoredCredential {
  return {
    ...row,
    method: row.method as AuthenticationMethod,
    settings: row.settings as CredentialSettings,
    secrets: row.secrets as SecretFacts,
  };
}

/** Name that CloudTrail of the role's account shows for our sessions. */
export function defaultSessionName(recordId: string): string {
  return `nephoscope-${recordId}`.slice(0, 64);
}

/** What a caller can set, every field optional: an update, or the complete input of a creation. */
export type CredentialFields = Partial<CredentialInput>;
