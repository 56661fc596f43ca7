import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { test } from "node:test";
import { systemRandom } from "../../base/index.ts";
import { associatedData, openBytes, sealBytes } from "./envelope.ts";

const key = createSecretKey(Buffer.alloc(32, 7));
const aad = associatedData(["table", "record", "field", 1]);

test("ten thousand sealings of one value are all different", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 10_000; i++)
    seen.add(sealBytes(key, Buffer.from("same"), aad, systemRandom).toString("base64"));
  assert.equal(seen.size, 10_000);
});

test("another key does not open", () => {
  const sealed = sealBytes(key, Buffer.from("value"), aad, systemRandom);
  assert.throws(() => openBytes(createSecretKey(Buffer.alloc(32, 8)), sealed, aad));
});

test("lists of parts that join to the same text give different associated data", () => {
  assert.notDeepEqual(associatedData(["ab", "c"]), associatedData(["a", "bc"]));
  assert.notDeepEqual(associatedData(["a", ""]), associatedData(["a"]));
});

/** NIST SP 800-38D test case 16 (AES-256, 96-bit nonce, associated data). */
test("agrees with the published AES-256-GCM test vector", () => {
  const hex = (text: string) => Buffer.from(text, "hex");
  const vectorKey = createSecretKey(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const plaintext = hex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
  );
  const sealed = sealBytes(vectorKey, plaintext, hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"), {
    ...systemRandom,
    bytes: () => hex("cafebabefacedbaddecaf888"),
  });
  assert.equal(sealed.subarray(-16).toString("hex"), "76fc6ece0f4e1768cddf8853bb2d551b");
});
