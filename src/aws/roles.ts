import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  type STSClient,
} from "@aws-sdk/client-sts";
import type { AwsKeys } from "./identity.ts";
import type { RoleHop } from "./source.ts";

/** One AssumeRole call, with the external ID of the hop. */
export async function assumeRole(sts: STSClient, hop: RoleHop): Promise<AwsKeys> {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: hop.roleArn,
      RoleSessionName: hop.sessionName,
      DurationSeconds: hop.durationSeconds,
      ExternalId: hop.externalId,
      SourceIdentity: hop.sourceIdentity,
      Policy: hop.sessionPolicy,
      Tags: Object.entries(hop.sessionTags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return keysOf(Credentials);
}

export async function assumeRoleWithWebIdentity(
  sts: STSClient,
  role: { roleArn: string; sessionName: string; token: string },
): Promise<AwsKeys> {
  const { Credentials } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName,
      WebIdentityToken: role.token,
    }),
  );
  return keysOf(Credentials);
}

function keysOf(credentials: Credentials | undefined): AwsKeys {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
    throw new Error("STS answered without credentials.");
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
