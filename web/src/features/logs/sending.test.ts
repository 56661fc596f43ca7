import assert from "node:assert/strict";
import { test } from "node:test";
import { instructionsFor, keyVariable } from "./sending.ts";

const target = { url: "https://logs.example.com", group: "/shop/checkout", stream: "it's $HOME `web` 1" };
const textOf = (id: string) => instructionsFor(target).find((item) => item.id === id)?.text ?? "";

test("a stream's name cannot break out of a command", () => {
  for (const id of ["curl", "hec", "otel", "fluent-bit"]) {
    assert.ok(textOf(id).includes("it%27s%20%24HOME%20%60web%60%201"), id);
    assert.ok(!textOf(id).includes("it's"), id);
  }
  assert.ok(textOf("aws").includes("'it'\\''s $HOME `web` 1'"));
  assert.ok(
    textOf("collector").includes(JSON.stringify("it's $$HOME `web` 1")),
    "the Collector reads a dollar as a variable",
  );
});

test("the group arrives as it is named", () => {
  const url = /'(https[^']*)'/.exec(textOf("curl"))?.[1] ?? "";
  const query = new URL(url).searchParams;
  assert.equal(query.get("logGroup"), target.group);
  assert.equal(query.get("logStream"), target.stream);
});

test("every way with a bearer token leaves a place for the key", () => {
  for (const { id, text } of instructionsFor(target))
    assert.equal(text.includes(keyVariable), id !== "aws", id);
});

test("Fluent Bit is told host, port and TLS apart", () => {
  assert.match(textOf("fluent-bit"), /Host +logs\.example\.com\n +Port +443\n +Tls +on/);
  const plain = instructionsFor({ ...target, url: "http://127.0.0.1:8088" });
  assert.match(plain.map(({ text }) => text).join("\n"), /Host +127\.0\.0\.1\n +Port +8088\n +Tls +off/);
});
