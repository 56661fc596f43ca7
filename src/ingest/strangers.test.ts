import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { accessKey, createWorld, headOf, type Sent, type World } from "../../test/support/ingest-world.ts";

const path = "/ingest/bulk";
const badKey = { path, headers: { authorization: "Bearer ACWLnobody" } };

describe("who sends without proof again and again", () => {
  /** Asks so often, and tells how many are answered while the clock stands still. */
  const flood = (count: number, sent: Sent = badKey, address = "192.0.2.7") => {
    const told: number[] = [];
    const all = Array.from({ length: count }, async () => {
      const decision = await world.ingest.admit({ ...headOf(sent), address });
      const answer = "accept" in decision ? await decision.accept(Buffer.from("{}")) : decision;
      if ("accept" in decision) decision.release();
      await answer.tellable?.(gone.signal);
      told.push(answer.status);
    });
    return { told, all: Promise.all(all), settled: () => new Promise(setImmediate) };
  };
  let world: World;
  let gone: AbortController;
  beforeEach(() => {
    world = createWorld();
    gone = new AbortController();
  });

  test("is told at once for a while, then a second later, with the same answer", async () => {
    const { told, all, settled } = flood(150);
    await settled();
    assert.equal(told.length, 100);
    world.clock.advance(999);
    await settled();
    assert.equal(told.length, 100);
    world.clock.advance(1);
    await all;
    assert.deepEqual([...new Set(told)], [401]);
    assert.equal(told.length, 150);
  });

  test("and may fail at a slow rate without waiting", async () => {
    const first = flood(100);
    await first.all;
    world.clock.advance(2_000);
    const second = flood(30);
    await second.settled();
    assert.equal(second.told.length, 20);
    world.clock.advance(1_000);
    await second.all;
  });

  for (const [name, headers] of [
    ["no credentials", { authorization: null }],
    ["a header that cannot be read", { authorization: "Basic ?" }],
    ["an inactive key", { authorization: "Bearer ACWLinactive" }],
    ["an expired key", { authorization: "Bearer ACWLexpired" }],
    [
      "an access key that is not known",
      {
        "x-amz-date": "20260921T143320Z",
        authorization: `AWS4-HMAC-SHA256 Credential=AKIANOBODY/20260921/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
    ],
    [
      "a signature that is wrong, as only the body tells",
      {
        "x-amz-date": "20260921T143320Z",
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKey.id}/20260921/us-east-1/logs/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
    ],
  ] as const)
    test(`waits with ${name} too`, async () => {
      const { told, all, settled } = flood(101, { path, headers });
      await settled();
      assert.equal(told.length, 100);
      world.clock.advance(1_000);
      await all;
    });

  test("holds up neither good keys, nor other addresses, nor mistakes of senders who are known", async () => {
    const { all } = flood(150);
    assert.ok("accept" in (await world.ingest.admit(headOf({ path }))));
    await flood(100, badKey, "192.0.2.8").all;
    const lost = flood(150, { path, headers: { "x-aws-log-group": "/none" } });
    await lost.settled();
    assert.equal(lost.told.length, 150);
    world.clock.advance(1_000);
    await all;
  });

  test("waits at any address while there are very many", async () => {
    const addresses = Array.from({ length: 1_001 }, (_, index) => `198.51.${index >> 8}.${index & 255}`);
    const floods = addresses.map((address) => flood(1, badKey, address));
    await floods[0]?.settled();
    assert.equal(floods.filter(({ told }) => told.length === 1).length, 1_000);
    world.clock.advance(1_000);
    await floods.at(-1)?.all;
  });

  test("is told at once when half of all connections wait", async () => {
    const { told, all, settled } = flood(100 + 2_048 + 7);
    await settled();
    assert.equal(told.length, 107);
    world.clock.advance(1_000);
    await all;
    const again = flood(20);
    await again.settled();
    assert.equal(again.told.length, 10, "those who were told have made room to wait");
    world.clock.advance(1_000);
    await again.all;
  });

  test("leaves the place where it waited when it goes", async () => {
    const { told, settled } = flood(100 + 2_048);
    await settled();
    assert.equal(told.length, 100);
    gone.abort();
    await settled();
    assert.equal(told.length, 2_148);
    gone = new AbortController();
    const again = flood(20);
    await again.settled();
    assert.equal(again.told.length, 0);
    world.clock.advance(1_000);
    await again.all;
  });
});
