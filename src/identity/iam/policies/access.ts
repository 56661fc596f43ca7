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

/** Asks on a user, and tells which policy it is about: who may attach one policy may not attach all. */
export function onUserAndPolicy(action: string, { directory }: Pick<PolicyDeps, "directory">) {
  const ask = onUser(action, directory);
  return async (
    input: OnPolicy & { readonly UserName?: string | undefined },
    call: AwsCall,
  ): Promise<readonly AccessQuestion[]> => {
    const questions = await ask(input, call);
    return questions.map((question) => ({
      ...question,
      context: { ...question.context, "iam:PolicyARN": input.PolicyArn ?? "" },
    }));
  };
}

/** For the audit record. */
export function policyResource({ PolicyArn = "" }: OnPolicy): readonly AwsResource[] {
  return [{ type: "AWS::IAM::Policy", ARN: PolicyArn }];
}
