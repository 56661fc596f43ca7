import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import {
  type AnyValue,
  type KeyValue,
  type Request,
  writeOtlp,
} from "../../../../test/support/otlp-writer.ts";
import { decodeAt } from "../../testing/decoded.ts";

const decodeJson = (body: Buffer) => decodeAt("/v1/logs", body, { mediaType: "application/json" });
const decodeProtobuf = (body: Buffer) => decodeAt("/v1/logs", body, { mediaType: "application/x-protobuf" });

const wellFormed = fc.string({ unit: "grapheme", maxLength: 12 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const hexId = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString("hex"));

const { value } = fc.letrec<{ value: AnyValue; keyValue: KeyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    wellFormed.map((stringValue) => ({ stringValue })),
    fc.boolean().map((boolValue) => ({ boolValue })),
    int64.map((intValue) => ({ intValue })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
    fc.uint8Array({ maxLength: 9 }).map((bytes) => ({ bytesValue: Buffer.from(bytes).toString("base64") })),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
    fc.array(tie("keyValue"), { maxLength: 3 }).map((values) => ({ kvlistValue: { values } })),
  ),
  keyValue: fc.record({ key: wellFormed, value: tie("value") }),
}));
const attributes = fc.array(fc.record({ key: wellFormed, value }), { maxLength: 4 });
const record = fc.record({
  timeUnixNano: uint64,
  observedTimeUnixNano: uint64,
  severityNumber: fc.integer({ min: 0, max: 24 }),
  severityText: wellFormed,
  body: value,
  attributes,
  flags: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  traceId: hexId(16),
  spanId: hexId(8),
  eventName: wellFormed,
});
const request: fc.Arbitrary<Request> = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeLogs: fc.array(
        fc.record({
          scope: fc.record({ name: wellFormed, version: wellFormed, attributes }),
          logRecords: fc.array(record, { maxLength: 3 }),
          schemaUrl: wellFormed,
        }),
        { maxLength: 2 },
      ),
      schemaUrl: wellFormed,
    }),
    { maxLength: 2 },
  ),
});

test("a request is stored the same from JSON and from protobuf, as JSON with every digit", () => {
  fc.assert(
    fc.property(request, (sent) => {
      const fromJson = decodeJson(Buffer.from(JSON.stringify(sent)));
      const fromProtobuf = decodeProtobuf(writeOtlp(sent));
      assert.deepEqual(fromProtobuf, fromJson);
      assert.equal(fromJson.refused, undefined);
      const records = sent.resourceLogs.flatMap(({ scopeLogs }) =>
        scopeLogs.flatMap(({ logRecords }) => logRecords),
      );
      assert.equal(fromJson.events.length, records.length);
      for (const [i, [, message]] of fromJson.events.entries()) {
        JSON.parse(message);
        assert.ok(message.includes(`"timeUnixNano":${records[i]?.timeUnixNano},`));
      }
    }),
    { numRuns: 300 },
  );
});

test("any truncation and any changed byte of a protobuf is read or refused, never more than that", () => {
  fc.assert(
    fc.property(request, fc.nat(), fc.nat(255), (sent, place, byte) => {
      const bytes = writeOtlp(sent);
      if (bytes.length === 0) return;
      decodeProtobuf(bytes.subarray(0, place % bytes.length));
      const changed = Buffer.from(bytes);
      changed[place % bytes.length] = byte;
      decodeProtobuf(changed);
    }),
    { numRuns: 500 },
  );
});

test("an empty protobuf is a request without records", () => {
  assert.deepEqual(decodeProtobuf(Buffer.alloc(0)), { events: [], skipped: [] });
});

/** Nested length-delimited fields, innermost first. */
function nest(levels: number, fields: readonly number[]): Buffer {
  let bytes = Buffer.alloc(0);
  for (let i = 0; i < levels; i++)
    bytes = Buffer.from(
      new BinaryWriter()
        .tag(fields[i % fields.length] ?? 1, WireType.LengthDelimited)
        .bytes(bytes)
        .finish(),
    );
  return bytes;
}

/** A record whose body is this. */
const asBody = (body: Buffer) => {
  let bytes = body;
  for (const field of [5, 2, 2, 1])
    bytes = Buffer.from(new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish());
  return bytes;
};
const repeat = (bytes: readonly number[], times: number) =>
  Buffer.alloc(bytes.length * times, Buffer.from(bytes));

/** A varint of ten bytes, of which only the last one counts. */
const highBitOnly = (last: number) => [...Array(9).fill(0x80), last];

const hostile: Readonly<Record<string, Buffer>> = {
  "values nested 200 deep": asBody(nest(400, [1, 5])),
  "values nested 1,000 deep": asBody(nest(2_000, [1, 5])),
  "a length of 2 GiB in six bytes": Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]),
  "a length of 2 GiB for text in an attribute": asBody(Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x08])),
  "a length of 2^63": Buffer.from([0x0a, ...highBitOnly(0x01)]),
  "a length of 2^63 for text": asBody(Buffer.from([0x0a, ...highBitOnly(0x01)])),
  "a length of 2^63 for an unknown field": Buffer.from([0x7a, ...highBitOnly(0x01)]),
  "a length of 2^32": Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x10]),
  "a length of -1": Buffer.from([0x0a, ...Array(9).fill(0xff), 0x01]),
  "a number of 2^64": asBody(Buffer.from([0x18, ...highBitOnly(0x02)])),
  "a number of 2^64 in an unknown field": Buffer.from([0x50, ...highBitOnly(0x02)]),
  "a number of eleven bytes": Buffer.from([0x50, ...Array(10).fill(0x80), 0x00]),
  "a varint without an end": Buffer.alloc(1024, 0xff),
  "524,288 empty resources": repeat([0x0a, 0x00], 524_288),
  "524,288 empty attributes": asBody(
    Buffer.from(
      new BinaryWriter()
        .tag(6, WireType.LengthDelimited)
        .bytes(repeat([0x0a, 0x00], 524_288))
        .finish(),
    ),
  ),
  "two million unknown fields": repeat([0x50, 0x00], 2_000_000),
  "a group": Buffer.from([0x0b, 0x0c]),
  "groups opened a million times": Buffer.alloc(1_000_000, 0x0b),
  "a field that reaches beyond its message": Buffer.from([0x0a, 0x03, 0x12, 0x05, 0x00, 0x00, 0x00, 0x00]),
  "text that is not UTF-8": asBody(Buffer.from([0x0a, 0x02, 0xc3, 0x28])),
  "field number 0": Buffer.from([0x02, 0x00]),
};

for (const [name, body] of Object.entries(hostile)) {
  test(`refused within 100 ms: ${name}`, () => {
    // Time of this process, so that a busy machine makes no difference.
    const started = process.cpuUsage();
    const { refused } = decodeProtobuf(body);
    const { user, system } = process.cpuUsage(started);
    assert.ok((user + system) / 1000 < 100);
    assert.ok(refused);
  });
}

test("numbers and lengths may be written longer than they need to be, and negative ones take ten bytes", () => {
  const padded = asBody(Buffer.from([0x0a, ...highBitOnly(0x00)]));
  const minusOne = asBody(Buffer.from([0x18, ...Array(9).fill(0xff), 0x01]));
  const lowest = asBody(Buffer.from([0x18, ...highBitOnly(0x01)]));
  for (const [body, stored] of [
    [padded, '"body":""'],
    [minusOne, '"body":-1'],
    [lowest, '"body":-9223372036854775808'],
  ] as const)
    assert.ok(decodeProtobuf(body).events[0]?.[1].includes(stored));
});

test("text with zeros is stored with them escaped", () => {
  const { events } = decodeProtobuf(asBody(Buffer.from([0x0a, 0x03, 0x61, 0x00, 0x62])));
  assert.match(events[0]?.[1] ?? "", /"body":"a\\u0000b"/);
});
