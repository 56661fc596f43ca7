import assert from "node:assert/strict";
import { test } from "node:test";
import { readText } from "./support/source-tree.ts";

/** Licences that ask for no more than a notice; `AND` and `OR` combine them. */
const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
  "Zlib",
]);

/** Weak copyleft, by file: fine for a tool that builds and is not changed. */
const buildToolsOnly = /^lightningcss(-|$)/;

interface LockedPackage {
  readonly license?: string;
  readonly link?: boolean;
}

// A GPL, AGPL or SSPL package deep in the tree would decide the licence of what we ship.
test("every package of the lockfile has a licence that we may ship", () => {
  const { packages } = JSON.parse(readText("package-lock.json")) as {
    packages: Record<string, LockedPackage>;
  };
  const problems = Object.entries(packages)
    .filter(([path, { link }]) => path.includes("node_modules/") && link !== true)
    .filter(([path, { license }]) => !isAcceptable(nameOf(path), license))
    .map(([path, { license }]) => `${nameOf(path)}: ${license ?? "no licence"}`);
  assert.deepEqual(problems, []);
});

test("copyleft is refused wherever it stands in an expression", () => {
  assert.ok(isAcceptable("a", "(MIT AND Zlib)"));
  assert.ok(isAcceptable("a", "MIT OR Apache-2.0"));
  for (const license of [
    undefined,
    "AGPL-3.0",
    "GPL-3.0-or-later",
    "SSPL-1.0",
    "MIT AND GPL-2.0",
    "MPL-2.0",
  ]) {
    assert.ok(!isAcceptable("a", license), String(license));
  }
  assert.ok(isAcceptable("lightningcss-linux-x64-gnu", "MPL-2.0"));
});

test("the page on dependencies names every direct one", () => {
  const page = readText("docs/decisions/dependencies.md");
  for (const file of ["package.json", "web/package.json"]) {
    const { dependencies, devDependencies } = JSON.parse(readText(file));
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const families = [name, `${name.split("/")[0]}/*`, name.replace(/client-.*/, "client-*")];
      assert.ok(
        families.some((family) => page.includes(`\`${family}\``)),
        `${name} has no line in docs/decisions/dependencies.md`,
      );
    }
  }
});

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

function isAcceptable(name: string, license: string | undefined): boolean {
  if (license === "MPL-2.0" && buildToolsOnly.test(name)) return true;
  const terms = (license ?? "").replace(/[()]/g, "").split(/ AND | OR /);
  return terms.every((term) => permissive.has(term));
}
