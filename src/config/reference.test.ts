import assert from "node:assert/strict";
import { test } from "node:test";
import { createReferenceResolver, readDeclaration } from "./reference.ts";

const resolve = createReferenceResolver({ KEY: "from-env", EMPTY: "" }, async (path) => {
  if (path === "/run/key") return "from-file\n";
  throw new Error("no such file");
});

test("a reference is followed to the environment or to a file", async () => {
  assert.equal((await resolve("env:KEY")).reveal(), "from-env");
  assert.equal((await resolve("file:/run/key")).reveal(), "from-file");
});

test("a reference that leads nowhere is refused by name", async () => {
  for (const reference of ["env:NONE", "env:EMPTY", "file:/none"]) {
    await assert.rejects(resolve(reference), (error: Error) => error.message.includes(reference));
  }
});

test("a secret pasted in place of a reference is refused and not repeated", async () => {
  await assert.rejects(resolve("wJalrXUtnFEMI"), (error: Error) => !error.message.includes("wJalrXUtnFEMI"));
});

test("a declaration that cannot be read is refused with its path and nothing of its text", async () => {
  const declare = (text: string) => readDeclaration("/etc/nepho.json", async () => text);
  assert.deepEqual(await declare('{"credentials":[]}'), { credentials: [] });
  await assert.rejects(
    declare('{"credentials":[{"secretAccessKey":wJalrXUtnFEMI'),
    (error: Error) =>
      /\/etc\/nepho\.json.*not valid JSON/.test(error.message) && !/wJalr/.test(error.message),
  );
  const missing = async () => {
    throw Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT" });
  };
  await assert.rejects(readDeclaration("/none.json", missing), /\/none\.json, cannot be read: ENOENT/);
});
