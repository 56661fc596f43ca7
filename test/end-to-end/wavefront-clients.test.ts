import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Connected, nextRun, startConnected } from "../support/connected.ts";
import {
  type Answer,
  ask,
  assertDecodable,
  giveBaseCredential,
  omitEmpty,
  type Sent,
  trustExternalId,
} from "../support/wavefront.ts";

/**
 * The clients of VMware Tanzu Observability (Wavefront), each with the requests it makes, in their order and with their
 * oddities, and with what it demands of the answers.
 */

const base = "/api/v2/cloudintegration";
const find = "/api/v2/search/cloudintegration";
const json = { "content-type": "application/json" };

let connected: Connected;
let bearer: Record<string, string>;
before(async () => {
  connected = await startConnected();
  bearer = { authorization: `Bearer ${connected.server.firstRun.restToken}` };
  await giveBaseCredential(connected);
});
after(() => connected.stop());

const send = (method: string, path: string, sent: Sent = {}) =>
  ask(connected.server, method, path, { ...sent, headers: { ...bearer, ...sent.headers } });

async function succeed(answer: Promise<Answer>): Promise<any> {
  const { status, text, response } = await answer;
  assert.equal(status, 200, text);
  return response;
}

async function refuse(answer: Promise<Answer>, status: number): Promise<string> {
  const refused = await answer;
  assert.equal(refused.status, status, refused.text);
  return refused.message;
}

describe("the Go client", () => {
  const accept = { accept: "application/json" };
  /** Its bodies have no length: they are sent in chunks. */
  const chunked = (body: object): Sent => ({
    headers: { ...accept, ...json },
    body: new Blob([JSON.stringify(body)]).stream(),
  });
  const bare: Sent = { headers: accept };

  async function findAll(query: object[] | null): Promise<any[]> {
    const items: any[] = [];
    for (let offset = 0; ; ) {
      const page = await succeed(send("POST", find, chunked({ query, limit: 2, offset })));
      items.push(...page.items);
      if (!page.moreItems) return items;
      offset = page.offset + page.limit;
    }
  }

  test("creates, finds, changes and deletes", async () => {
    const externalId = await succeed(send("POST", `${base}/awsExternalId`, bare));
    const roleArn = trustExternalId(connected, externalId);
    const wanted = {
      name: "go",
      service: "CLOUDWATCH",
      cloudWatch: { baseCredentials: { roleArn, externalId }, metricFilterRegex: "^aws.(sqs|ec2).*$" },
      additionalTags: { team: "core" },
      serviceRefreshRateInMins: 10,
    };
    const created = await succeed(send("POST", base, chunked(wanted)));
    assertDecodable(created);
    assert.equal(created.cloudWatch.metricFilterRegex, wanted.cloudWatch.metricFilterRegex);
    for (const name of ["go 2", "go 3"]) await succeed(send("POST", base, chunked({ ...wanted, name })));

    const all = await findAll(null);
    assert.deepEqual(
      all.filter(({ name }) => name.startsWith("go")).map(({ name }) => name),
      ["go", "go 2", "go 3"],
      "each once, over pages",
    );
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);

    // It sends back what it holds: read-only fields, a damaged event, null where a list is not set, and nothing empty.
    const held = {
      ...omitEmpty(created),
      name: "go renamed",
      lastErrorEvent: { name: "x", annotations: { severity: "warn", type: "t", details: "" }, tags: null },
      ec2: { baseCredentials: { roleArn: "", externalId: "" }, hostNameTags: null },
    };
    const updated = await succeed(send("PUT", `${base}/${created.id}`, chunked(held)));
    assertDecodable(updated);
    assert.equal(updated.name, "go renamed");
    assert.equal(updated.lastErrorEvent, undefined);
    assert.deepEqual(updated.cloudWatch, created.cloudWatch);
    assert.deepEqual(await succeed(send("GET", `${base}/${created.id}`, bare)), updated);

    for (const { id, name } of all)
      if (name.startsWith("go")) await succeed(send("DELETE", `${base}/${id}?skipTrash=true`, bare));
    assert.equal((await findAll([{ key: "name", value: "go", matchingMethod: "STARTSWITH" }])).length, 0);
  });
});

describe("Terraform's provider", () => {
  const body = (content: object): Sent => ({ headers: json, body: JSON.stringify(content) });
  const search = async (id: string) =>
    succeed(
      send(
        "POST",
        find,
        body({ query: [{ key: "id", value: id, matchingMethod: "EXACT" }], limit: 100, offset: 0 }),
      ),
    );

  test("plans nothing after it applied, clears by leaving out, and sees what it destroyed as gone", async () => {
    const externalId = await succeed(send("POST", `${base}/awsExternalId`));
    assert.match(externalId, /^[A-Za-z0-9]{16}$/);
    assert.equal(await succeed(send("GET", `${base}/awsExternalId/${externalId}`)), externalId);
    const roleArn = trustExternalId(connected, externalId);
    const cloudWatch = {
      metricFilterRegex: "^aws.ec2.*$",
      namespaces: ["ec2", "elb"],
      baseCredentials: { roleArn, externalId },
      instanceSelectionTags: { env: "prod" },
      volumeSelectionTags: { env: "prod" },
      pointTagFilterRegex: "^prod$",
    };
    const resource = {
      forceSave: true,
      name: "terraform",
      service: "CLOUDWATCH",
      additionalTags: { tag1: "value1" },
      cloudWatch,
      serviceRefreshRateInMins: 5,
    };
    const { id } = await succeed(send("POST", base, body(resource)));
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

    // What it would compare with its configuration.
    const [read] = (await search(id)).items;
    assert.deepEqual(read.cloudWatch, cloudWatch, "nothing that it did not set, in its order and spelling");
    assert.deepEqual(
      [read.name, read.service, read.serviceRefreshRateInMins, read.additionalTags, read.forceSave],
      ["terraform", "CLOUDWATCH", 5, { tag1: "value1" }, false],
    );

    // An update starts from what the search gave. A filter is cleared by not sending it.
    const { metricFilterRegex: _filter, instanceSelectionTags: _tags, ...left } = read.cloudWatch;
    const { lastErrorEvent: _event, ...rest } = read;
    const change = { ...omitEmpty(rest), cloudWatch: left, serviceRefreshRateInMins: 10 };
    await succeed(send("PUT", `${base}/${id}`, body(change)));
    const [changed] = (await search(id)).items;
    assert.deepEqual(
      [changed.cloudWatch.metricFilterRegex, changed.cloudWatch.instanceSelectionTags],
      ["", {}],
    );
    assert.deepEqual(changed.cloudWatch.volumeSelectionTags, { env: "prod" });
    assert.deepEqual(changed.cloudWatch.baseCredentials, { roleArn, externalId });
    assert.deepEqual([changed.serviceRefreshRateInMins, changed.additionalTags], [10, { tag1: "value1" }]);

    // The integration goes before its external ID, which cannot go before.
    await refuse(send("DELETE", `${base}/awsExternalId/${externalId}`), 400);
    assert.equal((await search(id)).items.length, 1);
    await succeed(send("DELETE", `${base}/${id}?skipTrash=true`));
    assert.deepEqual((await search(id)).items, []);
    assert.equal(await succeed(send("GET", `${base}/awsExternalId/${externalId}`)), externalId);
    await succeed(send("DELETE", `${base}/awsExternalId/${externalId}`));
    // Its tests ask for everything they know under both paths.
    for (const known of [id, externalId]) {
      await refuse(send("GET", `${base}/${known}`), 404);
      await refuse(send("GET", `${base}/awsExternalId/${known}`), 404);
    }
  });

  test("stores by force what AWS would not take, and is told at once what is wrong without", async () => {
    const externalId = await succeed(send("POST", `${base}/awsExternalId`));
    const resource = (forceSave: boolean, fields: object = {}) =>
      body({
        ...(forceSave && { forceSave }),
        name: "malformed",
        service: "CLOUDWATCH",
        cloudWatch: {
          baseCredentials: { roleArn: "arn:aws::1234567:role/example-arn", externalId },
          ...fields,
        },
      });
    const { id } = await succeed(send("POST", base, resource(true)));
    await succeed(send("DELETE", `${base}/${id}?skipTrash=true`));
    assert.match(await refuse(send("POST", base, resource(false)), 400), /roleArn/);
    // One bracket too many, as one of the clients' own examples has it.
    const broken = { metricFilterRegex: "^aws.(ecs|rds|billing).*)$" };
    const forced = await succeed(send("POST", base, resource(true, broken)));
    assert.equal(forced.cloudWatch.metricFilterRegex, broken.metricFilterRegex);
    await succeed(send("DELETE", `${base}/${forced.id}?skipTrash=true`));
  });

  test("the services that do not exist yet are refused in the envelope", async () => {
    const roles = { baseCredentials: { roleArn: "arn:aws:iam::123456789012:role/R", externalId: "" } };
    const asked: [service: string, config: object][] = [
      ["EC2", { ec2: { ...roles, hostNameTags: ["host", "source"] } }],
      [
        "CLOUDTRAIL",
        { cloudTrail: { ...roles, region: "us-west-2", bucketName: "b", filterRule: "someFilterRule" } },
      ],
    ];
    for (const [service, config] of asked) {
      const message = await refuse(send("POST", base, body({ name: "n", service, ...config })), 400);
      assert.match(message, new RegExp(`${service} is not supported yet. Supported: CLOUDWATCH`));
    }
  });
});

describe("the Python client", () => {
  let token: Record<string, string>;
  before(() => {
    token = { "x-auth-token": connected.server.firstRun.restToken };
  });
  const call = async (method: string, path: string, body: object = {}) => {
    const sent =
      method === "GET" ? { headers: token } : { headers: { ...token, ...json }, body: JSON.stringify(body) };
    return ask(connected.server, method, path, sent);
  };

  /** What its models refuse to be made without. */
  function assertModel(integration: any): void {
    assert.ok(["CLOUDWATCH", "EC2", "CLOUDTRAIL"].includes(integration.service));
    for (const needed of [
      integration.name,
      integration.cloudWatch.baseCredentials.roleArn,
      integration.cloudWatch.baseCredentials.externalId,
    ])
      assert.equal(typeof needed, "string");
    const event = integration.lastErrorEvent;
    if (event) for (const key of ["name", "annotations", "startTime"]) assert.ok(key in event, key);
    assertDecodable(integration);
  }

  test("goes through the whole life of an integration with {} for every body it does not have", async () => {
    const externalId = await succeed(call("POST", `${base}/awsExternalId`));
    const roleArn = trustExternalId(connected, externalId);
    const created = await succeed(
      call("POST", base, {
        name: "python",
        service: "CLOUDWATCH",
        cloudWatch: { baseCredentials: { roleArn, externalId }, namespaces: ["AWS/SQS"] },
        serviceRefreshRateInMins: 5,
      }),
    );
    assertModel(created);
    const path = `${base}/${created.id}`;
    assert.equal((await succeed(call("POST", `${path}/disable`))).disabled, true);
    assert.equal((await succeed(call("POST", `${path}/enable`))).disabled, false);
    const removed = await succeed(call("DELETE", path));
    assert.deepEqual([removed.inTrash, removed.deleted], [true, true]);
    await refuse(call("GET", path), 404);
    const trash = await succeed(call("POST", `${find}/deleted`, { limit: 10, offset: 0 }));
    assert.ok(trash.items.some(({ id }: any) => id === created.id));
    const back = await succeed(call("POST", `${path}/undelete`));
    assertModel(back);
    assert.equal(back.id, created.id);
    const listed = await succeed(call("GET", base));
    assert.deepEqual([listed.offset, listed.limit], [0, 100]);
    for (const item of listed.items) assertModel(item);
    await succeed(call("DELETE", `${path}?skip_trash=false&skipTrash=true`));
  });

  test("facets give the values of properties, of the living and of the trash", async () => {
    const externalId = await succeed(call("POST", `${base}/awsExternalId`));
    const roleArn = trustExternalId(connected, externalId);
    const ids: string[] = [];
    for (const name of ["facet a", "facet b"]) {
      const cloudWatch = { baseCredentials: { roleArn, externalId } };
      ids.push((await succeed(call("POST", base, { name, service: "CLOUDWATCH", cloudWatch }))).id);
    }
    await succeed(call("DELETE", `${base}/${ids[1]}`));
    const facet = { facetQuery: "FACET", facetQueryMatchingMethod: "STARTSWITH", limit: 10, offset: 0 };
    for (const [place, expected] of [
      ["", ["facet a"]],
      ["/deleted", ["facet b"]],
    ] as const) {
      const one = await succeed(call("POST", `${find}${place}/name`, facet));
      assert.deepEqual([one.items, one.totalItems, one.moreItems], [expected, 1, false]);
      const query = [{ key: "name", value: "facet", matchingMethod: "STARTSWITH" }];
      const many = await succeed(
        call("POST", `${find}${place}/facets`, { facets: ["name", "service"], query, limit: 10 }),
      );
      assert.deepEqual(many, { facets: { name: expected, service: ["CLOUDWATCH"] }, limit: 10 });
    }
    assert.match(await refuse(call("POST", `${find}/facets`, {}), 400), /facets/);
    for (const id of ids) await succeed(call("DELETE", `${base}/${id}?skipTrash=true`));
  });
});

describe("the Ruby client", () => {
  const plainNull: Sent = { headers: { "content-type": "text/plain" }, body: "null" };
  const body = (content: unknown): Sent => ({ headers: json, body: JSON.stringify(content) });
  const idsOf = async () =>
    (await succeed(send("GET", `${base}?offset=0&limit=999`))).items.map(({ id }: any) => id);

  test("lists, renames, searches with text for numbers, imports what it dumped, and deletes in two steps", async () => {
    const externalId = await succeed(send("POST", `${base}/awsExternalId`, body(null)));
    assert.match(externalId, /^[A-Za-z0-9]{16}$/);
    const roleArn = trustExternalId(connected, externalId);
    const created = await succeed(
      send(
        "POST",
        base,
        body({
          name: "ruby",
          service: "CLOUDWATCH",
          cloudWatch: { baseCredentials: { roleArn, externalId } },
        }),
      ),
    );
    const path = `${base}/${created.id}`;
    const renamed = await succeed(send("PUT", path, body({ name: "ruby renamed" })));
    assert.deepEqual(
      [renamed.name, renamed.cloudWatch, renamed.serviceRefreshRateInMins],
      ["ruby renamed", created.cloudWatch, created.serviceRefreshRateInMins],
    );
    const query = [{ key: "name", value: "ruby", matchingMethod: "STARTSWITH", negated: false }];
    const sort = { field: "name", ascending: true };
    const found = await succeed(send("POST", find, body({ limit: "10", offset: "0", query, sort })));
    assert.deepEqual([found.items.length, found.limit, found.offset], [1, 10, 0]);
    const others = await succeed(
      send("POST", find, body({ limit: "10", query: [{ ...query[0], negated: true }] })),
    );
    assert.ok(!others.items.some(({ id }: any) => id === created.id));

    // Its importer updates, and creates when that fails: an old dump must not become a second integration.
    assert.equal((await succeed(send("PUT", path, body(created)))).name, "ruby");
    const { id: _id, ...dumped } = created;
    const imported = await succeed(send("POST", base, body({ ...dumped, name: "ruby imported" })));
    assert.notEqual(imported.id, created.id);
    await succeed(send("DELETE", `${base}/${imported.id}?skipTrash=true`));

    for (const verb of ["disable", "disable", "enable"])
      await succeed(send("POST", `${path}/${verb}`, plainNull));
    assert.ok((await idsOf()).includes(created.id));
    // It reads first, to say whether the deletion is for good.
    await succeed(send("GET", path));
    await succeed(send("DELETE", path));
    await succeed(send("POST", `${path}/undelete`, plainNull));
    await succeed(send("DELETE", path));
    await refuse(send("GET", path), 404);
    await succeed(send("DELETE", path));
    await refuse(send("POST", `${path}/undelete`, plainNull), 404);
    assert.ok(!(await idsOf()).includes(created.id));
  });
});

describe("the onboarding script for AWS Control Tower", () => {
  const body = (content: object): Sent => ({ headers: json, body: JSON.stringify(content) });

  test("sets an account up, finds what it made by the role, and narrows it", async () => {
    const externalId = await succeed(send("POST", `${base}/awsExternalId`));
    const roleArn = trustExternalId(connected, externalId);
    const role = { roleArn, externalId };
    const made = await succeed(send("POST", "/api/external/all?name=AWS", body(role)));
    assert.deepEqual(
      made.items.map(({ service }: any) => service),
      ["CLOUDWATCH"],
    );
    assert.deepEqual(
      made.notCreated.map(({ service, reason }: any) => [service, /not supported yet/.test(reason)]),
      [["EC2", true]],
    );
    // A lambda is run again when it timed out.
    const again = await succeed(send("POST", "/api/external/all?name=AWS", body(role)));
    assert.equal(again.items[0].id, made.items[0].id);

    const { items } = await succeed(send("GET", base));
    const mine = items.filter(
      (item: any) =>
        item.service.toLowerCase() === "cloudwatch" && item.cloudWatch.baseCredentials.roleArn === roleArn,
    );
    assert.equal(mine.length, 1);
    const trail = {
      name: "trail",
      service: "cloudTrail",
      cloudTrail: { baseCredentials: role, region: "us-east-1" },
    };
    const message = await refuse(send("POST", base, body({ ...trail, prefix: "", bucketName: "b" })), 400);
    assert.match(message, /CLOUDTRAIL is not supported yet/);
    const narrowed = await succeed(
      send(
        "PUT",
        `${base}/${mine[0].id}`,
        body({
          name: "account",
          service: mine[0].service,
          cloudWatch: { baseCredentials: role, namespaces: ["AWS/SQS", "AWS/EC2"] },
        }),
      ),
    );
    assert.deepEqual(narrowed.cloudWatch.namespaces, ["AWS/SQS", "AWS/EC2"]);
    assert.deepEqual(narrowed.cloudWatch.baseCredentials, role);

    // The server's own credential assumes the role; nobody named one.
    const run = await nextRun(connected.server, mine[0].id);
    assert.equal(run.state, "succeeded", JSON.stringify(run.error));
    await succeed(send("DELETE", `${base}/${mine[0].id}?skipTrash=true`));
  });

  test("is told what is missing, and that there is nothing but AWS", async () => {
    const path = "/api/external/all";
    const role = { roleArn: "arn:aws:iam::123456789012:role/R", externalId: "AbCdEfGh12345678" };
    assert.match(
      await refuse(send("POST", `${path}?name=AWS`, body({ roleArn: role.roleArn })), 400),
      /externalId/,
    );
    assert.match(await refuse(send("POST", `${path}?name=GCP`, body(role)), 400), /Only AWS/);
    assert.match(await refuse(send("POST", path, body(role)), 400), /name/);
    assert.match(await refuse(send("POST", `${path}?name=AWS`, body(role)), 400), /awsExternalId/);
  });
});

describe("collected series", () => {
  test("are told by the names, sources and tags that dashboards of these clients use", async () => {
    const externalId = await succeed(send("POST", `${base}/awsExternalId`));
    const roleArn = trustExternalId(connected, externalId);
    const content = {
      name: "names",
      service: "CLOUDWATCH",
      cloudWatch: {
        baseCredentials: { roleArn, externalId },
        namespaces: ["AWS/EC2", "AWS/SQS"],
        metricFilterRegex: "aws.(ec2.cpuutilization|sqs.numberofmessagessent)",
        pointTagFilterRegex: "environment",
        statistics: ["Average"],
      },
      additionalTags: { team: "core" },
    };
    const { id } = await succeed(send("POST", base, { headers: json, body: JSON.stringify(content) }));
    assert.equal((await nextRun(connected.server, id)).state, "succeeded");
    const series = async (text: string) =>
      (await connected.server.api("GET", `/api/v1/metrics/series?integrationId=${id}&text=${text}`)).items;
    const instances = await series("aws.ec2.cpuutilization.average");
    const one = instances.find(({ dimensions }: any) => dimensions.InstanceId);
    assert.equal(one.wire.name, "aws.ec2.cpuutilization.average");
    assert.deepEqual(one.wire.sourceTags, ["~integration.aws.ec2"]);
    assert.ok(one.wire.source !== "" && one.wire.source !== one.dimensions.InstanceId, "its Name tag");
    assert.equal(one.wire.pointTags.team, "core");
    assert.equal(one.wire.pointTags.Region, one.region);
    assert.equal(one.wire.pointTags.accountId, connected.aws.simulator.seeded.productionAccountId);
    const [queue] = await series("AWS.SQS.NumberOfMessagesSent");
    assert.equal(queue.wire.source, queue.dimensions.QueueName);
    assert.deepEqual(await series("aws.sqs.numberofmessagessent.sum"), []);
    await succeed(send("DELETE", `${base}/${id}?skipTrash=true`));
  });
});
