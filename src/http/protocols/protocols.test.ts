import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AppError } from "../../base/index.ts";
import { type ErrorCode, errorCodes } from "../../contract/index.ts";
import { errorSamples } from "./error-samples.ts";
import { rest } from "./rest.ts";
import { protocolOf } from "./select.ts";
import { wavefront } from "./wavefront.ts";

const codes = Object.keys(errorCodes) as ErrorCode[];

// `npm run generate` writes the files; what changes in them is for the reviewer to see.
test("every error code in every protocol is what the golden file says", () => {
  const samples = errorSamples();
  assert.deepEqual(Object.keys(samples), ["rest", "wavefront"]);
  for (const [name, written] of Object.entries(samples)) {
    const text = readFileSync(new URL(`./fixtures/errors.${name}.json`, import.meta.url), "utf8");
    assert.deepEqual(written, JSON.parse(text));
    assert.ok(!text.includes("never shown"));
  }
});

test("paths of Wavefront speak Wavefront, all others REST", () => {
  for (const path of ["/api/v2", "/api/v2/", "/api/v2/nonsense", "/api/external/all"]) {
    assert.equal(protocolOf(path).name, "wavefront", path);
  }
  for (const path of ["/", "/api/v1/users", "/api/v22", "/healthz"]) {
    assert.equal(protocolOf(path).name, "rest", path);
  }
});

// The Terraform provider drops a resource from its state when an error's text contains "404".
test("the text 404 occurs in Wavefront errors only when it is a 404", () => {
  const message = "The role arn:aws:iam::404404404404:role/x is wrong.";
  for (const code of codes) {
    const { status, body } = wavefront.writeError(
      new AppError(code, { message, fields: [{ path: "x404", message: "404" }] }),
      "request-id",
    );
    const occurs = JSON.stringify(body).includes("404");
    assert.equal(occurs, status === 404, code);
  }
});

// What is in the way of a change is the caller's to clear, and 400 is what their clients show the message of.
test("no error of Wavefront's protocol is a 409", () => {
  for (const code of codes) assert.notEqual(wavefront.writeError(new AppError(code), "").status, 409, code);
  assert.equal(wavefront.writeError(new AppError("external_id_in_use"), "").status, 400);
});

// Their Go client repeats a request after 406 only.
test("a rate limit is 406 in Wavefront's protocol", () => {
  assert.equal(wavefront.writeError(new AppError("rate_limited"), "").status, 406);
  assert.equal(rest.writeError(new AppError("rate_limited"), "").status, 429);
});
