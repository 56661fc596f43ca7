import { randomBytes } from "node:crypto";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { TestServer } from "./server.ts";

/** A log group with one stream, a user that may send there, and its key: made by the console's API. */
export interface LogTarget {
  readonly group: string;
  readonly stream: string;
  readonly userName: string;
  readonly key: string;
  readonly keyId: string;
}

export async function createLogTarget(server: TestServer): Promise<LogTarget> {
  const suffix = randomBytes(4).toString("hex");
  const target = { group: `/test/${suffix}`, stream: "one", userName: `sender-${suffix}` };
  await server.api("POST", "/api/v1/logs/groups", {
    name: target.group,
    bearerTokenAuthenticationEnabled: true,
  });
  await server.api("POST", "/api/v1/logs/streams", { group: target.group, name: target.stream });
  const created = await server.api("POST", "/api/v1/keys", { userName: target.userName, ageDays: 30 });
  return { ...target, key: created.secret, keyId: created.id };
}

/** Whether keys are good for the group. */
export function switchBearer(
  server: TestServer,
  { group }: Pick<LogTarget, "group">,
  enabled: boolean,
): Promise<unknown> {
  const path = `/api/v1/logs/group/bearer-token-authentication?name=${encodeURIComponent(group)}`;
  return server.api("PUT", path, { enabled });
}

export const targetHeaders = ({ group, stream }: Pick<LogTarget, "group" | "stream">) => ({
  "x-aws-log-group": group,
  "x-aws-log-stream": stream,
});

export const targetQuery = ({ group, stream }: Pick<LogTarget, "group" | "stream">) =>
  `?logGroup=${encodeURIComponent(group)}&logStream=${encodeURIComponent(stream)}`;

/** Sends one event, which is its own `Idempotency-Key`. */
export function sendOnce(
  server: TestServer,
  target: Pick<LogTarget, "group" | "stream" | "key">,
  event: string,
): Promise<Response> {
  return fetch(new URL("/ingest/json", server.endpointUrl), {
    method: "POST",
    headers: {
      authorization: `Bearer ${target.key}`,
      "content-type": "application/json",
      "idempotency-key": event,
      ...targetHeaders(target),
    },
    body: event,
  });
}

/** What every client of AWS's SDK needs to call the server as root. */
export function rootClientOptions(server: TestServer) {
  return {
    region: "us-east-1",
    endpoint: server.endpointUrl,
    maxAttempts: 1,
    credentials: {
      accessKeyId: server.firstRun.rootAccessKeyId,
      secretAccessKey: server.firstRun.rootSecretAccessKey,
    },
  };
}

/** Every message of a group in order, as FilterLogEvents pages through it. */
export async function storedMessages(server: TestServer, group: string): Promise<string[]> {
  const client = new CloudWatchLogsClient(rootClientOptions(server));
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new FilterLogEventsCommand({ logGroupName: group, nextToken }));
    messages.push(...(page.events ?? []).map((event) => event.message ?? ""));
    nextToken = page.nextToken;
  } while (nextToken);
  client.destroy();
  return messages;
}
