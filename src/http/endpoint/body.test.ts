import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError, type BufferPool, createBufferPool } from "../../base/index.ts";
import { type BodyLimits, readBody } from "./body.ts";

/** A request as far as bodies go: what comes in, as a stream that the test feeds. */
function createArrival(limits: Partial<BodyLimits> = {}) {
  const incoming = new PassThrough();
  const kept = createBufferPool(2 ** 24);
  const given: Buffer[] = [];
  const pool: BufferPool = {
    take: kept.take,
    give: (buffer) => {
      given.push(buffer);
      kept.give(buffer);
    },
  };
  const request = { raw: incoming, headers: { "transfer-encoding": "chunked" } };
  const read = () =>
    readBody(
      request as unknown as FastifyRequest,
      {} as FastifyReply,
      { bytesMax: 100_000, hold: () => {}, ...limits },
      pool,
    );
  return { incoming, read, given };
}

const refusedWith = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

describe("the buffer of a body goes back once", () => {
  const refusals: [string, Partial<BodyLimits>, string][] = [
    ["too large", { bytesMax: 60_000 }, "body_too_large"],
    [
      "without room",
      {
        hold: () => {
          throw new AppError("overloaded");
        },
      },
      "overloaded",
    ],
  ];
  for (const [what, limits, code] of refusals) {
    test(`when it is ${what} and the sender then goes away`, async () => {
      const { incoming, read, given } = createArrival(limits);
      const reading = assert.rejects(read(), refusedWith(code));
      incoming.write(Buffer.alloc(40_000));
      incoming.write(Buffer.alloc(40_000));
      await reading;
      incoming.destroy(new Error("aborted"));
      await setImmediate();
      assert.equal(new Set(given).size, given.length);
    });
  }

  test("when the sender goes away in the middle", async () => {
    const { incoming, read, given } = createArrival();
    const reading = assert.rejects(read(), refusedWith("malformed_request"));
    incoming.write(Buffer.alloc(40_000));
    await setImmediate();
    incoming.destroy(new Error("aborted"));
    await reading;
    await setImmediate();
    assert.equal(new Set(given).size, given.length);
  });
});

test("a body whose sender went away before anybody read it is not waited for", {
  timeout: 2000,
}, async () => {
  const { incoming, read } = createArrival();
  incoming.on("error", () => {});
  incoming.destroy(new Error("aborted"));
  await setImmediate();
  await assert.rejects(read(), refusedWith("malformed_request"));
});
