import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Registry } from "prom-client";
import { managedPolicyNames, operationNames, type Principal } from "../../contract/index.ts";
import type { Route } from "../route.ts";
import { asSession, asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { createFakeServices, principalWith } from "../testing/fake-services.ts";
import { nameOf, requestFor } from "../testing/route-requests.ts";
import { consoleRoutes } from "./index.ts";

const { services } = createFakeServices();
const routes = consoleRoutes(services, new Registry());
const named = routes.filter((route) => /:(id|name)\b/.test(route.path));

async function isAllowed(caller: Principal, route: Route): Promise<boolean> {
  const input = { params: { id: "1", name: "alice" }, query: {}, body: route.example } as never;
  const facts = { sourceIp: "10.0.0.1", userAgent: "", secure: false };
  const asked = await route.access?.(input, caller, facts);
  const questions = asked ?? [{ action: route.operation, resource: "*" }];
  try {
    for (const question of questions) await services.identity.authorize(caller, question, facts);
    return true;
  } catch {
    return false;
  }
}

describe("routes", () => {
  let console: TestConsole;
  before(async () => {
    console = await createTestConsole();
  });
  after(() => console.app.close());

  test("whatever is registered declares an operation, or says why it is open", () => {
    const registered = console.registered.map(({ method, url }) => `${method} ${url}`);
    for (const route of routes) assert.ok(registered.includes(nameOf(route)), nameOf(route));
    const open = console.registered.filter(({ config }) => config?.route === undefined);
    for (const { url, config } of open) assert.ok(config?.open, `${url} declares nothing.`);
    // What is open to everybody is a short list, on purpose.
    assert.deepEqual([...new Set(open.map(({ url }) => url))].sort(), [
      "/*",
      "/api-docs",
      "/api-docs/api-docs.css",
      "/api-docs/api-docs.js",
      "/api-docs/swagger-ui-bundle.js",
      "/api-docs/swagger-ui.css",
      "/api/openapi.json",
      "/healthz",
      "/readyz",
    ]);
  });

  test("each operation of the contract has a route", () => {
    const used = new Set(routes.map((route) => route.operation));
    assert.deepEqual(
      operationNames.filter((name) => !used.has(name)),
      [],
    );
  });

  test("each route that reads a body shows one in the documentation", () => {
    for (const route of routes)
      assert.equal(route.example !== undefined, route.body !== undefined, nameOf(route));
  });

  describe("200", () => {
    for (const route of routes) {
      test(nameOf(route), async () => {
        const response = await console.app.inject(asToken("AdministratorAccess", requestFor(route)));
        assert.equal(response.statusCode, 200, response.body);
        assert.equal(response.headers["cache-control"], "no-store");
        assert.match(String(response.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
        if (!route.path.startsWith("/api/v2/")) return;
        assert.deepEqual(response.json().status, { result: "OK", message: "", code: 200 });
      });
    }
  });

  describe("200 under a session cookie", () => {
    for (const route of routes) {
      test(nameOf(route), async () => {
        const response = await console.app.inject(asSession(requestFor(route)));
        assert.equal(response.statusCode, 200, response.body);
      });
    }
  });

  describe("400", () => {
    const withBody = routes.filter((route) => route.body);
    for (const route of withBody) {
      test(`${nameOf(route)} refuses a body that is no object`, async () => {
        const request = { ...requestFor(route), payload: "[1]" };
        const headers = { "content-type": "application/json" };
        const response = await console.app.inject(asToken("AdministratorAccess", { ...request, headers }));
        assert.equal(response.statusCode, 400, response.body);
      });
    }
  });

  describe("401 for nobody", () => {
    for (const route of routes.filter(({ anonymous }) => !anonymous)) {
      test(nameOf(route), async () => {
        const response = await console.app.inject(requestFor(route));
        assert.equal(response.statusCode, 401, response.body);
        assert.equal(response.headers["www-authenticate"], 'Bearer realm="nephoscope"');
      });
    }
  });

  describe("each route and policy: 200 when the policy allows the operation, else 403 and nothing is done", () => {
    for (const policy of managedPolicyNames) {
      for (const route of routes.filter(({ anonymous }) => !anonymous)) {
        test(`${policy}, ${nameOf(route)}`, async () => {
          const expected = (await isAllowed(principalWith(policy), route)) ? 200 : 403;
          console.calls.length = 0;
          const response = await console.app.inject(asToken(policy, requestFor(route)));
          assert.equal(response.statusCode, expected, response.body);
          if (expected === 403) {
            assert.ok(response.body.includes(route.operation), response.body);
            assert.deepEqual(console.calls, []);
          }
        });
      }
    }
  });

  describe("404 for what does not exist", () => {
    for (const route of named) {
      test(nameOf(route), async () => {
        // The runs of an integration that is not there are none, and that is the service's business.
        const expected = route.path.endsWith("/runs") ? 200 : 404;
        const request = requestFor(route, { id: "missing", name: "missing" });
        const response = await console.app.inject(asToken("AdministratorAccess", request));
        assert.equal(response.statusCode, expected, response.body);
      });
    }
  });

  test("the matrix has both outcomes for each policy but the administrator's", async () => {
    for (const policy of ["Proxies", "ReadOnlyAccess"] as const) {
      const caller = principalWith(policy);
      const outcomes = new Set(await Promise.all(routes.map((route) => isAllowed(caller, route))));
      assert.equal(outcomes.size, 2, policy);
    }
  });
});
