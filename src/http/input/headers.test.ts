import assert from "node:assert/strict";
import { test } from "node:test";
import { toAppError } from "../../base/index.ts";
import type { ErrorCode } from "../../contract/index.ts";
import {
  refuseDuplicateHeaders,
  refuseEncodedBody,
  refuseOddTarget,
  refuseTransferCoding,
  requireJson,
} from "./headers.ts";

const code = (expected: ErrorCode) => (error: unknown) => toAppError(error).code === expected;

test("a header that decides something may occur once, whatever its case", () => {
  for (const name of ["Host", "Authorization", "Content-Type", "Cookie", "X-AUTH-TOKEN", "x-amz-date"]) {
    const twice = [name, "a", "Accept", "b", name.toUpperCase(), "a"];
    assert.throws(() => refuseDuplicateHeaders(twice), code("header_conflict"), name);
  }
  refuseDuplicateHeaders(["Host", "a", "Accept", "a", "Accept", "b", "Via", "a", "Via", "b"]);
});

test("a target is a path", () => {
  for (const target of [
    "http://evil.example/",
    "//evil.example/",
    "*",
    "",
    "evil",
    "/x%00",
    "/?a=%00",
    undefined,
  ]) {
    assert.throws(() => refuseOddTarget(target), code("malformed_request"), String(target));
  }
  refuseOddTarget("/api/v1/session?x=//y");
});

test("a body comes in chunks and nothing else", () => {
  for (const coding of ["gzip, chunked", "chunked, chunked", "identity", "chunkedx", ""]) {
    assert.throws(() => refuseTransferCoding(coding), code("malformed_request"), coding);
  }
  refuseTransferCoding(undefined);
  refuseTransferCoding("Chunked");
});

test("only bodies as they are can be read", () => {
  for (const encoding of ["gzip", "br", "gzip, identity", "identity, gzip", ""]) {
    assert.throws(() => refuseEncodedBody(encoding), code("unsupported_media_type"), encoding);
  }
  refuseEncodedBody(undefined);
  refuseEncodedBody("Identity");
});

test("a body is JSON in UTF-8 and says so", () => {
  for (const type of [
    undefined,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/jsonx",
    "text/html; application/json",
  ]) {
    assert.throws(() => requireJson(type), code("unsupported_media_type"), String(type));
  }
  for (const type of [
    "application/json",
    "Application/JSON; Charset=UTF-8",
    'application/json;charset="utf-8"',
    "application/merge-patch+json",
  ]) {
    requireJson(type);
  }
});
