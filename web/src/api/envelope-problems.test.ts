import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOfMessage } from "./envelope-problems.ts";

test("each problem of an envelope's message finds its field, once", () => {
  const message =
    "cloudWatch.regions.0: Not an AWS region name, such as us-east-1. name: A name is needed. " +
    "cloudWatch.regions.0: Not an AWS region name, such as us-east-1.";
  assert.deepEqual(problemsOfMessage(message), [
    { path: "cloudWatch.regions.0", message: "Not an AWS region name, such as us-east-1." },
    { path: "name", message: "A name is needed." },
  ]);
});

test("a message about no field has no problems", () => {
  assert.deepEqual(problemsOfMessage("The role could not be assumed: AccessDenied."), []);
});
