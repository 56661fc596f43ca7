import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSettings } from "./load.ts";
import { environmentName, settings } from "./settings.ts";

const noFiles = () => {
  throw Object.assign(new Error("no such file"), { code: "ENOENT" });
};

test("an empty environment gives every default and no problem", () => {
  const { settings: values, problems } = loadSettings({}, noFiles);
  assert.deepEqual(problems, []);
  for (const name of Object.keys(settings) as (keyof typeof settings)[]) {
    assert.deepEqual(values[name], settings[name].default, name);
  }
  assert.deepEqual(values.consoleListen, { host: "127.0.0.1", port: 8080 });
});

test("all problems are reported at once, with the variable that has them", () => {
  const { problems } = loadSettings(
    {
      NEPHO_CONSOLE_LISTEN: "8080",
      NEPHO_ALLOWED_AUTH_METHODS: "keys,magic",
      NEPHO_RUNS_AT_ONCE: "0",
      NEPHO_DATADIR: "/x",
    },
    noFiles,
  );
  assert.deepEqual(problems.map((problem) => problem.variable).sort(), [
    "NEPHO_ALLOWED_AUTH_METHODS",
    "NEPHO_CONSOLE_LISTEN",
    "NEPHO_DATADIR",
    "NEPHO_RUNS_AT_ONCE",
  ]);
});

test("a secret comes from a file, without the line break at its end, and does not print", () => {
  const { settings: values, problems } = loadSettings(
    { NEPHO_MASTER_KEY_FILE: "/run/key" },
    (path) => `${path}-content\n`,
  );
  assert.deepEqual(problems, []);
  assert.equal(values.masterKey?.reveal(), "/run/key-content");
  assert.equal(JSON.stringify(values).includes("content"), false);
});

test("a secret given twice or in a missing file is a problem, and the value is not repeated in it", () => {
  const { problems } = loadSettings(
    {
      NEPHO_ADMIN_PASSWORD: "hunter2hunter2",
      NEPHO_ADMIN_PASSWORD_FILE: "/f",
      NEPHO_DATABASE_URL_FILE: "/none",
    },
    noFiles,
  );
  assert.equal(problems.length, 2);
  assert.equal(JSON.stringify(problems).includes("hunter2"), false);
});

test("names in the environment follow the table", () => {
  assert.equal(environmentName("allowPrivateEndpoints"), "NEPHO_ALLOW_PRIVATE_ENDPOINTS");
});
