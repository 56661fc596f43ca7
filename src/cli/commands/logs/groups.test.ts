import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";
import { sampleGroup } from "../../testing/log-samples.ts";
import { onePage } from "../../testing/samples.ts";

const stream = {
  name: "web-1",
  createdAt: "2026-11-20T12:00:00Z",
  firstEventAt: null,
  lastEventAt: "2026-11-21T11:57:00Z",
  lastIngestionAt: "2026-11-21T11:58:00Z",
};

test("groups are told with what is kept, who may send and how large they are", async () => {
  const forEver = {
    ...sampleGroup,
    name: "/b",
    retentionDays: null,
    bearerTokenAuthenticationEnabled: false,
  };
  const terminal = createFakeTerminal({ "GET /api/v1/logs/groups": onePage(sampleGroup, forEver) });
  assert.equal(await runProgram(["logs", "groups", "o"], terminal), exitCodes.ok);
  assert.equal(terminal.requests[0]?.path, "/api/v1/logs/groups?text=o&limit=200");
  assert.match(terminal.output(), /\/shop\/web +30 days +on +no +1\.5 KiB +3 min ago\n\/b +for ever +off/);
});

test("a group is made with its settings and its streams", async () => {
  const terminal = createFakeTerminal({
    "POST /api/v1/logs/groups": sampleGroup,
    "POST /api/v1/logs/streams": () => Response.json(stream),
  });
  const flags = ["--retention", "30", "--allow-keys", "--stream", "a", "--stream", "b"];
  assert.equal(await runProgram(["logs", "create-group", "/shop/web", ...flags], terminal), exitCodes.ok);
  assert.deepEqual(
    terminal.requests.map(({ body }) => body),
    [
      { name: "/shop/web", retentionDays: 30, bearerTokenAuthenticationEnabled: true },
      { group: "/shop/web", name: "a" },
      { group: "/shop/web", name: "b" },
    ],
  );
  assert.equal(terminal.output(), "Created /shop/web.\nCreated its stream a.\nCreated its stream b.\n");
});

test("each setting of a group is changed by its own call, and none when one cannot be read", async () => {
  const answers = {
    "GET /api/v1/logs/group": sampleGroup,
    "DELETE /api/v1/logs/group/retention": sampleGroup,
    "PUT /api/v1/logs/group/retention": sampleGroup,
    "PUT /api/v1/logs/group/bearer-token-authentication": sampleGroup,
    "PUT /api/v1/logs/group/deletion-protection": sampleGroup,
  };
  const terminal = createFakeTerminal(answers);
  const flags = ["--retention", "never", "--allow-keys", "off", "--protect", "on"];
  assert.equal(await runProgram(["logs", "set-group", "/shop/web", ...flags], terminal), exitCodes.ok);
  assert.deepEqual(
    terminal.requests.map(({ method, path, body }) => [method, path, body]),
    [
      ["DELETE", "/api/v1/logs/group/retention?name=%2Fshop%2Fweb", undefined],
      ["PUT", "/api/v1/logs/group/bearer-token-authentication?name=%2Fshop%2Fweb", { enabled: false }],
      ["PUT", "/api/v1/logs/group/deletion-protection?name=%2Fshop%2Fweb", { enabled: true }],
      ["GET", "/api/v1/logs/group?name=%2Fshop%2Fweb", undefined],
    ],
  );
  assert.match(terminal.output(), /kept 30 days, API keys on, protection off/);

  for (const wrong of [[], ["--retention", "7", "--allow-keys", "maybe"], ["--retention", "long"]]) {
    const refused = createFakeTerminal(answers);
    assert.equal(await runProgram(["logs", "set-group", "/shop/web", ...wrong], refused), exitCodes.usage);
    assert.equal(refused.requests.length, 0);
  }
});

test("groups and streams are deleted by name, streams listed by their last event", async () => {
  const gone = () => new Response(null, { status: 204 });
  const terminal = createFakeTerminal({
    "DELETE /api/v1/logs/group": gone,
    "DELETE /api/v1/logs/stream": gone,
    "GET /api/v1/logs/streams": onePage(stream),
    "POST /api/v1/logs/streams": stream,
  });
  for (const args of [
    ["delete-group", "/shop/web"],
    ["delete-stream", "/shop/web", "web-1"],
    ["create-stream", "/shop/web", "web-1"],
    ["streams", "/shop/web"],
    ["streams", "/shop/web", "--prefix", "w"],
  ])
    assert.equal(await runProgram(["logs", ...args], terminal), exitCodes.ok, terminal.errors());
  assert.deepEqual(
    terminal.requests.map(({ path }) => path),
    [
      "/api/v1/logs/group?name=%2Fshop%2Fweb",
      "/api/v1/logs/stream?group=%2Fshop%2Fweb&name=web-1",
      "/api/v1/logs/streams",
      "/api/v1/logs/streams?group=%2Fshop%2Fweb&orderBy=lastEventTime&descending=true&limit=200",
      "/api/v1/logs/streams?group=%2Fshop%2Fweb&prefix=w&limit=200",
    ],
  );
  assert.match(terminal.output(), /web-1 +24 h ago +- +3 min ago +2 min ago/);
});

test("what senders got wrong is a table, and its samples cannot touch the terminal", async () => {
  const item = {
    group: "/shop/web",
    keyId: null,
    reason: "too_old",
    count: 7,
    lastAt: "2026-11-21T11:57:00Z",
    lastSample: "\u001b[2J{",
  };
  const terminal = createFakeTerminal({ "GET /api/v1/logs/rejections": { items: [item] } });
  assert.equal(await runProgram(["logs", "rejections"], terminal), exitCodes.ok);
  assert.match(terminal.output(), /\/shop\/web +- +too_old +7 +3 min ago +\\u\{1b\}\[2J\{/);
});
