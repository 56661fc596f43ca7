import assert from "node:assert/strict";
import { test } from "node:test";
import { cbor } from "@smithy/core/cbor";
import fc from "fast-check";
import { defaultWireLimits, loadServiceModel, ProtocolError, readRequest } from "../index.ts";
import { assertWellFormed } from "./well-formed.ts";

const refused = { name: "ProtocolError", code: "SerializationException" };

test("what an encoder writes is accepted", () => {
  fc.assert(
    fc.property(fc.object({ maxDepth: 5, withDate: false, withBigInt: false }), (value) => {
      assertWellFormed(cbor.serialize(JSON.parse(JSON.stringify(value))), 64);
    }),
  );
});

test("a length that the body cannot hold is refused before anything is allocated", () => {
  for (const bytes of [
    [0x9a, 0xff, 0xff, 0xff, 0xff], // list of 4,294,967,295
    [0xba, 0xff, 0xff, 0xff, 0xff], // map of as many
    [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], // list of 2^64 - 1
    [0x7a, 0x00, 0x10, 0x00, 0x00], // text of a megabyte
    [0x5f, 0x41], // indefinite bytes without an end
    [0x1c], // reserved
    [0xff], // a break outside
    [0x01, 0x01], // two items
    [],
  ])
    assert.throws(() => assertWellFormed(Uint8Array.from(bytes), 64), refused, JSON.stringify(bytes));
});

test("nesting is bounded, definite, indefinite and by tags", () => {
  for (const byte of [0x81, 0x9f, 0xc1])
    assert.throws(() => assertWellFormed(new Uint8Array(200_000).fill(byte), 64), refused);
});

test("any bytes are read or refused, never a fault of ours", async () => {
  const model = await loadServiceModel("monitoring");
  const path = "/service/GraniteServiceVersion20100801/operation/ListMetrics";
  const headers = { "smithy-protocol": "rpc-v2-cbor" };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
      try {
        readRequest(model, { method: "POST", path, query: "", headers, body }, defaultWireLimits);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
