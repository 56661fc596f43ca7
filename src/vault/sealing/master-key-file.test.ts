import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Secret, systemRandom } from "../../base/index.ts";
import { discardMasterKeyFile, loadMasterKeys } from "./master-key-file.ts";

const random = systemRandom;

async function inDirectory(work: (directory: string) => Promise<void>) {
  const directory = await mkdtemp(join(tmpdir(), "nepho-key-"));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

test("the first start makes a key that only the owner can read, the second start finds it", () =>
  inDirectory(async (directory) => {
    const first = await loadMasterKeys({ given: undefined, directory, random, mayCreate: true });
    assert.equal(first.created, join(directory, "master.key"));
    assert.equal((await stat(join(directory, "master.key"))).mode & 0o777, 0o600);
    assert.equal(Buffer.from(first.keys[0]?.reveal() ?? "", "base64").length, 32);
    const second = await loadMasterKeys({ given: undefined, directory, random, mayCreate: true });
    assert.equal(second.created, undefined);
    assert.equal(second.keys[0]?.reveal(), first.keys[0]?.reveal());
  }));

test("keys that the operator sets are all taken, in their order, and nothing is written", () =>
  inDirectory(async (directory) => {
    const loaded = await loadMasterKeys({
      given: new Secret("bmV3, b2xk"),
      directory,
      random,
      mayCreate: true,
    });
    assert.deepEqual(
      loaded.keys.map((key) => key.reveal()),
      ["bmV3", "b2xk"],
    );
    assert.deepEqual(await readdir(directory), []);
  }));

test("a key made in vain is taken back, one that was there before stays", () =>
  inDirectory(async (directory) => {
    await discardMasterKeyFile(
      await loadMasterKeys({ given: undefined, directory, random, mayCreate: true }),
    );
    assert.deepEqual(await readdir(directory), []);
    await loadMasterKeys({ given: undefined, directory, random, mayCreate: true });
    await discardMasterKeyFile(
      await loadMasterKeys({ given: undefined, directory, random, mayCreate: true }),
    );
    assert.ok((await readFile(join(directory, "master.key"), "utf8")).length > 40);
  }));

test("a process that may not make a key says where to get one, and makes none", () =>
  inDirectory(async (directory) => {
    await assert.rejects(
      loadMasterKeys({ given: undefined, directory, random, mayCreate: false }),
      /NEPHO_MASTER_KEY/,
    );
    assert.deepEqual(await readdir(directory), []);
  }));
