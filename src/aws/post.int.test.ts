import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { createPoster, type Poster } from "./post.ts";

describe("a POST to a receiver", () => {
  let server: Server;
  let url: string;
  let handle: RequestListener;
  let poster: Poster;
  before(async () => {
    server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    poster = createPoster({
      policy: { allowPrivate: true, allowedHosts: [] },
      environment: {},
      requestTimeoutMs: 300,
    });
  });
  after(() => {
    poster.close();
    server.closeAllConnections();
    server.close();
  });
  const post = (path = "/", by = poster) =>
    by.post(`${url}${path}`, { headers: { "x-team": "a" }, body: Buffer.from("points") });

  test("carries path, query, headers and body, and brings back status, headers and body", async () => {
    let seen = "";
    handle = async (request, response) => {
      for await (const chunk of request) seen += chunk;
      seen += ` ${request.method} ${request.url} ${request.headers["x-team"]} ${request.headers["content-length"]}`;
      response.writeHead(429, { "retry-after": "7" }).end("later");
    };
    const { status, headers, body } = await post("/v1/metrics?a=1&a=2");
    assert.equal(seen, "points POST /v1/metrics?a=1&a=2 a 6");
    assert.deepEqual([status, headers["retry-after"], body.toString()], [429, "7", "later"]);
  });

  test("follows no redirect", async () => {
    let requests = 0;
    handle = (_, response) => {
      requests++;
      response.writeHead(307, { location: `${url}/elsewhere` }).end();
    };
    assert.equal((await post()).status, 307);
    assert.equal(requests, 1);
  });

  test("fails when no answer comes in time, or one without end", async () => {
    handle = () => {};
    await assert.rejects(post());
    handle = (_, response) => {
      response.writeHead(200);
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, "x")));
        if (!response.destroyed) response.once("drain", write);
      };
      write();
    };
    await assert.rejects(post(), { code: "RESPONSE_TOO_LARGE" });
  });

  test("connects to no address that the operator does not allow", async () => {
    let requests = 0;
    handle = (_, response) => {
      requests++;
      response.end();
    };
    const strict = createPoster({ policy: { allowPrivate: false, allowedHosts: [] }, environment: {} });
    await assert.rejects(post("/", strict), { code: "ENDPOINT_NOT_ALLOWED" });
    assert.equal(requests, 0);
    strict.close();
  });
});
