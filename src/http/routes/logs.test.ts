import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { AccessQuestion, Principal } from "../../contract/index.ts";
import { asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { createFakeServices } from "../testing/fake-services.ts";
import { nameOf, requestFor } from "../testing/route-requests.ts";
import { logRoutes } from "./logs.ts";

const group = "/demo/app";
const range = { from: "2026-01-01T00:00:00Z", to: "1767229200000" };

/** So that a policy about one group governs the console as it governs AWS's clients. */
test("each request asks policies about the group or stream that it names", async () => {
  const { services } = createFakeServices();
  const asked: AccessQuestion[] = [];
  const authorize = async (_caller: unknown, question: AccessQuestion) => {
    asked.push(question);
  };
  const { app } = await createTestConsole({
    services: { ...services, identity: { ...services.identity, authorize } },
  });
  const named = logRoutes(services).filter(({ path }) => path !== "/api/v1/logs/endpoint");
  for (const route of named) {
    asked.length = 0;
    const response = await app.inject(asToken("AdministratorAccess", requestFor(route)));
    assert.equal(response.statusCode, 200, response.body);
    assert.deepEqual(
      asked.map(({ action }) => action),
      [route.operation],
      nameOf(route),
    );
    const lists = nameOf(route) === "GET /api/v1/logs/groups";
    assert.equal(asked[0]?.resource.includes(group), !lists, nameOf(route));
  }
  await app.close();
});

/** A Deny for addresses or for plain HTTP would otherwise hold always or never. */
test("what only a service finds out to be needed is asked with the facts of the request too", async () => {
  const { services, calls } = createFakeServices();
  const asked: unknown[] = [];
  const authorize = async (caller: Principal, question: AccessQuestion, facts: unknown) => {
    asked.push([caller.name, question.action, facts]);
  };
  const { app } = await createTestConsole({
    services: {
      ...services,
      identity: { ...services.identity, authorize },
      logs: {
        ...services.logs,
        createGroup: async (input, authorizeMore) => {
          await authorizeMore({ action: "logs:PutRetentionPolicy", resource: "*" });
          return services.logs.createGroup(input, authorizeMore);
        },
        putEvents: async (input, authorizeMore) => {
          await authorizeMore({ action: "logs:CreateLogStream", resource: "*" });
          return services.logs.putEvents(input, authorizeMore);
        },
      },
    },
  });
  const facts = { sourceIp: "127.0.0.1", userAgent: "a client", secure: false };
  for (const [path, payload, actions] of [
    ["groups", { name: group }, ["logs:CreateLogGroup", "logs:PutRetentionPolicy"]],
    [
      "events",
      { group, stream: "s", events: [{ message: "m" }] },
      ["logs:PutLogEvents", "logs:CreateLogStream"],
    ],
  ] as const) {
    asked.length = 0;
    const headers = { "user-agent": "a client" };
    const request = { method: "POST", url: `/api/v1/logs/${path}`, payload, headers } as const;
    const response = await app.inject(asToken("AdministratorAccess", request));
    assert.equal(response.statusCode, 200, response.body);
    assert.deepEqual(
      asked,
      actions.map((action) => ["AdministratorAccess", action, facts]),
    );
  }
  assert.deepEqual(
    calls.map(({ name }) => name),
    ["logs.createGroup", "logs.putEvents"],
  );
  await app.close();
});

test("an Idempotency-Key names the request among those of its caller; what is none is refused", async () => {
  const console = await createTestConsole();
  const put = (headers: Record<string, string>) =>
    console.app.inject(
      asToken("AdministratorAccess", {
        method: "POST",
        url: "/api/v1/logs/events",
        payload: { group, stream: "s", events: [{ message: "m" }] },
        headers,
      }),
    );
  assert.equal((await put({ "idempotency-key": "batch-1" })).statusCode, 200);
  assert.equal((await put({})).statusCode, 200);
  const names = console.calls.map(({ args }) => args[2] as { caller: Principal; key: string } | undefined);
  assert.deepEqual(
    names.map((name) => name && [name.caller.name, name.key]),
    [["AdministratorAccess", "batch-1"], undefined],
  );
  for (const key of ["a b", "", "k".repeat(256)]) {
    const response = await put({ "idempotency-key": key });
    assert.equal(response.statusCode, 400, response.body);
    assert.deepEqual(response.json().error.fields, [
      { path: "Idempotency-Key", message: "The Idempotency-Key has 1 to 255 visible ASCII characters." },
    ]);
  }
  assert.equal(console.calls.length, 2);
  await console.app.close();
});

describe("logs", () => {
  let console: TestConsole;
  before(async () => {
    console = await createTestConsole();
  });
  beforeEach(() => {
    console.calls.length = 0;
  });
  after(() => console.app.close());

  const send = (
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    query: [string, string][],
    payload?: object,
  ) =>
    console.app.inject(
      asToken("AdministratorAccess", {
        method,
        url: `/api/v1/logs/${path}?${new URLSearchParams(query)}`,
        ...(payload && { payload }),
      }),
    );
  const argument = () => console.calls[0]?.args[0];

  test("are searched in one stream, in several, or in all, in both spellings of a time", async () => {
    const base = Object.entries({ group, ...range });
    for (const [streams, expected] of [
      [[], []],
      [["web-1"], ["web-1"]],
      [
        ["web-1", "web 2"],
        ["web-1", "web 2"],
      ],
    ] as const) {
      console.calls.length = 0;
      const response = await send("GET", "events", [
        ...base,
        ...streams.map((name): [string, string] => ["stream", name]),
      ]);
      assert.equal(response.statusCode, 200, response.body);
      assert.deepEqual(argument(), {
        group,
        stream: expected,
        pattern: "",
        from: Date.parse(range.from),
        to: Number(range.to),
        order: "desc",
        limit: 100,
      });
    }
  });

  test("are searched within bounds only", async () => {
    const wrong: [string, string][] = [
      ["group", "no blanks"],
      ["group", "aws/kept"],
      ["stream", "a:b"],
      ["from", "yesterday"],
      ["limit", "1001"],
      ["order", "random"],
      ["pattern", "x".repeat(1025)],
    ];
    for (const [name, value] of wrong) {
      const response = await send("GET", "events", Object.entries({ group, ...range, [name]: value }));
      assert.equal(response.statusCode, 400, `${name}=${value}`);
      assert.equal(response.json().error.fields[0].path, name);
    }
    assert.equal(console.calls.length, 0);
  });

  test("keep events for the days that AWS knows, or for ever", async () => {
    const put = (retentionDays: unknown) =>
      send("PUT", "group/retention", [["name", group]], { retentionDays });
    assert.equal((await put(2)).statusCode, 400);
    assert.equal((await put(null)).statusCode, 400);
    assert.equal(console.calls.length, 0);
    assert.equal((await put(3)).statusCode, 200);
    assert.equal((await send("DELETE", "group/retention", [["name", group]])).statusCode, 200);
    assert.deepEqual(
      console.calls.map(({ args }) => args.slice(0, 2)),
      [
        [group, 3],
        [group, null],
      ],
    );
  });

  test("groups that do not exist are 404", async () => {
    for (const [method, path, payload] of [
      ["GET", "group", undefined],
      ["DELETE", "group", undefined],
      ["PUT", "group/retention", { retentionDays: 1 }],
      ["PUT", "group/bearer-token-authentication", { enabled: true }],
      ["PUT", "group/deletion-protection", { enabled: true }],
    ] as const) {
      const response = await send(method, path, [["name", "missing"]], payload);
      assert.equal(response.statusCode, 404, response.body);
      assert.equal(response.json().error.code, "log_group_not_found");
    }
  });

  test("are sent as whole events, not as none, not as too many", async () => {
    const put = (events: object[]) => send("POST", "events", [], { group, stream: "web-1", events });
    assert.equal((await put([])).statusCode, 400);
    assert.equal((await put([{ message: "" }])).statusCode, 400);
    assert.equal((await put([{ message: "a", timestampMs: -1 }])).statusCode, 400);
    assert.equal((await put(Array.from({ length: 10_001 }, () => ({ message: "a" })))).statusCode, 400);
    assert.equal(console.calls.length, 0);
    assert.equal((await put([{ message: "a", timestampMs: 5 }])).statusCode, 200);
    assert.deepEqual(argument(), {
      group,
      stream: "web-1",
      createMissing: false,
      events: [{ message: "a", timestampMs: 5 }],
    });
  });
});
