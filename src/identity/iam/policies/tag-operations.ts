import type { ListPolicyTagsRequest, TagPolicyRequest, UntagPolicyRequest } from "@aws-sdk/client-iam";
import { type Operations, operation } from "../deps.ts";
import { addTags, pageTags, readTagKeys, readTags, removeTags, type Tags, tagContext } from "../tags.ts";
import { onPolicy, policyResource } from "./access.ts";
import type { PolicyDeps } from "./deps.ts";
import { requireOwnPolicy, requirePolicy } from "./known-policy.ts";
import { updatePolicyTags } from "./policy-queries.ts";

export function createPolicyTagOperations(deps: PolicyDeps): Operations {
  const { kysely, counters, accountId } = deps;
  const changeTags = (arn: string, change: (tags: Tags) => Tags) =>
    counters.change("identity", async (transaction) => {
      const { record } = await requireOwnPolicy(transaction, arn, accountId);
      await updatePolicyTags(transaction, record.id, change(record.tags));
    });
  return {
    TagPolicy: operation({
      readOnly: false,
      audit: "management",
      access: (input: TagPolicyRequest) => onPolicy("iam:TagPolicy", deps)(input, tagContext(input.Tags)),
      resources: policyResource,
      handle: async ({ PolicyArn = "", Tags: sent }: TagPolicyRequest) => {
        const added = readTags(sent);
        await changeTags(PolicyArn, (tags) => addTags(tags, added));
        return {};
      },
    }),
    UntagPolicy: operation({
      readOnly: false,
      audit: "management",
      access: (input: UntagPolicyRequest) =>
        onPolicy("iam:UntagPolicy", deps)(input, { "aws:TagKeys": input.TagKeys ?? [] }),
      resources: policyResource,
      handle: async ({ PolicyArn = "", TagKeys }: UntagPolicyRequest) => {
        const keys = readTagKeys(TagKeys);
        await changeTags(PolicyArn, (tags) => removeTags(tags, keys));
        return {};
      },
    }),
    ListPolicyTags: operation({
      readOnly: true,
      audit: "management",
      access: (input: ListPolicyTagsRequest) => onPolicy("iam:ListPolicyTags", deps)(input),
      resources: policyResource,
      handle: async ({ PolicyArn = "", ...page }: ListPolicyTagsRequest) => {
        const { tags } = await requirePolicy(kysely, PolicyArn, accountId);
        return pageTags(tags, page);
      },
    }),
  };
}
