import type { RoleFeature } from "../../contract/index.ts";
import { type FeatureContext, roleFeatureSpecs } from "./permissions.ts";

export interface TrustPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly [
    {
      readonly Effect: "Allow";
      readonly Principal: { readonly AWS: string };
      readonly Action: "sts:AssumeRole";
      readonly Condition: { readonly StringEquals: { readonly "sts:ExternalId": string } };
    },
  ];
}

export function trustPolicy(principalArn: string, externalId: string): TrustPolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: principalArn },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": externalId } },
      },
    ],
  };
}

export function permissionsPolicy(features: readonly RoleFeature[], context: FeatureContext) {
  const chosen = [...new Set(features)];
  return {
    Version: "2012-10-17",
    Statement: chosen.flatMap((feature) => roleFeatureSpecs[feature].statements(context)),
  } as const;
}

/**
 * The principal that a trust policy can name. GetCallerIdentity shows a session (`assumed-role/Name/session`); a policy
 * wants the role behind it. The role's path is not part of what AWS shows.
 */
export function trustablePrincipal(arn: string): { arn: string; isRoleOfSession: boolean } {
  const session = /^arn:(aws(?:-[a-z]+)*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/.exec(arn);
  if (!session) return { arn, isRoleOfSession: false };
  const [, partition, account, role] = session;
  return { arn: `arn:${partition}:iam::${account}:role/${role}`, isRoleOfSession: true };
}
