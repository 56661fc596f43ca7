import assert from "node:assert/strict";
import { test } from "node:test";
import { wireEvent } from "../contract/index.ts";
import { beginErrorEvent, endErrorEvent } from "./error-event.ts";

const subject = { id: "an-id", name: "Prod", service: "CLOUDWATCH" as const, lastErrorEvent: null };

test("the event is complete enough for clients that check it", () => {
  const event = beginErrorEvent(subject, "AssumeRole was denied.", 1_000);
  assert.deepEqual(wireEvent.parse(event), event);
  assert.equal(event.name, "Credentials Error: Prod");
  assert.equal(event.runningState, "ONGOING");
  assert.equal(event.endTime, undefined);
  assert.deepEqual(event.annotations, {
    severity: "warn",
    type: "credentials-error",
    service: "CLOUDWATCH",
    credentialsId: "an-id",
    errorMessage: "Credentials for cloudwatch were not accepted: AssumeRole was denied.",
  });
});

test("an event that goes on keeps its start", () => {
  const first = beginErrorEvent(subject, "a", 1_000);
  const second = beginErrorEvent({ ...subject, lastErrorEvent: first }, "b", 5_000);
  assert.equal(second.startTime, 1_000);
  assert.equal(second.updatedAt, 5_000);
  assert.match(second.annotations.errorMessage ?? "", /b$/);
});

test("after recovery it has ended, stays, and a new error begins a new one", () => {
  const ended = endErrorEvent(beginErrorEvent(subject, "a", 1_000), 2_000);
  assert.equal(ended?.runningState, "ENDED");
  assert.equal(ended?.endTime, 2_000);
  assert.equal(endErrorEvent(ended, 3_000)?.endTime, 2_000);
  assert.equal(beginErrorEvent({ ...subject, lastErrorEvent: ended }, "a", 4_000).startTime, 4_000);
  assert.equal(endErrorEvent(null, 1), null);
});
