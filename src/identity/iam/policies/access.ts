import type { AccessQuestion, AwsCall, AwsResource, ContextValue } from "../../../contract/index.ts";
import { onUser } from "../subjects.ts";
import type { PolicyDeps } from "./deps.ts";
import { findPolicy } from "./known-policy.ts";

interface OnPolicy {
  readonly PolicyArn?: string | undefined;
}

/** Asks for an action on a managed policy, whose tags are condition keys. */
export function onPolicy(action: string, { kysely, accountId }: Pick<PolicyDeps, "kysely" | "accountId">) {
  return async (
    { PolicyArn = "" }: OnPolicy,
    more: Readonly<Record<string, ContextValue>> = {},
  ): Promise<readonly AccessQuestion[]> => {
    const policy = await findPolicy(kysely, PolicyArn, accountId);
    const tags = Object.entries(policy?.tags ?? {}).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value] as const,
      [`iam:ResourceTag/${key}`, value] as const,
    ]);
    return [{ action, resource: PolicyArn, context: { ...Object.fromEntries(tags), ...more } }];
  };
}

/** An operation on a user and a policy, which is a condition key: who may attach one policy may not attach all. */
export function onUserAndPolicy(action: string, { directory }: Pick<PolicyDeps, "directory">) {
  type Input = OnPolicy & { readonly UserName?: string | undefined };
  const user = onUser(action, directory, ({ PolicyArn = "" }: Input) => ({ "iam:PolicyARN": PolicyArn }));
  return {
    access: user.access,
    resources: async (input: Input, call: AwsCall): Promise<readonly AwsResource[]> => [
      ...(await user.resources(input, call)),
      ...policyResource(input),
    ],
  };
}

/** For the audit record. */
export function policyResource({ PolicyArn = "" }: OnPolicy): readonly AwsResource[] {
  return [{ type: "AWS::IAM::Policy", ARN: PolicyArn }];
}
