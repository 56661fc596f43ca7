import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { eventId, readPlace, writePlace } from "./event-ids.ts";
import { readReadToken, writeReadToken } from "./read-tokens.ts";

const place = fc.record(
  {
    timestampMs: fc.nat({ max: 10 ** 14 - 1 }),
    ingestionMs: fc.nat({ max: 10 ** 14 - 1 }),
    sequence: fc.nat({ max: 2 ** 53 - 1 }),
  },
  { noNullPrototype: true },
);

test("a place is read as it was written, and its digits sort as places do", () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      assert.deepEqual(readPlace(writePlace(a)), a);
      const order = a.timestampMs - b.timestampMs || a.ingestionMs - b.ingestionMs || a.sequence - b.sequence;
      assert.equal(
        Math.sign(order),
        Math.sign(Number(eventId(a) > eventId(b)) - Number(eventId(a) < eventId(b))),
      );
      assert.match(eventId(a), /^\d{56}$/);
    }),
  );
});

test("a token is good for its stream only, and for no other digit", () => {
  fc.assert(
    fc.property(
      place,
      fc.constantFrom("f" as const, "b" as const),
      fc.nat({ max: 55 }),
      (at, direction, digit) => {
        const token = writeReadToken(7, { direction, place: at });
        assert.deepEqual(readReadToken(7, token), { direction, place: at });
        assert.equal(readReadToken(8, token), undefined);
        const altered = (Number(token[digit + 2]) + 1) % 10;
        assert.equal(
          readReadToken(7, token.slice(0, digit + 2) + altered + token.slice(digit + 3)),
          undefined,
        );
      },
    ),
  );
});
