import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutBearerTokenAuthenticationCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachUserPolicyCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import type { TestServer } from "../../test/support/server.ts";

/** Where the load goes, and the key that it comes with. */
export interface LogTarget {
  readonly key: string;
  readonly credentialId: string;
  readonly userName: string;
  readonly group: string;
  readonly stream: string;
}

/** Makes group, stream, user and key as somebody with the AWS SDK would. */
export async function makeLogTarget(server: TestServer, name = "bench"): Promise<LogTarget> {
  const { logs, iam } = awsClients(server);
  const [group, stream, userName] = [`/bench/${name}`, "one", `${name}-sender`];
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await logs.send(
    new PutBearerTokenAuthenticationCommand({
      logGroupIdentifier: group,
      bearerTokenAuthenticationEnabled: true,
    }),
  );
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
  await iam.send(new CreateUserCommand({ UserName: userName }));
  const PolicyArn = "arn:aws:iam::aws:policy/CloudWatchLogsAPIKeyAccess";
  await iam.send(new AttachUserPolicyCommand({ UserName: userName, PolicyArn }));
  const { ServiceSpecificCredential: made } = await iam.send(
    new CreateServiceSpecificCredentialCommand({ UserName: userName, ServiceName: "logs.amazonaws.com" }),
  );
  const { ServiceCredentialSecret: key, ServiceSpecificCredentialId: credentialId } = made ?? {};
  if (!key || !credentialId) throw new Error("The server gave no key.");
  return { key, credentialId, userName, group, stream };
}

export function awsClients(server: TestServer): { logs: CloudWatchLogsClient; iam: IAMClient } {
  const { rootAccessKeyId: accessKeyId, rootSecretAccessKey: secretAccessKey } = server.firstRun;
  const options = {
    endpoint: server.endpointUrl,
    region: "us-east-1",
    credentials: { accessKeyId, secretAccessKey },
  };
  return { logs: new CloudWatchLogsClient(options), iam: new IAMClient(options) };
}
