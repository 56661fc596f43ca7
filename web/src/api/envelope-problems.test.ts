import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvelopeMessage } from "./envelope-problems.ts";

test("each problem of an envelope's message finds its field, once", () => {
  const message =
    "cloudWatch.regions.0: Not an AWS region name, such as us-east-1. name: A name is needed. " +
    "cloudWatch.regions.0: Not an AWS region name, such as us-east-1.";
  assert.deepEqual(readEnvelopeMessage(message).fields, [
    { path: "cloudWatch.regions.0", message: "Not an AWS region name, such as us-east-1." },
    { path: "name", message: "A name is needed." },
  ]);
});

test("a message about no field has no problems", () => {
  assert.deepEqual(readEnvelopeMessage("The role could not be assumed: AccessDenied."), {
    summary: "The role could not be assumed: AccessDenied.",
    fields: [],
  });
});

test("what is said before the first field stays", () => {
  assert.deepEqual(readEnvelopeMessage("AWS refused. baseCredentials: Unknown key."), {
    summary: "AWS refused.",
    fields: [{ path: "baseCredentials", message: "Unknown key." }],
  });
});
