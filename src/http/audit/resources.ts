import type { AwsResource } from "../../contract/index.ts";

/** ARNs of what the console changes, by the types that CloudTrail gives them; a group's questions name its streams too. */
const kinds: readonly { readonly type: string; readonly arn: RegExp }[] = [
  { type: "AWS::IAM::User", arn: /^(arn:aws:iam::\d{12}:user\/[^*]+)$/ },
  { type: "AWS::IAM::Policy", arn: /^(arn:aws:iam::(?:\d{12}|aws):policy\/[^*]+)$/ },
  { type: "AWS::Logs::LogGroup", arn: /^(arn:aws:logs:[^:]*:\d{12}:log-group:[^:*]+)(?::|$)/ },
];

/** What a record can be looked up by: the resources that policies were asked about, each once. */
export function resourcesOf(asked: readonly string[]): readonly AwsResource[] {
  const found = new Map<string, AwsResource>();
  for (const text of asked) {
    for (const { type, arn } of kinds) {
      const ARN = arn.exec(text)?.[1];
      if (ARN !== undefined) found.set(ARN, { type, ARN });
    }
  }
  return [...found.values()];
}
