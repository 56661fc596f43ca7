import type {
  DeleteUserPolicyRequest,
  GetUserPolicyRequest,
  ListUserPoliciesRequest,
  PutUserPolicyRequest,
} from "@aws-sdk/client-iam";
import { checkUserName } from "../checks.ts";
import { type Operations, operation } from "../deps.ts";
import { pageThrough } from "../paging.ts";
import { quotas } from "../quotas.ts";
import { onUser, requireSubject } from "../subjects.ts";
import { requireUserRecord } from "../user-record.ts";
import type { PolicyDeps } from "./deps.ts";
import { encodeDocument, readDocument, sizeOf } from "./documents.ts";
import { policyErrors } from "./errors.ts";
import { deleteInlinePolicy, listInlinePolicies, putInlinePolicy } from "./inline-queries.ts";

/** Policies that are part of one user. */
export function createInlinePolicyOperations(deps: PolicyDeps): Operations {
  const { directory, kysely, counters, log } = deps;
  return {
    PutUserPolicy: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:PutUserPolicy", directory),
      handle: async (input: PutUserPolicyRequest, call) => {
        await putPolicy(deps, input);
        const { UserName: user, PolicyName: policy } = input;
        log.info("Put an inline policy.", { user, policy, by: call.principal.arn });
        return {};
      },
    }),
    GetUserPolicy: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:GetUserPolicy", directory),
      handle: async ({ UserName = "", PolicyName = "" }: GetUserPolicyRequest, call) => {
        checkUserName("policyName", PolicyName);
        const user = await requireSubject(directory, UserName, call);
        const policies = await listInlinePolicies(kysely, user.recordId);
        const found = policies.find(({ name }) => name === PolicyName);
        if (!found) throw policyErrors.noSuchInlinePolicy(PolicyName);
        return { UserName: user.name, PolicyName, PolicyDocument: encodeDocument(found.document) };
      },
    }),
    ListUserPolicies: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:ListUserPolicies", directory),
      handle: async ({ UserName = "", ...page }: ListUserPoliciesRequest, call) => {
        const { inlinePolicyNames } = await requireSubject(directory, UserName, call);
        const { items, ...paging } = pageThrough([...inlinePolicyNames].sort(), (name) => name, page);
        return { PolicyNames: [...items], ...paging };
      },
    }),
    DeleteUserPolicy: operation({
      readOnly: false,
      audit: "management",
      ...onUser("iam:DeleteUserPolicy", directory),
      handle: async ({ UserName = "", PolicyName = "" }: DeleteUserPolicyRequest, call) => {
        checkUserName("policyName", PolicyName);
        await counters.change("identity", async (transaction) => {
          const user = await requireUserRecord(transaction, UserName);
          if (!(await deleteInlinePolicy(transaction, user.id, PolicyName))) {
            throw policyErrors.noSuchInlinePolicy(PolicyName);
          }
        });
        log.info("Deleted an inline policy.", {
          user: UserName,
          policy: PolicyName,
          by: call.principal.arn,
        });
        return {};
      },
    }),
  };
}

/** The quota is for all inline policies of a user together. */
async function putPolicy({ counters }: PolicyDeps, input: PutUserPolicyRequest): Promise<void> {
  const { UserName = "", PolicyName: name = "", PolicyDocument: document = "" } = input;
  checkUserName("policyName", name);
  readDocument(document);
  await counters.change("identity", async (transaction) => {
    const user = await requireUserRecord(transaction, UserName);
    const others = (await listInlinePolicies(transaction, user.id)).filter((policy) => policy.name !== name);
    const size = [...others, { document }].reduce((sum, policy) => sum + sizeOf(policy.document), 0);
    if (size > quotas.inlinePoliciesSize)
      throw policyErrors.inlineTooLarge(quotas.inlinePoliciesSize, user.name);
    await putInlinePolicy(transaction, user.id, { name, document });
  });
}
