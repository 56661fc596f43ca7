import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CredentialFormValues,
  inputOfValues,
  missingFields,
  newCredentialValues,
  newHop,
  updateOfValues,
} from "./form-values.ts";

const keys = (change: Partial<CredentialFormValues> = {}): CredentialFormValues => ({
  ...newCredentialValues("keys"),
  name: " Production ",
  ...change,
});
const stored = { method: "keys", hasSecretAccessKey: true, accessKeyIdMasked: "AKIA…MPLE" } as const;

test("an update without typed secrets leaves them out, so that the stored ones are kept", () => {
  const update = updateOfValues(keys(), 7);
  for (const field of ["accessKeyId", "secretAccessKey", "sessionToken"])
    assert.ok(!(field in update), field);
  assert.equal(update.version, 7);
  assert.equal(update.name, "Production");
});

test("a session token is cleared only when that is asked for", () => {
  assert.equal(updateOfValues(keys({ removeSessionToken: true }), 1).sessionToken, null);
});

test("a proxy password is kept, replaced or cleared", () => {
  const proxy = (change: object) =>
    inputOfValues(
      keys({
        proxy: {
          type: "url",
          url: "http://proxy:3128",
          username: "u",
          password: "",
          removePassword: false,
          ...change,
        },
      }),
    ).proxy;
  assert.ok(!("password" in proxy({})));
  assert.equal(proxy({ password: "p" }).password, "p");
  assert.equal(proxy({ removePassword: true }).password, null);
});

test("keys of one method do not travel with another", () => {
  const input = inputOfValues(
    keys({ method: "instance", accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "s" }),
  );
  assert.ok(!("accessKeyId" in input) && !("secretAccessKey" in input));
  assert.equal(input.instanceSource, "ec2");
});

test("a hop without external ID sends none, whatever was typed before", () => {
  const hop = {
    ...newHop(),
    roleArn: "arn:aws:iam::1:role/R",
    externalId: "left-over",
    externalIdSource: "none" as const,
  };
  const [sent] = inputOfValues(keys({ roleChain: [hop] })).roleChain;
  assert.ok(sent !== undefined && !("externalId" in sent));
});

test("blanks around pasted secrets are cut off", () => {
  assert.equal(inputOfValues(keys({ secretAccessKey: " secret\n" })).secretAccessKey, "secret");
});

test("new keys need both halves, stored ones need none", () => {
  assert.deepEqual(Object.keys(missingFields(keys(), undefined)), ["accessKeyId", "secretAccessKey"]);
  assert.deepEqual(missingFields(keys(), stored), {});
});

test("a new access key ID demands its own secret", () => {
  const missing = missingFields(keys({ accessKeyId: "AKIAIOSFODNN7EXAMPLE" }), stored);
  assert.deepEqual(Object.keys(missing), ["secretAccessKey"]);
});

test("temporary keys demand their session token", () => {
  const missing = missingFields(
    keys({ accessKeyId: "ASIAIOSFODNN7EXAMPLE", secretAccessKey: "s" }),
    undefined,
  );
  assert.deepEqual(Object.keys(missing), ["sessionToken"]);
});

test("an owner's external ID must be entered", () => {
  const hop = { ...newHop(), externalIdSource: "owner" as const };
  assert.ok("roleChain.0.externalId" in missingFields(keys({ roleChain: [hop] }), stored));
});
