import assert from "node:assert/strict";
import type { Connected } from "./connected.ts";
import type { TestServer } from "./server.ts";

/** Lets a server assume roles by itself, as the clients of Wavefront expect: they know no credentials of ours. */
export async function giveBaseCredential({ server, aws }: Connected): Promise<void> {
  const { accessKeyId, secretAccessKey } = aws.simulator.seeded;
  const credential = await server.api("POST", "/api/v1/credentials", {
    name: "Base",
    method: "keys",
    region: "us-east-1",
    accessKeyId,
    secretAccessKey,
    endpoints: { default: aws.url, sts: aws.url },
  });
  await server.api("PUT", "/api/v1/settings", { baseCredentialId: credential.id });
}

/** What the customer does in AWS between two calls: the role's trust policy comes to demand the external ID. */
export function trustExternalId({ aws }: Connected, externalId: string): string {
  const { seeded, accounts } = aws.simulator;
  const demanded = accounts.findRole(seeded.roleArn)?.trust.externalIds ?? [];
  accounts.setExternalIds(seeded.roleArn, [...demanded, externalId]);
  return seeded.roleArn;
}

export interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: string | ReadableStream;
}

export interface Answer {
  readonly status: number;
  readonly message: string;
  /** The whole text, as a client that judges by it sees it. */
  readonly text: string;
  readonly response: any;
}

/** One request as a client of Wavefront's sends it; the answer has to be in the envelope, whatever it is. */
export async function ask(
  server: TestServer,
  method: string,
  path: string,
  { headers = {}, body }: Sent,
): Promise<Answer> {
  const answer = await fetch(new URL(path, server.consoleUrl), {
    method,
    headers,
    ...(body !== undefined && { body }),
    ...(body instanceof ReadableStream && { duplex: "half" }),
  } as RequestInit);
  const text = await answer.text();
  const { status, response } = JSON.parse(text);
  assert.equal(status.code, answer.status, text);
  assert.equal(status.result, answer.ok ? "OK" : "ERROR", text);
  assert.equal("response" in JSON.parse(text), answer.ok, text);
  if (answer.ok) assert.equal(answer.status, 200, "clients warn of, or do not take, other codes of success");
  // Terraform forgets what it is told of with these digits.
  assert.equal(text.includes("404") && !answer.ok, answer.status === 404, text);
  return { status: answer.status, message: status.message, text, response };
}

/** An object without the keys whose values Go leaves out: empty text, zero, false, empty lists and maps. */
export function omitEmpty(value: any): any {
  if (Array.isArray(value)) return value.map(omitEmpty);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, omitEmpty(inner)] as const)
    .filter(([, inner]) => !isEmpty(inner));
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === "" || value === 0 || value === false;
}

/** Fails for any number that Go and Java would not take for an integer, and for a null where Python needs a value. */
export function assertDecodable(value: unknown, path = "response"): void {
  assert.notEqual(value, null, path);
  if (typeof value === "number") assert.ok(Number.isSafeInteger(value), `${path} is ${value}`);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) assertDecodable(inner, `${path}.${key}`);
}
