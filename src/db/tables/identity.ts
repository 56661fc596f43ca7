import type { ColumnType, Generated } from "kysely";

type Timestamp = ColumnType<Date, Date, Date>;
type OptionalTimestamp = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** JSON text on the way in, the parsed value on the way out. */
type Tags = ColumnType<Record<string, string>, string | undefined, string>;
export type KeyStatus = "Active" | "Inactive";

export interface UsersTable {
  id: string;
  /** `AIDA…`, as clients see it. */
  iam_id: Generated<string>;
  name: string;
  path: Generated<string>;
  tags: Tags;
  password_hash: string | null;
  password_created_at: OptionalTimestamp;
  created_at: Timestamp;
  last_sign_in_at: ColumnType<Date | null, Date | null, Date | null>;
}

export interface UserPoliciesTable {
  user_id: string;
  /** One of AWS's own policies; exactly one of the two is set. */
  policy_name: string | null;
  /** A customer's policy. */
  policy_id: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface UserInlinePoliciesTable {
  user_id: string;
  name: string;
  document: string;
}

export interface PoliciesTable {
  id: string;
  /** `ANPA…`, as clients see it. */
  iam_id: string;
  name: string;
  path: string;
  description: string | null;
  default_version: number;
  newest_version: number;
  tags: Tags;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface PolicyVersionsTable {
  policy_id: string;
  version: number;
  document: string;
  created_at: Timestamp;
}

export interface SessionsTable {
  id_hash: string;
  user_id: string;
  created_at: Timestamp;
  last_seen_at: Timestamp;
  expires_at: Timestamp;
}

export interface ServiceSpecificCredentialsTable {
  id: string;
  /** `ACCA…`, as clients see it. */
  credential_id: Generated<string>;
  user_id: string;
  service_name: string;
  name: string;
  secret_hash: string;
  hint: string;
  alias: ColumnType<string | null, string | null | undefined, string | null>;
  status: Generated<KeyStatus>;
  created_at: Timestamp;
  expires_at: ColumnType<Date | null, Date | null, Date | null>;
  last_used_at: ColumnType<Date | null, Date | null, Date | null>;
}

export interface AccessKeysTable {
  id: string;
  access_key_id: string;
  user_id: string | null;
  status: Generated<KeyStatus>;
  created_at: Timestamp;
  last_used_at: OptionalTimestamp;
  last_used_service: ColumnType<string | null, string | null | undefined, string | null>;
  last_used_region: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface SettingsTable {
  name: string;
  /** JSON text on the way in, the parsed value on the way out. */
  value: ColumnType<unknown, string, string>;
  updated_at: Timestamp;
  updated_by: string;
}

/** Tables owned by `identity`. Extended by its migrations. */
export interface IdentityTables {
  users: UsersTable;
  user_policies: UserPoliciesTable;
  user_inline_policies: UserInlinePoliciesTable;
  policies: PoliciesTable;
  policy_versions: PolicyVersionsTable;
  sessions: SessionsTable;
  service_specific_credentials: ServiceSpecificCredentialsTable;
  access_keys: AccessKeysTable;
  settings: SettingsTable;
}
