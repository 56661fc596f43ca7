import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { accessKey, createWorld, headOf, type Sent, type World } from "../../test/support/ingest-world.ts";

const path = "/ingest/bulk";
const badKey = { path, headers: { authorization: "Bearer ACWLnobody" } };

/** What one address may fail at once and in a second, all of them at once, and how many may wait and for how long. */
const atOnce = 500;
const perSecond = 50;
const ofAllAtOnce = 2_000;
const waitingMax = 2_048;
const waitMs = 500;

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

  test("is told at once for a while, then later, with the same answer", async () => {
    const { told, all, settled } = flood(atOnce + 50);
    await settled();
    assert.equal(told.length, atOnce);
    world.clock.advance(waitMs - 1);
    await settled();
    assert.equal(told.length, atOnce);
    world.clock.advance(1);
    await all;
    assert.deepEqual([...new Set(told)], [401]);
    assert.equal(told.length, atOnce + 50);
  });

  test("and may fail at a slow rate without waiting", async () => {
    await flood(atOnce).all;
    world.clock.advance(2_000);
    const second = flood(2 * perSecond + 10);
    await second.settled();
    assert.equal(second.told.length, 2 * perSecond);
    world.clock.advance(waitMs);
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
      const { told, all, settled } = flood(atOnce + 1, { path, headers });
      await settled();
      assert.equal(told.length, atOnce);
      world.clock.advance(waitMs);
      await all;
    });

  test("holds up neither good keys, nor other addresses, nor mistakes of senders who are known", async () => {
    const { all } = flood(atOnce + 50);
    assert.ok("accept" in (await world.ingest.admit(headOf({ path }))));
    await flood(atOnce, badKey, "192.0.2.8").all;
    const lost = flood(atOnce + 50, { path, headers: { "x-aws-log-group": "/none" } });
    await lost.settled();
    assert.equal(lost.told.length, atOnce + 50);
    world.clock.advance(waitMs);
    await all;
  });

  test("waits at any address while there are very many", async () => {
    const addresses = Array.from(
      { length: ofAllAtOnce + 1 },
      (_, index) => `198.51.${index >> 8}.${index & 255}`,
    );
    const floods = addresses.map((address) => flood(1, badKey, address));
    await floods[0]?.settled();
    assert.equal(floods.filter(({ told }) => told.length === 1).length, ofAllAtOnce);
    world.clock.advance(waitMs);
    await floods.at(-1)?.all;
  });

  test("is told at once when half of all connections wait", async () => {
    const { told, all, settled } = flood(atOnce + waitingMax + 7);
    await settled();
    assert.equal(told.length, atOnce + 7);
    world.clock.advance(waitMs);
    await all;
    const earned = (perSecond * waitMs) / 1_000;
    const again = flood(earned + 10);
    await again.settled();
    assert.equal(again.told.length, earned, "those who were told have made room to wait");
    world.clock.advance(waitMs);
    await again.all;
  });

  test("leaves the place where it waited when it goes", async () => {
    const { told, settled } = flood(atOnce + waitingMax);
    await settled();
    assert.equal(told.length, atOnce);
    gone.abort();
    await settled();
    assert.equal(told.length, atOnce + waitingMax);
    gone = new AbortController();
    const again = flood(20);
    await again.settled();
    assert.equal(again.told.length, 0);
    world.clock.advance(waitMs);
    await again.all;
  });
});
