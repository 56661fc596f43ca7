import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CloudTrailClient, LookupEventsCommand, paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  InvalidParameterException,
  PutLogEventsCommand,
  paginateDescribeLogStreams,
  paginateFilterLogEvents,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  IAMClient,
  LimitExceededException,
  NoSuchEntityException,
  paginateListUsers,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createLogTarget, rootClientOptions } from "../support/log-target.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** The server as AWS's own SDK sees it. */
describe("AWS's SDK", { timeout: 300_000 }, () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server?.stop());

  test("Logs: pages through events and streams, and knows its errors by class", async () => {
    const logs = new CloudWatchLogsClient(rootClientOptions(server));
    const target = await createLogTarget(server);
    const to = { logGroupName: target.group, logStreamName: target.stream };
    const base = Date.now() - 100_000;
    const events = Array.from({ length: 25 }, (_, i) => ({
      timestamp: base + i,
      message: `event ${i} é☃\t`,
    }));
    await logs.send(new PutLogEventsCommand({ ...to, logEvents: events }));
    const pages: string[][] = [];
    for await (const page of paginateFilterLogEvents(
      { client: logs, pageSize: 10 },
      { logGroupName: target.group },
    ))
      pages.push((page.events ?? []).map((event) => event.message ?? ""));
    assert.deepEqual(
      pages.flat(),
      events.map((event) => event.message),
    );
    assert.ok(pages.length >= 3);
    const newest = await logs.send(new GetLogEventsCommand({ ...to, limit: 2 }));
    assert.deepEqual(
      newest.events?.map((event) => event.message),
      [events[23]?.message, events[24]?.message],
    );
    for (let i = 0; i < 5; i++)
      await logs.send(new CreateLogStreamCommand({ ...to, logStreamName: `more-${i}` }));
    const names: (string | undefined)[] = [];
    for await (const page of paginateDescribeLogStreams(
      { client: logs, pageSize: 2 },
      { logGroupName: target.group },
    ))
      names.push(...(page.logStreams ?? []).map((stream) => stream.logStreamName));
    assert.deepEqual(names, ["more-0", "more-1", "more-2", "more-3", "more-4", "one"]);
    await assert.rejects(
      logs.send(new CreateLogGroupCommand({ logGroupName: target.group })),
      ResourceAlreadyExistsException,
    );
    await assert.rejects(
      logs.send(new CreateLogStreamCommand({ logGroupName: "missing", logStreamName: "x" })),
      ResourceNotFoundException,
    );
    await assert.rejects(
      logs.send(new CreateLogGroupCommand({ logGroupName: "not a name" })),
      InvalidParameterException,
    );
    logs.destroy();
  });

  test("IAM and STS: users page by page, two keys at most, and who signs", async () => {
    const iam = new IAMClient(rootClientOptions(server));
    for (let i = 0; i < 5; i++)
      await iam.send(new CreateUserCommand({ UserName: `paged-${i}`, Path: "/p/" }));
    const names: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListUsers({ client: iam, pageSize: 2 }, { PathPrefix: "/p/" })) {
      names.push(...(page.Users ?? []).map((user) => user.UserName));
      pages++;
    }
    assert.deepEqual(names, ["paged-0", "paged-1", "paged-2", "paged-3", "paged-4"]);
    assert.equal(pages, 3);
    const create = () =>
      iam.send(
        new CreateServiceSpecificCredentialCommand({
          UserName: "paged-0",
          ServiceName: "logs.amazonaws.com",
          CredentialAgeDays: 1,
        }),
      );
    const { ServiceSpecificCredential: key } = await create();
    assert.match(key?.ServiceCredentialSecret ?? "", /^ACWL/);
    await create();
    await assert.rejects(create(), (error) => {
      assert.ok(error instanceof LimitExceededException);
      assert.equal(error.$metadata.httpStatusCode, 409);
      return true;
    });
    await assert.rejects(
      iam.send(
        new AttachUserPolicyCommand({
          UserName: "nobody",
          PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
        }),
      ),
      NoSuchEntityException,
    );
    const { AccessKey: own } = await iam.send(new CreateAccessKeyCommand({ UserName: "paged-1" }));
    const sts = new STSClient({
      ...rootClientOptions(server),
      credentials: { accessKeyId: own?.AccessKeyId ?? "", secretAccessKey: own?.SecretAccessKey ?? "" },
    });
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    assert.equal(identity.Arn, "arn:aws:iam::000000000000:user/p/paged-1");
    sts.destroy();
    iam.destroy();
  });

  test("CloudTrail: looks events up page by page", async () => {
    const trail = new CloudTrailClient(rootClientOptions(server));
    const attributes = [{ AttributeKey: "EventName" as const, AttributeValue: "CreateUser" }];
    const created: (string | undefined)[] = [];
    for await (const page of paginateLookupEvents(
      { client: trail, pageSize: 2 },
      { LookupAttributes: attributes },
    ))
      created.push(
        ...(page.Events ?? []).map(
          (event) => JSON.parse(event.CloudTrailEvent ?? "{}").requestParameters?.userName,
        ),
      );
    for (let i = 0; i < 5; i++) assert.ok(created.includes(`paged-${i}`));
    await assert.rejects(
      trail.send(new LookupEventsCommand({ MaxResults: 51 })),
      (error: Error) => error.name === "InvalidMaxResultsException",
    );
    trail.destroy();
  });
});
