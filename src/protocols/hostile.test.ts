import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  defaultWireLimits,
  loadServiceModel,
  ProtocolError,
  readRequest,
  type ServiceName,
  selectDialect,
  verifySigV4,
  type WireRequest,
} from "./index.ts";

/** Whatever a caller sends ends in an input or in a ProtocolError that its dialect can write. */
async function assertContained(service: ServiceName, arbitrary: fc.Arbitrary<WireRequest>): Promise<void> {
  const model = await loadServiceModel(service);
  fc.assert(
    fc.property(arbitrary, (request) => {
      try {
        readRequest(model, request, defaultWireLimits);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
        assert.ok(error.status >= 400 && error.status < 500);
        assert.ok(selectDialect(model, request).writeError(model, error, "id").body.byteLength > 0);
      }
    }),
    { numRuns: 1_000 },
  );
}

const request = (headers: Record<string, string>, body: string | Uint8Array): WireRequest => ({
  method: "POST",
  path: "/",
  query: "",
  headers,
  body: Buffer.from(body),
});

test("form bodies, made of the operation's own words and of anything", () =>
  assertContained(
    "monitoring",
    fc
      .array(
        fc.tuple(
          fc.array(
            fc.constantFrom(
              "MetricDataQueries",
              "member",
              "1",
              "0",
              "MetricStat",
              "Period",
              "StartTime",
              "ReturnData",
              "__proto__",
              "",
            ),
            { maxLength: 6 },
          ),
          fc.oneof(
            fc.string({ unit: "binary" }),
            fc.constantFrom("1", "true", "2026-01-01T00:00:00Z", "9".repeat(400)),
          ),
        ),
      )
      .map((pairs) => pairs.map(([path, value]) => [path.join("."), value] as [string, string]))
      .map((pairs) =>
        request(
          { "content-type": "application/x-www-form-urlencoded" },
          new URLSearchParams([["Action", "GetMetricData"], ...pairs]).toString(),
        ),
      ),
  ));

test("JSON bodies, valid and not", () =>
  assertContained(
    "logs",
    fc
      .oneof(
        fc.json(),
        fc.string({ unit: "binary" }),
        fc
          .record({ logEvents: fc.jsonValue(), logGroupName: fc.jsonValue(), __type: fc.string() })
          .map((value) => JSON.stringify(value)),
      )
      .map((body) => request({ "x-amz-target": "Logs_20140328.PutLogEvents" }, body)),
  ));

test("paths and queries of S3", () =>
  assertContained(
    "s3",
    fc
      .tuple(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        fc.constantFrom("GET", "HEAD", "PUT", "DELETE"),
      )
      .map(([path, query, method]) => ({ ...request({}, ""), path: `/${path}`, query, method })),
  ));

test("authorization headers and presigned queries are decided, never thrown at", async () => {
  const scope = "AKIDEXAMPLEEXAMPLE00/20261120/us-east-1/sts/aws4_request";
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(`Credential=${scope}`, "SignedHeaders=host", `Signature=${"0".repeat(64)}`, "="),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 5 }),
      fc.string({ unit: "binary" }),
      async (pieces, query) => {
        const headers = {
          host: "aws.test",
          authorization: `AWS4-HMAC-SHA256 ${pieces.join(", ")}`,
          "x-amz-date": "20261120T120000Z",
        };
        const outcome = await verifySigV4(
          { ...request(headers, ""), query },
          {
            now: () => Date.UTC(2026, 10, 20, 12),
            findSecret: async () => ({ secretAccessKey: "secret", principal: "nobody" }),
          },
        );
        assert.equal(outcome.ok, false);
      },
    ),
    { numRuns: 1_000 },
  );
});
