import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { InjectOptions } from "fastify";
import { createTestConsole, type TestConsole } from "../testing/console.ts";

const html = `<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script src="/assets/a.js"></script>`;
const script = `console.log(1);${"/* long */".repeat(200)}`;
const navigate = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("pages", () => {
  let uiDirectory: string;
  let console: TestConsole;
  const get = (url: string, headers: InjectOptions["headers"] = {}) =>
    console.app.inject({ method: "GET", url, headers });

  before(async () => {
    uiDirectory = await mkdtemp(join(tmpdir(), "nephoscope-ui-"));
    console = await createTestConsole({ uiDirectory: join(uiDirectory, "dist") });
  });
  after(async () => {
    await console.app.close();
    await rm(uiDirectory, { recursive: true });
  });

  test("without a build, a plain page says how to make one", async () => {
    const response = await get("/", navigate);
    assert.equal(response.statusCode, 200);
    assert.match(response.body, /npm run build --workspace web/);
  });

  describe("with a build", () => {
    before(async () => {
      await mkdir(join(uiDirectory, "dist", "assets"), { recursive: true });
      await writeFile(join(uiDirectory, "secret.txt"), "secret");
      await writeFile(join(uiDirectory, "dist", "index.html"), html);
      await writeFile(join(uiDirectory, "dist", "assets", "a.js"), script);
      await writeFile(join(uiDirectory, "dist", "assets", "a.js.map"), "{}");
      await writeFile(join(uiDirectory, "dist", "favicon.svg"), "<svg/>");
    });

    test("every address that a browser navigates to gets the UI, with a nonce of its own", async () => {
      const nonces = new Set<string>();
      for (const url of ["/", "/login", "/index.html", "/credentials/new?tab=1"]) {
        const response = await get(url, navigate);
        assert.equal(response.statusCode, 200, url);
        assert.equal(response.headers["cache-control"], "no-store");
        const nonce = /content="([\w-]{22})"/.exec(response.body)?.[1] ?? "";
        const policy = String(response.headers["content-security-policy"]);
        assert.ok(policy.includes(`style-src 'self' 'nonce-${nonce}';`), policy);
        assert.ok(!policy.includes("unsafe"), policy);
        nonces.add(nonce);
      }
      assert.equal(nonces.size, 4);
    });

    test("the front page answers those who do not say what they accept", async () => {
      assert.equal((await get("/")).statusCode, 200);
      assert.equal((await get("/", { accept: "*/*" })).statusCode, 200);
    });

    test("files are kept by the browser: for ever when their name holds their hash", async () => {
      const asset = await get("/assets/a.js");
      assert.equal(asset.body, script);
      assert.equal(asset.headers["cache-control"], "public, max-age=31536000, immutable");
      assert.match(String(asset.headers["content-type"]), /^text\/javascript/);
      const icon = await get("/favicon.svg");
      assert.equal(icon.headers["cache-control"], "no-cache");
      const again = await get("/favicon.svg", { "if-none-match": String(icon.headers.etag) });
      assert.equal(again.statusCode, 304);
      assert.equal(again.body, "");
    });

    test("files are compressed for who takes it", async () => {
      const response = await get("/assets/a.js", { "accept-encoding": "gzip, br" });
      assert.equal(response.headers["content-encoding"], "gzip");
      assert.equal(gunzipSync(response.rawPayload).toString(), script);
    });

    test("no address reaches a file outside the build, or a source map", async () => {
      for (const url of [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/assets/a.js%00",
        "/assets\\..\\..\\secret.txt",
        "/assets/a.js.map",
        "/assets/missing.js",
      ]) {
        const response = await get(url);
        assert.notEqual(response.statusCode, 200, url);
        assert.ok(!response.body.includes("secret"), url);
      }
    });

    test("what is neither a page nor a file is 404, under /api even for a browser", async () => {
      assert.equal((await get("/nothing", { accept: "application/json" })).statusCode, 404);
      const api = await get("/api/v1/nothing", navigate);
      assert.equal(api.statusCode, 404);
      assert.equal(api.json().error.code, "route_not_found");
    });

    test("a known path with another method is 405 and names the methods", async () => {
      const response = await get("/api/v1/vault/rotate", navigate);
      assert.equal(response.statusCode, 405);
      assert.equal(response.headers.allow, "POST");
      const deleted = await console.app.inject({ method: "DELETE", url: "/api/v1/users" });
      assert.equal(deleted.statusCode, 405);
      assert.match(String(deleted.headers.allow), /GET.*POST/);
    });
  });
});
