import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import type { HTTPMethods } from "fastify";
import { Registry } from "prom-client";
import { errorCodes } from "../../contract/index.ts";
import { consoleRoutes } from "../routes/index.ts";
import { asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { createFakeServices } from "../testing/fake-services.ts";
import { requestFor } from "../testing/route-requests.ts";

const routes = consoleRoutes(createFakeServices().services, new Registry());
const withBody = routes.filter((route) => route.body);
const json = { "content-type": "application/json" };

describe("whatever comes in, the answer is ours and never a server error", () => {
  let console: TestConsole;
  before(async () => {
    console = await createTestConsole();
  });
  after(() => console.app.close());

  const check = async (request: Parameters<typeof asToken>[1]) => {
    const response = await console.app.inject(asToken("AdministratorAccess", request));
    assert.ok(response.statusCode < 500, `${response.statusCode} ${response.body}`);
    assert.ok(response.headers["x-request-id"]);
    if (response.statusCode < 400) return;
    const body = response.json();
    const known = body.error ? Object.hasOwn(errorCodes, body.error.code) : body.status.result === "ERROR";
    assert.ok(known, response.body);
  };

  test("bodies of any JSON", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...withBody), fc.json(), async (route, payload) => {
        await check({ ...requestFor(route), headers: json, payload });
      }),
      { numRuns: 300 },
    );
  });

  test("valid bodies with one value replaced by any other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...withBody),
        fc.nat(20),
        fc.jsonValue(),
        async (route, place, value) => {
          const example = structuredClone(route.example) as Record<string, unknown>;
          const keys = Object.keys(example);
          const key = keys[place % keys.length];
          if (key !== undefined) example[key] = value;
          await check({ ...requestFor(route), payload: example });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("bodies of any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...withBody), fc.uint8Array(), async (route, bytes) => {
        await check({ ...requestFor(route), headers: json, payload: Buffer.from(bytes) });
      }),
      { numRuns: 300 },
    );
  });

  test("paths, queries and methods of any text", async () => {
    const methods: HTTPMethods[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    const text = fc
      .string({ unit: "binary", maxLength: 40 })
      .map((value) => encodeURIComponent(value.toWellFormed()));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.constantFrom(...routes),
        text,
        text,
        async (method, route, a, b) => {
          const url = `${route.path.replaceAll(/:\w+/g, a)}?${a}=${b}&limit=${b}&text=${a}`;
          await check({ method, url, headers: { accept: "text/html" } });
        },
      ),
      { numRuns: 500 },
    );
  });

  // Some framework would put such a key where every object has it.
  test("no key reaches the prototype of objects", async () => {
    for (const route of withBody) {
      const payload = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
      await check({ ...requestFor(route), headers: json, payload });
    }
    await check({ method: "GET", url: "/api/v1/metrics/query?__proto__=1&dim.__proto__=1&constructor=1" });
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});
