import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type AwsCli, createAwsCli, skipWithoutAwsCli } from "../support/aws-cli.ts";
import { eventually } from "../support/connected.ts";
import { filesWith, formsOf, partsOfKey } from "../support/leaks.ts";
import { sendWithCurl } from "../support/log-sending.ts";
import { startServer, type TestServer } from "../support/server.ts";

const accountId = "123456789012";
const group = "/aws/hlc-logs/my-application";
const stream = "application-stream-001";
const user = "cloudwatch-logs-hlc-user";
const trail = "cloudwatch-logs-api-key-audit";
const bucket = "my-cloudtrail-bucket";
const managedPolicy = "arn:aws:iam::aws:policy/CloudWatchLogsAPIKeyAccess";
const hlcPath = `/services/collector/event?logGroup=${encodeURIComponent(group)}&logStream=${stream}`;

/** The documents of AWS's guide, word for word. */
const denyGeneratingAndUsing = `{ "Version": "2012-10-17", "Statement": [ { "Sid": "DenyCWLAPIKeys", "Effect": "Deny", "Action": [ "iam:CreateServiceSpecificCredential", "logs:CallWithBearerToken" ], "Resource": "*" } ] }`;
const denyUsing = `{ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "logs:CallWithBearerToken", "Resource": "*" } }`;
const allowUpTo90Days = `{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow", "Action": "iam:CreateServiceSpecificCredential", "Resource": "arn:aws:iam::123456789012:user/username", "Condition": { "StringEquals": { "iam:ServiceSpecificCredentialServiceName": "logs.amazonaws.com" }, "NumericLessThanEquals": { "iam:ServiceSpecificCredentialAgeDays": "90" } } } ] }`;
const customPolicy = `{ "Version": "2012-10-17", "Statement": [ { "Sid": "LogsAPIs", "Effect": "Allow", "Action": [ "logs:CallWithBearerToken", "logs:PutLogEvents" ], "Resource": "*" }, { "Sid": "KMSAPIs", "Effect": "Allow", "Action": [ "kms:Describe*", "kms:GenerateDataKey*", "kms:Decrypt" ], "Condition": { "StringEquals": { "kms:ViaService": [ "logs.*.amazonaws.com" ] } }, "Resource": "arn:aws:kms:*:*:key/*" } ] }`;
const selectors = `[{ "Name": "CloudWatch Logs API key authorization events", "FieldSelectors": [ { "Field": "eventCategory", "Equals": ["Data"] }, { "Field": "resources.type", "Equals": ["AWS::Logs::LogGroupAuthorization"] } ] }]`;

interface Credential {
  ServiceSpecificCredentialId: string;
  ServiceCredentialAlias: string;
  ServiceCredentialSecret: string;
  Status: string;
  CreateDate: string;
  ExpirationDate: string;
}

/** AWS's guide to API keys for logs, command by command, with AWS's command line. */
describe("the AWS CLI", { skip: skipWithoutAwsCli, timeout: 900_000 }, () => {
  let server: TestServer;
  let aws: AwsCli;
  let first: Credential;
  let second: Credential;
  /** Every secret that was ever handed out, to look for where none may be. */
  const keys: string[] = [];

  const createKey = async (cli: AwsCli, ...args: string[]): Promise<Credential> => {
    const { ServiceSpecificCredential: created } = await cli.json(
      ...["iam", "create-service-specific-credential", "--service-name", "logs.amazonaws.com", ...args],
    );
    keys.push(created.ServiceCredentialSecret);
    return created;
  };
  const send = (key: Credential, event: object) =>
    sendWithCurl(server.endpointUrl, {
      path: hlcPath,
      key: key.ServiceCredentialSecret,
      body: JSON.stringify(event),
    });
  const found = async (...args: string[]): Promise<string[]> => {
    const { events } = await aws.json("logs", "filter-log-events", "--log-group-name", group, ...args);
    return events.map((event: any) => event.message);
  };

  before(async () => {
    server = await startServer({ environment: { NEPHO_ACCOUNT_ID: accountId } });
    aws = createAwsCli(server.endpointUrl, {
      accessKeyId: server.firstRun.rootAccessKeyId,
      secretAccessKey: server.firstRun.rootSecretAccessKey,
    });
  });
  after(() => server?.stop());

  describe("sets up", () => {
    test("a log group and a stream, silently, and only once", async () => {
      const createGroup = ["logs", "create-log-group", "--log-group-name", group];
      assert.equal(await aws.json(...createGroup), undefined);
      assert.equal(
        await aws.refused(...createGroup),
        "An error occurred (ResourceAlreadyExistsException) when calling the CreateLogGroup operation: The specified log group already exists",
      );
      const createStream = ["logs", "create-log-stream", "--log-group-name", group];
      assert.equal(await aws.json(...createStream, "--log-stream-name", stream), undefined);
      assert.match(
        await aws.refused(...createStream, "--log-stream-name", stream),
        /ResourceAlreadyExistsException.*The specified log stream already exists/,
      );
    });

    test("bearer tokens for the group, and reads that they are on", async () => {
      const switchOn = ["logs", "put-bearer-token-authentication", "--log-group-identifier", group];
      assert.equal(await aws.json(...switchOn, "--bearer-token-authentication-enabled"), undefined);
      const { logGroups } = await aws.json(
        ...["logs", "describe-log-groups", "--log-group-name-prefix", group, "--region", "us-east-1"],
      );
      const arn = `arn:aws:logs:us-east-1:${accountId}:log-group:${group}`;
      assert.ok(Math.abs(logGroups[0].creationTime - Date.now()) < 120_000);
      assert.deepEqual(logGroups, [
        {
          logGroupName: group,
          creationTime: logGroups[0].creationTime,
          metricFilterCount: 0,
          arn: `${arn}:*`,
          storedBytes: 0,
          logGroupClass: "STANDARD",
          logGroupArn: arn,
          deletionProtectionEnabled: false,
          bearerTokenAuthenticationEnabled: true,
        },
      ]);
    });

    test("a user with the managed policy", async () => {
      const { User: created } = await aws.json("iam", "create-user", "--user-name", user);
      assert.equal(created.Arn, `arn:aws:iam::${accountId}:user/${user}`);
      assert.match(created.UserId, /^AIDA[A-Z0-9]{17}$/);
      const attach = ["iam", "attach-user-policy", "--user-name", user, "--policy-arn", managedPolicy];
      assert.equal(await aws.json(...attach), undefined);
      assert.match(
        await aws.refused("iam", "create-user", "--user-name", user),
        /\(EntityAlreadyExists\) when calling the CreateUser operation/,
      );
    });

    test("a key of thirty days, whose secret is shown once", async () => {
      first = await createKey(aws, "--user-name", user, "--credential-age-days", "30");
      assert.match(first.ServiceSpecificCredentialId, /^ACCA[A-Z0-9]{17}$/);
      assert.match(first.ServiceCredentialSecret, /^ACWL[A-Za-z0-9+/=]+$/);
      assert.equal(first.ServiceCredentialAlias, `${user}-at-${accountId}`);
      assert.equal(first.Status, "Active");
      assert.equal(Date.parse(first.ExpirationDate) - Date.parse(first.CreateDate), 30 * 86_400_000);
    });
  });

  test("finds with filter-log-events what curl sent with the key", async () => {
    const time = Date.now() / 1000;
    const event = { event: "Request processed", time, severity: "info", host: "my-host" };
    assert.deepEqual(await send(first, event), { status: 200, body: "{}" });
    const { events } = await aws.json("logs", "filter-log-events", "--log-group-name", group);
    assert.equal(events.length, 1);
    assert.equal(events[0].message, JSON.stringify(event));
    assert.equal(events[0].logStreamName, stream);
    assert.equal(events[0].timestamp, Math.round(time * 1000));
    assert.match(events[0].eventId, /^\d{56}$/);
  });

  describe("audits", () => {
    test("with a trail for the use of keys", async () => {
      const created = await aws.json(
        ...["cloudtrail", "create-trail", "--name", trail, "--s3-bucket-name", bucket],
      );
      const arn = `arn:aws:cloudtrail:us-east-1:${accountId}:trail/${trail}`;
      assert.deepEqual(created, {
        Name: trail,
        S3BucketName: bucket,
        IncludeGlobalServiceEvents: true,
        IsMultiRegionTrail: false,
        TrailARN: arn,
        LogFileValidationEnabled: false,
        IsOrganizationTrail: false,
      });
      const put = ["cloudtrail", "put-event-selectors", "--trail-name", trail];
      assert.deepEqual(await aws.json(...put, "--advanced-event-selectors", selectors), {
        TrailARN: arn,
        AdvancedEventSelectors: JSON.parse(selectors),
      });
      assert.equal(
        (await aws.json("cloudtrail", "get-trail-status", "--name", trail)).IsLogging,
        false,
        "a new trail does not log before start-logging",
      );
      assert.equal(await aws.json("cloudtrail", "start-logging", "--name", trail), undefined);
      const status = await aws.json("cloudtrail", "get-trail-status", "--name", trail);
      assert.equal(status.IsLogging, true);
      assert.ok(Math.abs(timeOf(status.StartLoggingTime) - Date.now()) < 120_000);
    });

    test("and finds who made the key, without the key", async () => {
      const { Events: events } = await aws.json(
        ...["cloudtrail", "lookup-events", "--lookup-attributes"],
        "AttributeKey=EventName,AttributeValue=CreateServiceSpecificCredential",
      );
      assert.equal(events.length, 1);
      assert.equal(events[0].EventSource, "iam.amazonaws.com");
      assert.equal(events[0].ReadOnly, "false");
      assert.equal(events[0].AccessKeyId, server.firstRun.rootAccessKeyId);
      const record = JSON.parse(events[0].CloudTrailEvent);
      assert.equal(record.requestParameters.credentialAgeDays, 30);
      assert.equal(
        record.responseElements.serviceSpecificCredential.serviceSpecificCredentialId,
        first.ServiceSpecificCredentialId,
      );
      for (const part of partsOfKey(first.ServiceCredentialSecret))
        assert.equal(JSON.stringify(events).includes(part), false);
    });
  });

  describe("rotates", () => {
    const update = (key: Credential, status: string) =>
      aws.json(
        ...["iam", "update-service-specific-credential", "--user-name", user, "--status", status],
        ...["--service-specific-credential-id", key.ServiceSpecificCredentialId],
      );
    const list = ["iam", "list-service-specific-credentials", "--user-name", user];

    test("a second key works beside the first, and a third is too many", async () => {
      second = await createKey(aws, "--user-name", user, "--credential-age-days", "90");
      assert.equal(second.ServiceCredentialAlias, `${user}+1-at-${accountId}`);
      assert.equal((await send(first, { event: "with the first" })).status, 200);
      assert.equal((await send(second, { event: "with the second" })).status, 200);
      assert.match(
        await aws.refused(
          ...["iam", "create-service-specific-credential", "--user-name", user],
          ...["--service-name", "logs.amazonaws.com"],
        ),
        /\(LimitExceeded\).*Cannot exceed quota for ContextSpecificCredentialsPerUserPerContext: 2/,
      );
    });

    test("the first is set to Inactive, and the next request with it is 401", async () => {
      assert.equal(await update(first, "Inactive"), undefined);
      const refused = await send(first, { event: "too late" });
      assert.equal(refused.status, 401);
      assert.match(JSON.parse(refused.body).message, /inactive/);
      assert.equal((await send(second, { event: "unharmed" })).status, 200);
    });

    test("list tells dates and status, and no secret", async () => {
      const listed = await aws.json(...list, "--service-name", "logs.amazonaws.com");
      assert.equal(listed.IsTruncated, false);
      const shown = (key: Credential, status: string) => {
        const { ServiceCredentialSecret: _, ...rest } = key;
        return { ...rest, Status: status, UserName: user, ServiceName: "logs.amazonaws.com" };
      };
      const byId = (a: any, b: any) =>
        a.ServiceSpecificCredentialId < b.ServiceSpecificCredentialId ? -1 : 1;
      assert.deepEqual(
        listed.ServiceSpecificCredentials.sort(byId),
        [shown(first, "Inactive"), shown(second, "Active")].sort(byId),
      );
    });

    test("the first is deleted by its id alone", async () => {
      const byId = ["--service-specific-credential-id", first.ServiceSpecificCredentialId];
      assert.equal(await aws.json("iam", "delete-service-specific-credential", ...byId), undefined);
      assert.equal((await send(first, { event: "too late" })).status, 401);
      assert.match(
        await aws.refused("iam", "delete-service-specific-credential", "--user-name", user, ...byId),
        /\(NoSuchEntity\).*No such credential/,
      );
    });

    test("reset gives the second a new secret, and the old one is dead at once", async () => {
      const { ServiceSpecificCredential: reset } = await aws.json(
        ...["iam", "reset-service-specific-credential", "--user-name", user],
        ...["--service-specific-credential-id", second.ServiceSpecificCredentialId],
      );
      keys.push(reset.ServiceCredentialSecret);
      assert.notEqual(reset.ServiceCredentialSecret, second.ServiceCredentialSecret);
      const { ServiceCredentialSecret: secret, ...rest } = second;
      const { ServiceCredentialSecret: newSecret, ...newRest } = reset;
      assert.deepEqual(newRest, rest, "all but the secret stays");
      assert.equal((await send({ ...second, ServiceCredentialSecret: secret }, { event: "x" })).status, 401);
      second = { ...second, ServiceCredentialSecret: newSecret };
      assert.equal((await send(second, { event: "with the new secret" })).status, 200);
    });
  });

  describe("controls", () => {
    const put = (name: string, document: string) =>
      aws.json(
        ...["iam", "put-user-policy", "--user-name", user, "--policy-name", name],
        ...["--policy-document", document],
      );
    const remove = (name: string) =>
      aws.json("iam", "delete-user-policy", "--user-name", user, "--policy-name", name);

    test("a policy that denies keys is felt by the next request, which is told the statement", async () => {
      await put("Incident", denyGeneratingAndUsing);
      const denied = await send(second, { event: "denied" });
      assert.equal(denied.status, 403);
      const { message } = JSON.parse(denied.body);
      assert.match(message, /not authorized to perform: logs:CallWithBearerToken/);
      assert.match(message, /explicit deny/);
      assert.match(message, /DenyCWLAPIKeys/);
      await remove("Incident");
      assert.equal((await send(second, { event: "allowed again" })).status, 200);
    });

    test("so is one whose only statement stands without a list", async () => {
      await put("Compromised", denyUsing);
      const denied = await send(second, { event: "denied" });
      assert.equal(denied.status, 403);
      assert.match(JSON.parse(denied.body).message, /Compromised/);
      await remove("Compromised");
    });

    test("without any policy the request is told which permission is missing, and the hand-written one gives it", async () => {
      await aws.json("iam", "detach-user-policy", "--user-name", user, "--policy-arn", managedPolicy);
      const denied = await send(second, { event: "denied" });
      assert.equal(denied.status, 403);
      assert.match(
        JSON.parse(denied.body).message,
        /because no identity-based policy allows the logs:CallWithBearerToken action/,
      );
      await put("Custom", customPolicy);
      assert.equal((await send(second, { event: "allowed by hand" })).status, 200);
    });

    test("the group's switch", async () => {
      const turn = ["logs", "put-bearer-token-authentication", "--log-group-identifier", group];
      await aws.json(...turn, "--no-bearer-token-authentication-enabled");
      assert.equal((await send(second, { event: "switched off" })).status, 403);
      await aws.json(...turn, "--bearer-token-authentication-enabled");
      assert.equal((await send(second, { event: "switched on" })).status, 200);
    });

    test("who may make keys of ninety days at most", async () => {
      await aws.json("iam", "create-user", "--user-name", "username");
      await aws.json(
        ...["iam", "put-user-policy", "--user-name", "username", "--policy-name", "UpTo90Days"],
        ...["--policy-document", allowUpTo90Days],
      );
      const { AccessKey: own } = await aws.json("iam", "create-access-key", "--user-name", "username");
      const theirs = createAwsCli(server.endpointUrl, {
        accessKeyId: own.AccessKeyId,
        secretAccessKey: own.SecretAccessKey,
      });
      const identity = await theirs.json("sts", "get-caller-identity");
      assert.equal(identity.Arn, `arn:aws:iam::${accountId}:user/username`);
      assert.equal(identity.Account, accountId);
      const create = ["iam", "create-service-specific-credential", "--user-name", "username"];
      const forLogs = [...create, "--service-name", "logs.amazonaws.com"];
      await createKey(theirs, "--user-name", "username", "--credential-age-days", "90");
      const refusals = await Promise.all([
        theirs.refused(...forLogs, "--credential-age-days", "91"),
        theirs.refused(...forLogs),
        theirs.refused(...create, "--service-name", "nephoscope", "--credential-age-days", "30"),
      ]);
      for (const refusal of refusals)
        assert.match(
          refusal,
          /\(AccessDenied\).*user\/username is not authorized to perform: iam:CreateServiceSpecificCredential/,
        );
      assert.match(await theirs.refused("logs", "describe-log-groups"), /\(AccessDeniedException\)/);
    });

    test("what a policy holds comes back as it was put", async () => {
      const { PolicyDocument: document } = await aws.json(
        ...["iam", "get-user-policy", "--user-name", "username", "--policy-name", "UpTo90Days"],
      );
      assert.deepEqual(document, JSON.parse(allowUpTo90Days));
      assert.match(
        await aws.refused(
          ...["iam", "put-user-policy", "--user-name", "username", "--policy-name", "Broken"],
          ...["--policy-document", '{"Version":"2012-10-17"}'],
        ),
        /\(MalformedPolicyDocument\)/,
      );
    });
  });

  describe("reads and keeps house", () => {
    const other = "batch-001";

    test("put-log-events needs no key of the group", async () => {
      await aws.json("logs", "create-log-stream", "--log-group-name", group, "--log-stream-name", other);
      const base = Date.now() - 60_000;
      const events = Array.from({ length: 7 }, (_, i) => ({
        timestamp: base + i,
        message: JSON.stringify({ level: i === 3 ? "ERROR" : "INFO", ms: i * 100 }),
      }));
      const answer = await aws.json(
        ...["logs", "put-log-events", "--log-group-name", group, "--log-stream-name", other],
        ...["--log-events", JSON.stringify(events)],
      );
      assert.match(answer.nextSequenceToken, /^\d{56}$/);
      assert.match(
        await aws.refused(
          ...["logs", "put-log-events", "--log-group-name", group, "--log-stream-name", "missing"],
          ...["--log-events", JSON.stringify(events)],
        ),
        /\(ResourceNotFoundException\).*The specified log stream does not exist/,
      );
    });

    test("filter patterns choose among them", async () => {
      const inOther = ["--log-stream-names", other];
      const matches = async (pattern: string, ...args: string[]) =>
        (await found("--filter-pattern", pattern, ...args)).length;
      assert.deepEqual(
        await Promise.all([
          matches("ERROR"),
          matches('{ $.level = "INFO" && $.ms >= 500 }', ...inOther),
          matches('"with the second"'),
          matches("INFO -100", ...inOther),
        ]),
        [1, 2, 1, 5],
      );
      assert.match(
        await aws.refused(
          "logs",
          "filter-log-events",
          "--log-group-name",
          group,
          "--filter-pattern",
          "{ $.a =",
        ),
        /\(InvalidParameterException\)/,
      );
    });

    test("get-log-events pages forward to the end, where the token stays", async () => {
      const page = (...args: string[]) =>
        aws.json(
          ...["logs", "get-log-events", "--log-group-name", group, "--log-stream-name", other],
          ...["--start-from-head", "--limit", "4", ...args],
        );
      const one = await page();
      const two = await page("--next-token", one.nextForwardToken);
      const end = await page("--next-token", two.nextForwardToken);
      assert.deepEqual(
        [one, two, end].map(({ events }) => events.map((event: any) => JSON.parse(event.message).ms)),
        [[0, 100, 200, 300], [400, 500, 600], []],
      );
      assert.equal(end.nextForwardToken, two.nextForwardToken);
    });

    test("retention, tags and streams", async () => {
      await aws.json("logs", "put-retention-policy", "--log-group-name", group, "--retention-in-days", "30");
      const arn = `arn:aws:logs:us-east-1:${accountId}:log-group:${group}`;
      await aws.json("logs", "tag-resource", "--resource-arn", arn, "--tags", "team=shop,stage=test");
      await aws.json("logs", "untag-resource", "--resource-arn", arn, "--tag-keys", "stage");
      const [tags, groups, streams, badRetention] = await Promise.all([
        aws.json("logs", "list-tags-for-resource", "--resource-arn", arn),
        aws.json("logs", "describe-log-groups"),
        aws.json("logs", "describe-log-streams", "--log-group-name", group),
        aws.refused("logs", "put-retention-policy", "--log-group-name", group, "--retention-in-days", "2"),
      ]);
      assert.deepEqual(tags, { tags: { team: "shop" } });
      assert.equal(groups.logGroups[0].retentionInDays, 30);
      assert.deepEqual(
        streams.logStreams.map((one: any) => one.logStreamName),
        [stream, other],
      );
      assert.match(badRetention, /\(InvalidParameterException\)/);
    });

    test("deletion of stream and group", async () => {
      await aws.json("logs", "delete-log-stream", "--log-group-name", group, "--log-stream-name", other);
      assert.deepEqual(await found("--filter-pattern", "ERROR"), []);
      await aws.json("logs", "create-log-group", "--log-group-name", "gone");
      await aws.json("logs", "delete-log-group", "--log-group-name", "gone");
      assert.match(
        await aws.refused("logs", "delete-log-group", "--log-group-name", "gone"),
        /\(ResourceNotFoundException\).*The specified log group does not exist\./,
      );
    });
  });

  // Delivery follows a minute behind, and most of that has passed by now.
  test("delivers a file with each use of a key, allowed or denied, and never the key", async () => {
    const records = await eventually("the trail's files", 150_000, async () => {
      const all = await deliveredRecords(server.directory);
      return all.some((record) => record.errorCode === "AccessDenied") ? all : undefined;
    });
    for (const record of records) {
      assert.equal(record.eventName, "CallWithBearerToken");
      assert.equal(record.eventCategory, "Data");
      assert.equal(record.resources[0].type, "AWS::Logs::LogGroupAuthorization");
      assert.equal(record.resources[0].ARN, `arn:aws:logs:us-east-1:${accountId}:log-group:${group}`);
      assert.equal(record.userIdentity.userName, user);
      assert.match(record.userIdentity.credentialId, /^ACCA/);
    }
    assert.ok(records.some((record) => record.errorCode === undefined));
    const text = JSON.stringify(records);
    for (const part of keys.flatMap(partsOfKey)) assert.equal(text.includes(part), false);
    const status = await aws.json("cloudtrail", "get-trail-status", "--name", trail);
    assert.ok(status.LatestDeliveryTime);
    assert.equal(status.LatestDeliveryError, undefined);
  });

  test("has left no key in the server's output or data", async () => {
    const forms = keys.flatMap(partsOfKey).flatMap(formsOf);
    assert.ok(keys.length >= 4);
    assert.equal(
      forms.some((form) => server.output().includes(form)),
      false,
    );
    assert.deepEqual(await filesWith(server.directory, forms), []);
  });
});

/** In milliseconds: the first version of the AWS CLI shows some times in seconds, the second none. */
function timeOf(shown: string | number): number {
  return typeof shown === "number" ? shown * 1000 : Date.parse(shown);
}

/** From the files of the bucket, whose names have AWS's layout. */
async function deliveredRecords(directory: string): Promise<any[]> {
  const folder = join(directory, "buckets", bucket);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".json.gz"));
  const layout = new RegExp(
    `^AWSLogs/${accountId}/CloudTrail/us-east-1/\\d{4}/\\d\\d/\\d\\d/${accountId}_CloudTrail_us-east-1_\\d{8}T\\d{4}Z_[A-Za-z0-9]{16}\\.json\\.gz$`,
  );
  const files = await Promise.all(
    names.map(async (name) => {
      assert.match(name, layout);
      return JSON.parse(gunzipSync(await readFile(join(folder, name))).toString()).Records;
    }),
  );
  return files.flat();
}
