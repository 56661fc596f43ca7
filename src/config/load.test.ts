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

test("proxies are addresses and networks of both families, and nothing else", () => {
  const read = (text: string) => loadSettings({ NEPHO_TRUSTED_PROXIES: text }, noFiles);
  const { problems, settings: values } = read("10.1.0.0/16, 192.0.2.1,2001:db8::/32");
  assert.deepEqual(problems, []);
  const isTrusted = (address: string, family: "ipv4" | "ipv6") =>
    values.trustedProxies.check(address, family);
  assert.ok(isTrusted("10.1.2.3", "ipv4") && isTrusted("192.0.2.1", "ipv4"));
  assert.ok(isTrusted("2001:db8::1", "ipv6"));
  assert.ok(!isTrusted("10.2.0.1", "ipv4") && !isTrusted("192.0.2.2", "ipv4") && !isTrusted("::1", "ipv6"));
  for (const text of ["proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.1,", "::/x"])
    assert.equal(read(text).problems.length, 1, text);
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
