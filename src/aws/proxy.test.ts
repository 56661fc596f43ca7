import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../base/index.ts";
import { proxyFor } from "./proxy.ts";

const target = { protocol: "https:", host: "monitoring.us-east-1.amazonaws.com" };
const environment = { HTTPS_PROXY: "http://proxy.corp:3128", HTTP_PROXY: "plain.corp:8080", NO_PROXY: "" };
const href = (noProxy: string, host: string, port?: number) =>
  proxyFor({ type: "environment" }, { protocol: "https:", host, port }, { ...environment, NO_PROXY: noProxy })
    ?.href;

test("no proxy is used unless the credential asks for one", () => {
  assert.equal(proxyFor({ type: "none" }, target, environment), undefined);
});

test("the environment's proxy follows the scheme of the target", () => {
  assert.equal(proxyFor({ type: "environment" }, target, environment)?.href, "http://proxy.corp:3128/");
  assert.equal(
    proxyFor({ type: "environment" }, { ...target, protocol: "http:" }, environment)?.href,
    "http://plain.corp:8080/",
  );
  assert.equal(proxyFor({ type: "environment" }, target, {}), undefined);
});

test("NO_PROXY exempts names, suffixes, host and port, and everything", () => {
  assert.equal(href("localhost,.amazonaws.com", "sts.amazonaws.com"), undefined);
  assert.equal(href("amazonaws.com", "sts.amazonaws.com"), undefined);
  assert.equal(href("*.amazonaws.com", "sts.amazonaws.com"), undefined);
  assert.equal(href("*", "anything"), undefined);
  assert.equal(href("host:8443", "host", 8443), undefined);
  assert.ok(href("host:8443", "host", 443));
  assert.ok(href("aws.com", "sts.amazonaws.com"));
});

test("user and password of the credential are encoded into the proxy's URL", () => {
  const proxy = {
    type: "url",
    url: "http://proxy.corp:3128",
    username: "a@b",
    password: new Secret("p:w/d"),
  } as const;
  const url = proxyFor(proxy, target, {});
  assert.deepEqual([url?.username, url?.password, url?.host], ["a%40b", "p%3Aw%2Fd", "proxy.corp:3128"]);
});
