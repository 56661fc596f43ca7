import { sql } from "kysely";
import { usersMax } from "../add-user.ts";
import { type IamDeps, type Operations, operation } from "./deps.ts";

export function createAccountOperations({ directory, kysely }: IamDeps): Operations {
  return {
    GetAccountSummary: operation({
      readOnly: true,
      audit: "management",
      access: () => [{ action: "iam:GetAccountSummary", resource: "*" }],
      handle: async () => {
        const held = await directory.current();
        const { rows } = await sql<{ policies: string; versions: string }>`select
          (select count(*) from policies) as policies,
          (select count(*) from policy_versions) as versions`.execute(kysely);
        return {
          SummaryMap: {
            Users: held.users.length,
            UsersQuota: usersMax,
            Groups: 0,
            GroupsQuota: 0,
            Roles: 0,
            RolesQuota: 0,
            Policies: Number(rows[0]?.policies),
            PoliciesQuota: 1500,
            PolicyVersionsInUse: Number(rows[0]?.versions),
            VersionsPerPolicyQuota: 5,
            PolicySizeQuota: 6144,
            UserPolicySizeQuota: 2048,
            AttachedPoliciesPerUserQuota: 10,
            AccessKeysPerUserQuota: 2,
            AccountAccessKeysPresent: held.rootAccessKeys.length > 0 ? 1 : 0,
            AccountMFAEnabled: 0,
            MFADevices: 0,
            MFADevicesInUse: 0,
          },
        };
      },
    }),
    ListAccountAliases: operation({
      readOnly: true,
      audit: "management",
      access: () => [{ action: "iam:ListAccountAliases", resource: "*" }],
      handle: () => ({ AccountAliases: [], IsTruncated: false }),
    }),
  };
}
