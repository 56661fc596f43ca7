import { gzipSync } from "node:zlib";
import { type Kind, mebibyte, type Request, refusedMark } from "./log-endpoint.ts";
import type { LogFormat } from "./log-formats.ts";

const without = (name: string) => ({ headers: { [name]: null } });
const shown = (authorization: string) => ({ headers: { authorization } });
const named = (header: string, value: string) => ({ headers: { [header]: value } });
/** What is refused in every format, and as what. */
export const badRequests: readonly [
  name: string,
  kind: Kind,
  request: Request | ((format: LogFormat) => Request),
][] = [
  ["no credentials", "noCredentials", without("authorization")],
  ["an unknown scheme", "malformedAuthorization", shown("Digest abc")],
  ["a scheme alone", "malformedAuthorization", shown("Bearer")],
  ["a signature that is cut off", "malformedAuthorization", shown("AWS4-HMAC-SHA256 Credential=AKIA")],
  ["no key at all", "unusableKey", shown("Bearer hello")],
  [
    "a key that nobody made",
    "unusableKey",
    shown(`Bearer ACWL${btoa(`nobody-at-000000000000:${"x".repeat(60)}`)}`),
  ],
  ["a key of 10,000 characters", "unusableKey", shown(`Bearer ACWL${"A".repeat(10_000)}`)],
  ["no log group", "invalid", without("x-aws-log-group")],
  ["no log stream", "invalid", without("x-aws-log-stream")],
  ["a log group that does not exist", "notFound", named("x-aws-log-group", "/none")],
  ["a log stream that does not exist", "notFound", named("x-aws-log-stream", "none")],
  ["a log group of 513 characters", "invalid", named("x-aws-log-group", "g".repeat(513))],
  ["a log stream of 513 characters", "invalid", named("x-aws-log-stream", "s".repeat(513))],
  ["a name with a colon", "invalid", named("x-aws-log-stream", "a:b")],
  ["another media type", "invalid", named("content-type", "text/plain")],
  ["another compression", "invalid", named("content-encoding", "br")],
  ["two compressions", "invalid", named("content-encoding", "gzip, gzip")],
  ["an empty Idempotency-Key", "invalid", named("idempotency-key", "")],
  ["an Idempotency-Key of 256 characters", "invalid", named("idempotency-key", "k".repeat(256))],
  ["what is said to be gzip and is not", "invalid", named("content-encoding", "gzip")],
  [
    "gzip that is cut off",
    "invalid",
    (format) => ({
      headers: { "content-encoding": "gzip" },
      body: gzipSync(format.body(refusedMark)).subarray(0, -9),
    }),
  ],
  [
    "gzip within gzip",
    "invalid",
    (format) => ({
      headers: { "content-encoding": "gzip" },
      body: gzipSync(gzipSync(format.body(refusedMark))),
    }),
  ],
  [
    "a bomb of gzip",
    "invalid",
    () => ({
      headers: { "content-encoding": "gzip" },
      body: gzipSync(Buffer.alloc(256 * mebibyte, " ")),
    }),
  ],
  ["a body that is cut off", "invalid", (format) => ({ body: format.body(refusedMark).subarray(0, -4) })],
  ["noise", "invalid", () => ({ body: Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 37) % 256)) })],
];

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
/** What no format of text can be read from. */
export const brokenTexts: readonly [name: string, text: string | Buffer][] = [
  ["an empty body", ""],
  ["an object that is not closed", `{"event":"${refusedMark}"`],
  ["a zero byte in a text", `{"event":"${refusedMark}\0"}`],
  ["a line feed in a text", `{"event":"${refusedMark}\n`],
  ["a number that is none", '{"event":01}'],
  ["half a pair of \\u digits", '{"event":"\\u12"}'],
  [
    "bytes that are not UTF-8",
    Buffer.from([...Buffer.from(`{"event":"${refusedMark}`), 0xc3, 0x28, 0x22, 0x7d]),
  ],
  ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ["UTF-16", Buffer.from('{"event":"x"}', "utf16le")],
  ["a million levels", "[".repeat(mebibyte - 1)],
  ["65 levels below the event", `{"event":${deep(65)}}`],
];
