import type {
  AttachUserPolicyRequest,
  DetachUserPolicyRequest,
  ListAttachedUserPoliciesRequest,
  ListEntitiesForPolicyRequest,
} from "@aws-sdk/client-iam";
import type { Transaction } from "kysely";
import type { Tables } from "../../../db/index.ts";
import type { Attachment } from "../../attached-policies.ts";
import type { DirectoryUser } from "../../directory/build-directory.ts";
import { attachPolicies, isLastAdministrator } from "../../user-queries.ts";
import { check, checkPath, oneOf } from "../checks.ts";
import { type Operations, operation } from "../deps.ts";
import { iamErrors } from "../errors.ts";
import { pageThrough } from "../paging.ts";
import { quotas } from "../quotas.ts";
import { onUser, requireSubject } from "../subjects.ts";
import { requireUserRecord } from "../user-record.ts";
import { onPolicy, onUserAndPolicy, policyResource } from "./access.ts";
import { countAttachmentsOfUser, deleteAttachment, isAttached } from "./attachment-queries.ts";
import type { PolicyDeps } from "./deps.ts";
import { policyErrors } from "./errors.ts";
import { findPolicy, type KnownPolicy, requirePolicy, sortKeyOf } from "./known-policy.ts";

export function createAttachmentOperations(deps: PolicyDeps): Operations {
  const { directory, kysely, accountId } = deps;
  return {
    AttachUserPolicy: onAttachment("AttachUserPolicy", "Attached a policy.", deps, attach),
    DetachUserPolicy: onAttachment("DetachUserPolicy", "Detached a policy.", deps, detach),
    ListAttachedUserPolicies: operation({
      readOnly: true,
      audit: "management",
      ...onUser("iam:ListAttachedUserPolicies", directory),
      handle: async (input: ListAttachedUserPoliciesRequest, call) => {
        const { UserName = "", PathPrefix, ...page } = input;
        checkPath("pathPrefix", PathPrefix);
        const policies = attachedPolicies(await requireSubject(directory, UserName, call), PathPrefix);
        const { items, ...paging } = pageThrough(policies, sortKeyOf, page);
        const AttachedPolicies = items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn }));
        return { AttachedPolicies, ...paging };
      },
    }),
    ListEntitiesForPolicy: operation({
      readOnly: true,
      audit: "management",
      access: (input: ListEntitiesForPolicyRequest) => onPolicy("iam:ListEntitiesForPolicy", deps)(input),
      resources: policyResource,
      handle: async (input: ListEntitiesForPolicyRequest) => {
        checkEntityFilter(input);
        const { arn } = await requirePolicy(kysely, input.PolicyArn ?? "", accountId);
        const users = (await directory.current()).users.filter((user) => isListed(user, arn, input));
        const { items, ...paging } = pageThrough(users, ({ name }) => name.toLowerCase(), input);
        const PolicyUsers = items.map(({ name, id }) => ({ UserName: name, UserId: id }));
        return { PolicyGroups: [], PolicyUsers, PolicyRoles: [], ...paging };
      },
    }),
  };
}

interface UserAndPolicy {
  readonly user: Awaited<ReturnType<typeof requireUserRecord>>;
  readonly arn: string;
  /** Undefined when there is none of this ARN. */
  readonly policy: KnownPolicy | undefined;
}

function onAttachment(
  name: "AttachUserPolicy" | "DetachUserPolicy",
  message: string,
  deps: PolicyDeps,
  change: (transaction: Transaction<Tables>, of: UserAndPolicy) => Promise<void>,
) {
  return operation({
    readOnly: false,
    audit: "management",
    ...onUserAndPolicy(`iam:${name}`, deps),
    handle: async (input: AttachUserPolicyRequest & DetachUserPolicyRequest, call) => {
      const { UserName: user = "", PolicyArn: policy = "" } = input;
      await deps.counters.change("identity", async (transaction) =>
        change(transaction, {
          user: await requireUserRecord(transaction, user),
          arn: policy,
          policy: await findPolicy(transaction, policy, deps.accountId),
        }),
      );
      deps.log.info(message, { user, policy, by: call.principal.arn });
      return {};
    },
  });
}

/** Attaching what is attached already changes nothing, as on AWS. */
async function attach(transaction: Transaction<Tables>, { user, arn, policy }: UserAndPolicy): Promise<void> {
  if (!policy) throw policyErrors.notAttachable(arn);
  const attachment = attachmentOf(policy);
  if (await isAttached(transaction, user.id, attachment)) return;
  if ((await countAttachmentsOfUser(transaction, user.id)) >= quotas.policiesPerUser) {
    throw iamErrors.quotaExceeded("PoliciesPerUser", quotas.policiesPerUser);
  }
  await attachPolicies(transaction, user.id, [attachment]);
}

/** The access keys of root may be lost, so that the last administrator stays one. */
async function detach(transaction: Transaction<Tables>, { user, arn, policy }: UserAndPolicy): Promise<void> {
  const attachment = policy && attachmentOf(policy);
  if (!attachment || !(await isAttached(transaction, user.id, attachment))) {
    throw policyErrors.noSuchPolicy(arn);
  }
  const makesAdministrators = attachment.policyName === "AdministratorAccess";
  if (makesAdministrators && (await isLastAdministrator(transaction, user.id))) {
    throw iamErrors.lastAdministrator(user.name);
  }
  await deleteAttachment(transaction, user.id, attachment);
}

function attachmentOf({ arn, name, record }: KnownPolicy): Attachment {
  return record ? { arn, policyName: null, policyId: record.id } : { arn, policyName: name, policyId: null };
}

function attachedPolicies({ policies }: DirectoryUser, pathPrefix = "/"): { name: string; arn: string }[] {
  return policies
    .flatMap(({ name, arn }) => (arn === undefined ? [] : [{ name, arn }]))
    .filter(({ arn }) => arn.slice(arn.indexOf(":policy/") + ":policy".length).startsWith(pathPrefix))
    .sort((a, b) => (sortKeyOf(a) < sortKeyOf(b) ? -1 : 1));
}

const entities = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];

function checkEntityFilter({ EntityFilter, PathPrefix, PolicyUsageFilter }: ListEntitiesForPolicyRequest) {
  check(
    oneOf("entityFilter", EntityFilter, entities),
    oneOf("policyUsageFilter", PolicyUsageFilter, ["PermissionsPolicy", "PermissionsBoundary"]),
  );
  checkPath("pathPrefix", PathPrefix);
}

/** There are no groups and roles here and no boundaries: users are all a policy can be attached to. */
function isListed(
  user: DirectoryUser,
  arn: string,
  { EntityFilter = "User", PathPrefix = "/", PolicyUsageFilter }: ListEntitiesForPolicyRequest,
): boolean {
  if (EntityFilter !== "User" || PolicyUsageFilter === "PermissionsBoundary") return false;
  return user.path.startsWith(PathPrefix) && user.policies.some((policy) => policy.arn === arn);
}
