import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateAccessKeyCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { type AccessKey, createAwsCli, skipWithoutAwsCli } from "../support/aws-cli.ts";
import {
  createLogTarget,
  type LogTarget,
  rootClientOptions,
  storedMessages,
  targetHeaders,
} from "../support/log-target.ts";
import { type SigningInput, signedRequest } from "../support/sdk-in-process.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** What `sts:GetSessionToken` gives, in the hands of AWS's tools. */
describe("temporary credentials", { timeout: 300_000 }, () => {
  let server: TestServer;
  let iam: IAMClient;
  let target: LogTarget;
  /** Of a user who may do everything, and what was had with it. */
  let admin: AccessKey;
  let session: Required<AccessKey>;

  before(async () => {
    server = await startServer();
    target = await createLogTarget(server);
    iam = new IAMClient(rootClientOptions(server));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "admin" }));
    admin = {
      accessKeyId: AccessKey?.AccessKeyId ?? "",
      secretAccessKey: AccessKey?.SecretAccessKey ?? "",
    };
    session = await newSession(admin);
  });
  after(async () => {
    iam?.destroy();
    await server?.stop();
  });

  const optionsOf = (credentials: AccessKey) => ({ ...rootClientOptions(server), credentials });
  const newSession = async (key: AccessKey): Promise<Required<AccessKey>> => {
    const sts = new STSClient(optionsOf(key));
    const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    sts.destroy();
    assert.ok(Credentials);
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials;
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
  /** Over the wire, as whoever signs by hand sends it. */
  const send = async (signing: Omit<SigningInput, "atMs" | keyof AccessKey>, key: AccessKey = session) => {
    const { host } = new URL(server.endpointUrl);
    const { method, path, query, headers, body } = await signedRequest({
      ...key,
      ...signing,
      atMs: Date.now(),
      headers: { host, ...signing.headers },
    });
    const response = await fetch(`${server.endpointUrl}${path}?${query}`, {
      method,
      headers: headers as Record<string, string>,
      ...(method === "POST" && { body: body as Uint8Array<ArrayBuffer> }),
    });
    return { status: response.status, text: await response.text() };
  };
  const sendEvent = (message: string, key?: AccessKey) =>
    send(
      {
        service: "logs",
        path: "/ingest/json",
        headers: { "content-type": "application/json", ...targetHeaders(target) },
        body: JSON.stringify({ message }),
      },
      key,
    );
  const recordsOf = async (AttributeKey: "EventName" | "AccessKeyId", AttributeValue: string) => {
    const trail = new CloudTrailClient(rootClientOptions(server));
    const attributes = [{ AttributeKey, AttributeValue }];
    const { Events = [] } = await trail.send(new LookupEventsCommand({ LookupAttributes: attributes }));
    trail.destroy();
    return Events.map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent ?? ""));
  };

  test("the AWS CLI asks for them and works with them", { skip: skipWithoutAwsCli }, async () => {
    const asked = createAwsCli(server.endpointUrl, admin);
    const { Credentials } = await asked.json("sts", "get-session-token");
    assert.match(Credentials.AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
    const hours = (Date.parse(Credentials.Expiration) - Date.now()) / 3_600_000;
    assert.ok(hours > 11.9 && hours <= 12, String(hours));
    const cli = createAwsCli(server.endpointUrl, {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    });
    assert.deepEqual(
      await cli.json("sts", "get-caller-identity"),
      await asked.json("sts", "get-caller-identity"),
    );
    await cli.json("logs", "create-log-group", "--log-group-name", "/made/by/session");
    const { logGroups } = await cli.json("logs", "describe-log-groups", "--log-group-name-prefix", "/made");
    assert.equal(logGroups.length, 1);
    assert.ok((await cli.json("cloudtrail", "lookup-events", "--max-items", "1")).Events.length > 0);
  });

  test("the AWS CLI is refused in AWS's words", { skip: skipWithoutAwsCli }, async () => {
    const cli = createAwsCli(server.endpointUrl, session);
    assert.equal(
      await cli.refused("sts", "get-session-token"),
      "An error occurred (AccessDenied) when calling the GetSessionToken operation: Cannot call GetSessionToken with session credentials",
    );
    assert.match(
      await cli.refused("iam", "list-users"),
      /^An error occurred \(InvalidClientTokenId\) when calling the ListUsers operation: The security token included in the request is invalid\./,
    );
    const mfa = ["--serial-number", "arn:aws:iam::000000000000:mfa/admin", "--token-code", "123456"];
    assert.match(
      await createAwsCli(server.endpointUrl, admin).refused("sts", "get-session-token", ...mfa),
      /\(AccessDenied\).*MultiFactorAuthentication failed, unable to validate MFA code/,
    );
    const { sessionToken } = await newSession(admin);
    const swapped = createAwsCli(server.endpointUrl, { ...session, sessionToken });
    assert.match(
      await swapped.refused("sts", "get-caller-identity"),
      /\(InvalidClientTokenId\) .*The security token included in the request is invalid\.$/,
    );
    assert.match(
      await swapped.refused("logs", "describe-log-groups"),
      /\(UnrecognizedClientException\) .*The security token included in the request is invalid\.$/,
    );
  });

  test("AWS's SDK sends log events with a provider of them", async () => {
    let asked = 0;
    const logs = new CloudWatchLogsClient({
      ...rootClientOptions(server),
      credentials: async () => {
        asked += 1;
        return { ...(await newSession(admin)), expiration: new Date(Date.now() + 900_000) };
      },
    });
    const to = { logGroupName: target.group, logStreamName: target.stream };
    for (const message of ["sdk 1", "sdk 2"])
      await logs.send(new PutLogEventsCommand({ ...to, logEvents: [{ timestamp: Date.now(), message }] }));
    logs.destroy();
    assert.equal(asked, 1);
    const messages = await storedMessages(server, target.group);
    assert.deepEqual(
      messages.filter((message) => message.startsWith("sdk")),
      ["sdk 1", "sdk 2"],
    );
  });

  test("the paths of log senders take them, and a presigned URL says who made it", async () => {
    const sent = await sendEvent("sent by a session");
    assert.equal(sent.status, 200, sent.text);
    const messages = await storedMessages(server, target.group);
    assert.ok(messages.some((message) => message.includes("sent by a session")));
    const presigned = await send({
      service: "sts",
      method: "GET",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      presignSeconds: 60,
    });
    assert.equal(presigned.status, 200, presigned.text);
    assert.match(presigned.text, /<Arn>arn:aws:iam::000000000000:user\/admin<\/Arn>/);
  });

  test("the paths of log senders refuse them without their token, or with another's", async () => {
    const { sessionToken, ...bare } = session;
    const other = await newSession(admin);
    for (const key of [bare, { ...bare, sessionToken: other.sessionToken }]) {
      const { status, text } = await sendEvent("never stored", key);
      assert.equal(status, 403);
      assert.match(text, /UnrecognizedClientException/);
      assert.ok(!text.includes(sessionToken));
    }
  });

  test("they outlive a rotation of the vault's keys", async () => {
    await server.api("POST", "/api/v1/vault/rotate");
    assert.equal((await sendEvent("after the rotation")).status, 200);
  });

  test("audit records tell who had them and what was done with them, and hold no secret", async () => {
    const records = await recordsOf("EventName", "GetSessionToken");
    const issue = records.find(
      ({ responseElements }) => responseElements?.credentials.accessKeyId === session.accessKeyId,
    );
    assert.equal(issue.readOnly, true);
    assert.equal(issue.userIdentity.accessKeyId, admin.accessKeyId);
    assert.equal(issue.userIdentity.sessionContext, undefined);
    assert.deepEqual(issue.requestParameters, { durationSeconds: 900 });
    const { secretAccessKey, sessionToken, expiration } = issue.responseElements.credentials;
    const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";
    assert.deepEqual([secretAccessKey, sessionToken], [hidden, hidden]);
    assert.ok(Date.parse(expiration) > Date.now());

    const logs = new CloudWatchLogsClient(optionsOf(session));
    await logs.send(new DescribeLogGroupsCommand({}));
    logs.destroy();
    const used = await recordsOf("AccessKeyId", session.accessKeyId);
    const call = used.find(({ eventName }) => eventName === "DescribeLogGroups");
    assert.equal(call.userIdentity.arn, "arn:aws:iam::000000000000:user/admin");
    const { creationDate, mfaAuthenticated } = call.userIdentity.sessionContext.attributes;
    assert.equal(mfaAuthenticated, "false");
    assert.ok(Math.abs(Date.parse(creationDate) - Date.parse(issue.eventTime)) <= 1_000);
    const text = JSON.stringify([records, used]) + server.output();
    for (const secret of [session.secretAccessKey, session.sessionToken]) assert.ok(!text.includes(secret));
  });

  test("codes of MFA devices are in no record, refused or not", async () => {
    const sts = new STSClient(optionsOf(admin));
    const code = { SerialNumber: "GAHT12345678", TokenCode: "918273" };
    await assert.rejects(
      sts.send(new GetSessionTokenCommand(code)),
      (error: Error) =>
        error.name === "AccessDenied" && error.message.startsWith("MultiFactorAuthentication failed"),
    );
    sts.destroy();
    const records = await recordsOf("EventName", "GetSessionToken");
    const { requestParameters } = records.find(({ errorCode }) => errorCode === "AccessDenied");
    assert.equal(requestParameters.tokenCode, "HIDDEN_DUE_TO_SECURITY_REASONS");
    assert.ok(!(JSON.stringify(records) + server.output()).includes(code.TokenCode));
  });

  test("a policy ends all that were handed out before a time", async () => {
    const policy = { UserName: "admin", PolicyName: "end-sessions" };
    await iam.send(
      new PutUserPolicyCommand({
        ...policy,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: {
            Effect: "Deny",
            Action: "*",
            Resource: "*",
            Condition: {
              DateLessThan: { "aws:TokenIssueTime": new Date(Date.now() + 60_000).toISOString() },
            },
          },
        }),
      }),
    );
    const { status, text } = await sendEvent("never stored");
    assert.equal(status, 403, text);
    assert.match(text, /explicit deny/);
    assert.equal((await sendEvent("by the key itself", admin)).status, 200);
    await iam.send(new DeleteUserPolicyCommand(policy));
    assert.equal((await sendEvent("allowed again")).status, 200);
  });

  test("they end with the key that asked for them", async () => {
    const { accessKeyId } = admin;
    await iam.send(
      new UpdateAccessKeyCommand({ UserName: "admin", AccessKeyId: accessKeyId, Status: "Inactive" }),
    );
    const { status, text } = await sendEvent("never stored");
    assert.equal(status, 403);
    assert.match(text, /UnrecognizedClientException/);
    const messages = await storedMessages(server, target.group);
    assert.ok(!messages.some((message) => message.includes("never stored")));
  });
});
