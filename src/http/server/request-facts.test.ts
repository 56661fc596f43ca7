import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { test } from "node:test";
import { isSecure } from "./request-facts.ts";

const proxies = new BlockList();
proxies.addAddress("192.0.2.1");
proxies.addSubnet("2001:db8::", 32, "ipv6");

const from = (remoteAddress: string, claim?: string, encrypted = false) =>
  ({
    socket: { remoteAddress, encrypted },
    headers: claim === undefined ? {} : { "x-forwarded-proto": claim },
  }) as never;

// Or whoever may be denied for plain HTTP writes a header and is not.
test("only a trusted proxy is believed when it says that a request came over https", () => {
  assert.equal(isSecure(from("192.0.2.1", "https"), proxies), true);
  assert.equal(isSecure(from("::ffff:192.0.2.1", "HTTPS"), proxies), true);
  assert.equal(isSecure(from("2001:db8::7", "https"), proxies), true);
  assert.equal(isSecure(from("192.0.2.2", "https"), proxies), false);
  assert.equal(isSecure(from("192.0.2.1", "https"), undefined), false);
});

test("of what several proxies say the last counts: the others stood before the one that is trusted", () => {
  assert.equal(isSecure(from("192.0.2.1", "http, https"), proxies), true);
  assert.equal(isSecure(from("192.0.2.1", "https, http"), proxies), false);
  assert.equal(isSecure(from("192.0.2.1", "https,"), proxies), false);
  assert.equal(isSecure(from("192.0.2.1"), proxies), false);
});

test("TLS at our own socket needs nobody's word", () => {
  assert.equal(isSecure(from("192.0.2.9", "http", true), undefined), true);
});
