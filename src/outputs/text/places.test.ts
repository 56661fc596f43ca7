import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { createSettableClock } from "../../../test/support/settable-clock.ts";
import { createPlaces } from "./places.ts";

describe("places for texts", () => {
  const endless = async () => new Readable({ read() {} });
  const takeAll = async () => {
    const clock = createSettableClock(0);
    const places = createPlaces(clock);
    const streams = await Promise.all(Array.from({ length: 8 }, () => places.take(endless)));
    return { clock, places, streams };
  };

  test("are few, and free again when a reader is gone", async () => {
    const { places, streams } = await takeAll();
    await assert.rejects(places.take(endless), { code: "overloaded" });
    streams[3]?.destroy();
    await once(streams[3] as Readable, "close");
    await places.take(endless);
    await assert.rejects(places.take(endless), { code: "overloaded" });
  });

  test("are free again when there is nothing to write", async () => {
    const places = createPlaces(createSettableClock(0));
    for (let attempt = 0; attempt < 20; attempt++) {
      await assert.rejects(
        places.take(async () => Promise.reject(new Error("no such integration"))),
        /no such integration/,
      );
    }
  });

  test("are taken back from who reads for too long", async () => {
    const { clock, places, streams } = await takeAll();
    const failed = streams.map((stream) => once(stream, "error"));
    clock.advance(15 * 60_000);
    for (const [error] of await Promise.all(failed)) assert.equal(error.code, "query_timed_out");
    await places.take(endless);
  });
});
