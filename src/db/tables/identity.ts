import type { ColumnType } from "kysely";

type Timestamp = ColumnType<Date, Date, Date>;

export interface UsersTable {
  id: string;
  name: string;
  password_hash: string;
  created_at: Timestamp;
  last_sign_in_at: ColumnType<Date | null, Date | null, Date | null>;
}

export interface UserPoliciesTable {
  user_id: string;
  policy_name: string;
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
  user_id: string;
  service_name: string;
  name: string;
  secret_hash: string;
  hint: string;
  created_at: Timestamp;
  expires_at: ColumnType<Date | null, Date | null, Date | null>;
  last_used_at: ColumnType<Date | null, Date | null, Date | null>;
}

export interface AccessKeysTable {
  id: string;
  access_key_id: string;
  user_id: string | null;
  created_at: Timestamp;
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
  sessions: SessionsTable;
  service_specific_credentials: ServiceSpecificCredentialsTable;
  access_keys: AccessKeysTable;
  settings: SettingsTable;
}
