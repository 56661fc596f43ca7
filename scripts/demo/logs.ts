import type { ApiKey, CreatedApiKey, LogGroup, LogStream, Page } from "../../src/contract/index.ts";
import type { TestServer } from "../../test/support/server.ts";

/** Where the demo's application logs, and the key that it sends with. */
export interface DemoLogs {
  readonly group: string;
  readonly stream: string;
  readonly userName: string;
  /** The key's value; it is shown nowhere. */
  readonly key: string;
}

const group = "/demo/shop";
const stream = "web-1";
const userName = "demo-log-sender";
const keyAgeDays = 30;

/** Makes what a person would make in the console to let an application send. What an earlier start has made is used again. */
export async function prepareLogs(server: TestServer): Promise<DemoLogs> {
  await makeGroup(server);
  await makeStream(server);
  return { group, stream, userName, key: await makeKey(server) };
}

async function makeGroup(server: TestServer): Promise<void> {
  const text = encodeURIComponent(group);
  const found: Page<LogGroup> = await server.api("GET", `/api/v1/logs/groups?text=${text}`);
  if (found.items.some(({ name }) => name === group)) return;
  await server.api("POST", "/api/v1/logs/groups", {
    name: group,
    retentionDays: 30,
    bearerTokenAuthenticationEnabled: true,
  });
}

async function makeStream(server: TestServer): Promise<void> {
  const query = new URLSearchParams({ group, prefix: stream });
  const found: Page<LogStream> = await server.api("GET", `/api/v1/logs/streams?${query}`);
  if (found.items.some(({ name }) => name === stream)) return;
  await server.api("POST", "/api/v1/logs/streams", { group, name: stream });
}

/** A key's value is told once only, so each start makes a new one in the place of the earlier one. */
async function makeKey(server: TestServer): Promise<string> {
  const keys: Page<ApiKey> = await server.api("GET", "/api/v1/keys?limit=1000");
  for (const key of keys.items)
    if (key.userName === userName) await server.api("DELETE", `/api/v1/keys/${key.id}`);
  const made: CreatedApiKey = await server.api("POST", "/api/v1/keys", { userName, ageDays: keyAgeDays });
  return made.secret;
}
