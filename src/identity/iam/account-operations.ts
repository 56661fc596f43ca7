import type { ListAccountAliasesRequest } from "@aws-sdk/client-iam";
import { sql } from "kysely";
import { type IamDeps, type Operations, operation } from "./deps.ts";
import { pageThrough } from "./paging.ts";
import { quotas } from "./quotas.ts";

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
            UsersQuota: quotas.users,
            Groups: 0,
            GroupsQuota: 0,
            Roles: 0,
            RolesQuota: 0,
            Policies: Number(rows[0]?.policies),
            PoliciesQuota: quotas.policies,
            PolicyVersionsInUse: Number(rows[0]?.versions),
            VersionsPerPolicyQuota: quotas.versionsPerPolicy,
            PolicySizeQuota: quotas.policySize,
            UserPolicySizeQuota: quotas.inlinePoliciesSize,
            AttachedPoliciesPerUserQuota: quotas.policiesPerUser,
            AccessKeysPerUserQuota: quotas.accessKeysPerUser,
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
      handle: (input: ListAccountAliasesRequest) => {
        const { items, ...paging } = pageThrough([], String, input);
        return { AccountAliases: [...items], ...paging };
      },
    }),
  };
}
