import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  accessKey,
  bodyOf,
  createWorld,
  isAdmission,
  now,
  type World,
} from "../../test/support/ingest-world.ts";
import { type SigningInput, signedRequest } from "../../test/support/sdk-in-process.ts";
import type { IngestAnswer } from "./index.ts";

const body = '{"event":"a"}';

/** Signs with the SDK's signer and sends as the carrier does; `change` is what happens on the way. */
async function sendSigned(
  world: World,
  signing: Partial<SigningInput> = {},
  change: { body?: string; headers?: Record<string, string> } = {},
): Promise<{ answer: IngestAnswer; bodyWasRead: boolean }> {
  const request = await signedRequest({
    accessKeyId: accessKey.id,
    secretAccessKey: accessKey.secret,
    service: "logs",
    atMs: now,
    path: "/ingest/json",
    headers: { "content-type": "application/json", "x-aws-log-group": "/app", "x-aws-log-stream": "main" },
    body,
    ...signing,
  });
  const decision = await world.ingest.admit({
    ...request,
    headers: { ...request.headers, ...change.headers },
    address: "192.0.2.7",
    secure: true,
    requestId: "request-1",
    contentLength: body.length,
  });
  if (!isAdmission(decision)) return { answer: decision, bodyWasRead: false };
  const sent = change.body === undefined ? Buffer.from(request.body) : Buffer.from(change.body);
  return { answer: await decision.accept(sent), bodyWasRead: true };
}

test("a signed request is stored, needs logs:PutLogEvents only, and no group's switch", async () => {
  const world = createWorld({ bearerEnabled: false, denied: ["logs:CallWithBearerToken"] });
  const { answer } = await sendSigned(world);
  assert.equal(answer.status, 200);
  assert.equal(world.stored.length, 1);
  assert.deepEqual(world.asked, [
    "carol logs:PutLogEvents arn:aws:logs:us-east-1:000000000000:log-group:/app:log-stream:main",
  ]);
  assert.equal(world.notes.length, 0);
});

test("any region may be signed for, and group and stream may stand in the signed query", async () => {
  const headers = { "content-type": "application/json" };
  const query = { logGroup: "/app", logStream: "main" };
  const { answer } = await sendSigned(createWorld(), { region: "eu-west-3", headers, query });
  assert.equal(answer.status, 200);
});

test("an unknown access key and a missing group are refused before the body is read", async () => {
  const unknown = await sendSigned(createWorld(), { accessKeyId: "AKIAUNKNOWNUNKNOWN00" });
  assert.deepEqual([unknown.answer.status, unknown.bodyWasRead], [403, false]);
  assert.equal((bodyOf(unknown.answer) as { __type: string }).__type, "UnrecognizedClientException");
  const headers = { "content-type": "application/json", "x-aws-log-stream": "main" };
  const target = await sendSigned(createWorld(), { headers });
  assert.deepEqual([target.answer.status, target.bodyWasRead], [400, false]);
});

const bad: Readonly<
  Record<
    string,
    readonly [Partial<SigningInput>, { body?: string; headers?: Record<string, string> }, string]
  >
> = {
  "another secret": [{ secretAccessKey: "wrong" }, {}, "InvalidSignatureException"],
  "a body that was changed": [{}, { body: '{"event":"b"}' }, "InvalidSignatureException"],
  "a signed header that was changed": [
    {},
    { headers: { "x-aws-log-group": "/other" } },
    "InvalidSignatureException",
  ],
  "a request of six minutes ago": [{ atMs: now - 360_000 }, {}, "InvalidSignatureException"],
  "a signature for another service": [{ service: "iam" }, {}, "InvalidSignatureException"],
};
for (const [name, [signing, change, type]] of Object.entries(bad)) {
  test(`${name} is 403 and stores nothing`, async () => {
    const world = createWorld();
    const { answer } = await sendSigned(world, signing, change);
    assert.equal(answer.status, 403);
    assert.equal((bodyOf(answer) as { __type: string }).__type, type);
    assert.equal(world.stored.length, 0);
  });
}

test("a good signature that policies do not allow is 403, and learns nothing of the group", async () => {
  const world = createWorld({ denied: ["logs:PutLogEvents"] });
  const headers = {
    "content-type": "application/json",
    "x-aws-log-group": "/none",
    "x-aws-log-stream": "main",
  };
  const { answer } = await sendSigned(world, { headers });
  assert.equal(answer.status, 403);
  assert.equal((bodyOf(answer) as { __type: string }).__type, "AccessDeniedException");
});

test("a request may be signed in its query", async () => {
  const { answer } = await sendSigned(createWorld(), { presignSeconds: 60 });
  assert.equal(answer.status, 200);
});

describe("whoever only knows the id of an access key", () => {
  const forged = async (world: World, address: string, contentLength: number) => {
    const request = await signedRequest({
      accessKeyId: accessKey.id,
      secretAccessKey: "wrong",
      service: "logs",
      atMs: now,
      path: "/ingest/json",
      headers: { "content-type": "application/json", "x-aws-log-group": "/app", "x-aws-log-stream": "main" },
      body,
    });
    return world.ingest.admit({ ...request, address, secure: true, requestId: "request-2", contentLength });
  };

  test("takes nothing of the rate of its owner", async () => {
    const world = createWorld({ requestsPerSecond: 1 });
    for (let i = 0; i < 3; i++) {
      const decision = await forged(world, "198.51.100.1", body.length);
      assert.ok(isAdmission(decision));
      assert.equal((await decision.accept(Buffer.from(body))).status, 403);
    }
    assert.equal((await sendSigned(world)).answer.status, 200);
    assert.equal((await sendSigned(world)).answer.status, 429);
  });

  test("takes nothing of the owner's share of memory, and by announcements next to nothing of all", async () => {
    const world = createWorld({ memoryBytesMax: 4_000_000 });
    for (let i = 0; i < 5; i++) assert.ok(isAdmission(await forged(world, "198.51.100.1", 1_000_000)));
    assert.equal((await sendSigned(world)).answer.status, 200);
    assert.ok(isAdmission(await forged(world, "198.51.100.2", 1_000_000)));
  });
});
