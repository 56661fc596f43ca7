import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { InjectOptions } from "fastify";
import { asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { integrationId } from "../testing/samples/index.ts";

const base = "/api/v2/cloudintegration";

describe("the paths of Wavefront's API", () => {
  let console: TestConsole;
  const send = (request: InjectOptions) => console.app.inject(asToken("AdministratorAccess", request));
  before(async () => {
    console = await createTestConsole();
  });
  after(() => console.app.close());
  beforeEach(() => {
    console.calls.length = 0;
  });

  // Go sends nothing, Python `{}`, Ruby `null` as text/plain.
  test("take any way of sending nothing", async () => {
    const paths = [
      `${base}/awsExternalId`,
      ...["enable", "disable", "undelete"].map((verb) => `${base}/${integrationId}/${verb}`),
    ];
    for (const url of paths) {
      for (const payload of [undefined, "", "{}", "null"]) {
        for (const type of [undefined, "application/json", "text/plain"]) {
          const headers = type === undefined ? {} : { "content-type": type };
          const response = await send({
            method: "POST",
            url,
            headers,
            ...(payload !== undefined && { payload }),
          });
          assert.equal(response.statusCode, 200, `${url} with ${payload} as ${type}: ${response.body}`);
        }
      }
    }
    for (const payload of ["{}", "null"]) {
      const headers = { "content-type": "application/json" };
      const response = await send({ method: "DELETE", url: `${base}/${integrationId}`, headers, payload });
      assert.equal(response.statusCode, 200, response.body);
    }
  });

  test("an external ID is no integration's id, and the trash is no facet", async () => {
    await send({ method: "GET", url: `${base}/awsExternalId/0123456789abcdef` });
    await send({ method: "POST", url: "/api/v2/search/cloudintegration/deleted", payload: {} });
    await send({ method: "POST", url: "/api/v2/search/cloudintegration/facets", payload: { facets: [] } });
    assert.deepEqual(
      console.calls.map(({ name }) => name),
      ["externalIds.get", "integrations.search", "integrations.facets"],
    );
    assert.deepEqual(console.calls[1]?.args[1], { deleted: true });
  });

  test("a trailing slash is tolerated", async () => {
    assert.equal((await send({ method: "GET", url: `${base}/` })).statusCode, 200);
  });

  test("a search without a query, or with limits as text, is a search for everything", async () => {
    const url = "/api/v2/search/cloudintegration";
    for (const payload of [
      undefined,
      "null",
      "{}",
      '{"query":null}',
      '{"query":[],"limit":"5","offset":"0"}',
    ]) {
      const headers = { "content-type": "application/json" };
      const response = await send({ method: "POST", url, headers, ...(payload && { payload }) });
      assert.equal(response.statusCode, 200, `${payload}: ${response.body}`);
    }
    assert.deepEqual(console.calls.at(-1)?.args[0], { query: [], limit: 5, offset: 0 });
  });

  test("deleting goes to the trash unless the caller says otherwise", async () => {
    for (const [query, skipTrash] of [
      ["", false],
      ["?skipTrash=false", false],
      ["?skipTrash=True", true],
    ] as const) {
      await send({ method: "DELETE", url: `${base}/${integrationId}${query}` });
      assert.deepEqual(console.calls.at(-1)?.args[1], { skipTrash });
    }
  });

  test("null for an optional field and read-only fields pass", async () => {
    const payload = {
      name: "n",
      service: "cloudWatch",
      id: "x",
      lastErrorEvent: { tags: null },
      ec2: { hostNameTags: null },
      additionalTags: null,
    };
    const response = await send({ method: "PUT", url: `${base}/${integrationId}`, payload });
    assert.equal(response.statusCode, 200, response.body);
  });

  test("every failure comes in the envelope, with a message that can be read", async () => {
    const json = { "content-type": "application/json" };
    const cases: [number, InjectOptions][] = [
      [400, { method: "POST", url: base, headers: json, payload: "{" }],
      [400, { method: "POST", url: base, payload: { name: 1 } }],
      [404, { method: "GET", url: `${base}/missing` }],
      [404, { method: "GET", url: "/api/v2/nonsense" }],
      [405, { method: "DELETE", url: base }],
      [413, { method: "POST", url: base, payload: { name: "x".repeat(1024 * 1024) } }],
      [415, { method: "POST", url: base, headers: { "content-type": "text/plain" }, payload: "{}" }],
    ];
    for (const [status, request] of cases) {
      const response = await send(request);
      assert.equal(response.statusCode, status, response.body);
      const body = response.json();
      assert.deepEqual(Object.keys(body), ["status"]);
      assert.equal(body.status.result, "ERROR");
      assert.equal(body.status.code, status);
      assert.ok(body.status.message.length > 10);
    }
    const unauthenticated = await console.app.inject({ method: "GET", url: base });
    assert.equal(unauthenticated.json().status.code, 401);
    const bad = await send({ method: "POST", url: base, payload: { name: 1 } });
    assert.match(bad.json().status.message, /name: /);
  });
});
