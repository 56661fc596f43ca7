import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../base/index.ts";
import type { FailureCause } from "../contract/index.ts";
import { CredentialsFailure, RunLostError } from "../integrations/index.ts";
import { endingOfError, endingOfResult, RunTimeoutError, StoppedError } from "./outcome.ts";

const failure = (cause: FailureCause, disables = false) => ({
  cause,
  rawCode: "Code",
  message: `because ${cause}`,
  advice: ["do this"],
  disables,
});
const unclassified = () => assert.fail("not AWS's error");
const result = { problems: [], someComplete: true, someStored: true, behind: false };

test("no problem is success, and being behind is passed on", () => {
  assert.deepEqual(endingOfResult({ ...result, behind: true }), {
    state: "succeeded",
    error: null,
    disable: false,
    transient: false,
    behind: true,
  });
});

test("problems beside stored data are partial, without any they are failure; the first is told and the others counted", () => {
  const problems = [failure("DENIED_ACTION"), failure("THROTTLED")].map((f) => ({
    region: "eu-west-1",
    failure: f,
  }));
  const partial = endingOfResult({ ...result, someComplete: false, problems });
  assert.equal(partial.state, "partial");
  assert.deepEqual(partial.error, {
    cause: "DENIED_ACTION",
    code: "Code",
    message: "because DENIED_ACTION (and 1 more)",
    advice: ["do this"],
    region: "eu-west-1",
  });
  assert.equal(
    endingOfResult({ ...result, someComplete: false, someStored: false, problems }).state,
    "failed",
  );
});

test("only refused credentials disable", () => {
  assert.equal(
    endingOfError(new CredentialsFailure(failure("DENIED_ASSUME", true), null), unclassified)?.disable,
    true,
  );
  assert.equal(endingOfError(new Error("x"), () => failure("BAD_KEY", true))?.disable, true);
  for (const cause of ["THROTTLED", "NETWORK", "TLS", "CLOCK", "PROXY"] as const) {
    const ending = endingOfError(new Error("x"), () => failure(cause));
    assert.equal(ending?.disable, false);
    assert.equal(ending?.transient, true, `${cause} passes by itself`);
  }
});

test("our own stores' trouble is nobody's credentials, and is tried again soon", () => {
  const ending = endingOfError(new AppError("store_unavailable"), unclassified);
  assert.deepEqual([ending?.state, ending?.disable, ending?.transient], ["failed", false, true]);
});

test("settings that do not work are told as such", () => {
  const ending = endingOfError(new AppError("pattern_invalid", { message: "no" }), unclassified);
  assert.deepEqual(
    [ending?.error?.cause, ending?.error?.code, ending?.transient],
    ["LOCAL_CONFIG", "pattern_invalid", false],
  );
});

test("a stop is no failure, a timeout is, and a lost run is not ours to record", () => {
  assert.equal(endingOfError(new StoppedError("s"), unclassified)?.state, "abandoned");
  assert.equal(endingOfError(new RunTimeoutError("t"), unclassified)?.state, "failed");
  assert.equal(endingOfError(new RunLostError("l"), unclassified), undefined);
});
