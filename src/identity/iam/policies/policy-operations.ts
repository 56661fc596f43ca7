import type {
  CreatePolicyRequest,
  DeletePolicyRequest,
  GetPolicyRequest,
  ListPoliciesRequest,
  Policy,
} from "@aws-sdk/client-iam";
import type { AwsCall } from "../../../contract/index.ts";
import type { Directory } from "../../directory/build-directory.ts";
import { newIamId } from "../../iam-ids.ts";
import { arnOfPolicy } from "../../principals.ts";
import { check, checkPath, checkUserName, lengthOf, oneOf } from "../checks.ts";
import { type Operations, operation } from "../deps.ts";
import { iamErrors } from "../errors.ts";
import { pageThrough } from "../paging.ts";
import { quotas } from "../quotas.ts";
import { readTags, withTagging } from "../tags.ts";
import { onPolicy, policyResource } from "./access.ts";
import { isAttachedToAnybody } from "./attachment-queries.ts";
import type { PolicyDeps } from "./deps.ts";
import { checkManagedDocument } from "./documents.ts";
import { policyErrors } from "./errors.ts";
import {
  describePolicy,
  describePolicyFully,
  type KnownPolicy,
  listKnownPolicies,
  listVersions,
  requireOwnPolicy,
  requirePolicy,
  sortKeyOf,
} from "./known-policy.ts";
import { countPolicyRecords, deletePolicyRecord, findPolicyRecord, insertPolicy } from "./policy-queries.ts";

export function createManagedPolicyOperations(deps: PolicyDeps): Operations {
  const { kysely, directory, accountId } = deps;
  return {
    CreatePolicy: operation({
      readOnly: false,
      audit: "management",
      access: ({ PolicyName = "", Path = "/", Tags }: CreatePolicyRequest) => {
        const arn = arnOfPolicy(accountId, { path: Path, name: PolicyName });
        return withTagging("iam:CreatePolicy", "iam:TagPolicy", arn, Tags);
      },
      resources: ({ PolicyName = "", Path = "/" }) =>
        policyResource({ PolicyArn: arnOfPolicy(accountId, { path: Path, name: PolicyName }) }),
      handle: async (input: CreatePolicyRequest, call) => ({ Policy: await createPolicy(deps, input, call) }),
    }),
    GetPolicy: operation({
      readOnly: true,
      audit: "management",
      access: (input: GetPolicyRequest) => onPolicy("iam:GetPolicy", deps)(input),
      resources: policyResource,
      handle: async ({ PolicyArn = "" }: GetPolicyRequest) => {
        const policy = await requirePolicy(kysely, PolicyArn, accountId);
        const counts = countAttachments(await directory.current());
        return { Policy: describePolicyFully(policy, counts.get(policy.arn) ?? 0) };
      },
    }),
    ListPolicies: operation({
      readOnly: true,
      audit: "management",
      access: () => [{ action: "iam:ListPolicies", resource: "*" }],
      handle: async (input: ListPoliciesRequest) => {
        checkListInput(input);
        const counts = countAttachments(await directory.current());
        const policies = (await listKnownPolicies(kysely, accountId)).filter(
          (policy) => isListed(policy, input) && (!input.OnlyAttached || counts.has(policy.arn)),
        );
        const { items, ...paging } = pageThrough(policies, sortKeyOf, input);
        return {
          Policies: items.map((policy) => describePolicy(policy, counts.get(policy.arn) ?? 0)),
          ...paging,
        };
      },
    }),
    DeletePolicy: operation({
      readOnly: false,
      audit: "management",
      access: (input: DeletePolicyRequest) => onPolicy("iam:DeletePolicy", deps)(input),
      resources: policyResource,
      handle: async ({ PolicyArn = "" }: DeletePolicyRequest, call) => {
        await deletePolicy(deps, PolicyArn);
        deps.log.info("Deleted a policy.", { policy: PolicyArn, by: call.principal.arn });
        return {};
      },
    }),
  };
}

async function createPolicy(deps: PolicyDeps, input: CreatePolicyRequest, call: AwsCall): Promise<Policy> {
  const { PolicyName: name = "", Path: path = "/", PolicyDocument: document = "", Description } = input;
  const { counters, accountId, clock, random, log } = deps;
  checkUserName("policyName", name);
  checkPath("path", path);
  check(lengthOf("description", Description, 0, 1_000));
  checkManagedDocument(document);
  const tags = readTags(input.Tags);
  const created = await counters.change("identity", async (transaction) => {
    if (await findPolicyRecord(transaction, name)) throw policyErrors.nameTaken(name);
    if ((await countPolicyRecords(transaction)) >= quotas.policies) {
      throw iamErrors.quotaExceeded("PoliciesPerAccount", quotas.policies);
    }
    await insertPolicy(
      transaction,
      {
        id: random.uuid(),
        iamId: newIamId("ANPA", random),
        name,
        path,
        description: Description ?? null,
        tags,
        createdAt: new Date(clock.now()),
      },
      document,
    );
    return requirePolicy(transaction, arnOfPolicy(accountId, { path, name }), accountId);
  });
  log.info("Created a policy.", { policy: created.arn, by: call.principal.arn });
  return describePolicyFully(created, 0);
}

async function deletePolicy({ counters, accountId }: PolicyDeps, arn: string): Promise<void> {
  await counters.change("identity", async (transaction) => {
    const policy = await requireOwnPolicy(transaction, arn, accountId);
    const { id } = policy.record;
    if (await isAttachedToAnybody(transaction, { policyName: null, policyId: id })) {
      throw policyErrors.isAttached();
    }
    if ((await listVersions(transaction, policy)).length > 1) throw policyErrors.hasVersions();
    await deletePolicyRecord(transaction, id);
  });
}

function checkListInput({ Scope, PathPrefix, PolicyUsageFilter }: ListPoliciesRequest): void {
  check(
    oneOf("scope", Scope, ["All", "AWS", "Local"]),
    oneOf("policyUsageFilter", PolicyUsageFilter, ["PermissionsPolicy", "PermissionsBoundary"]),
  );
  checkPath("pathPrefix", PathPrefix);
}

/** There are no permissions boundaries here, so nothing is used as one. */
function isListed(
  policy: KnownPolicy,
  { Scope = "All", PathPrefix = "/", PolicyUsageFilter }: ListPoliciesRequest,
): boolean {
  const isInScope = Scope === "All" || (Scope === "AWS") === (policy.record === undefined);
  return isInScope && policy.path.startsWith(PathPrefix) && PolicyUsageFilter !== "PermissionsBoundary";
}

/** By the ARN of the policy. */
function countAttachments({ users }: Directory): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { arn } of users.flatMap(({ policies }) => policies)) {
    if (arn !== undefined) counts.set(arn, (counts.get(arn) ?? 0) + 1);
  }
  return counts;
}
