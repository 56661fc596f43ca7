import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "../../base/index.ts";
import type { Services } from "../services.ts";
import { asSession, asToken, createTestConsole } from "../testing/console.ts";
import { createFakeServices, csrfToken, password, tokenOf } from "../testing/fake-services.ts";

function consoleFailingWith(error: unknown) {
  const { services } = createFakeServices();
  const failing: Services = { ...services, overview: { get: () => Promise.reject(error) } };
  return createTestConsole({ services: failing });
}
const overview = asToken("ReadOnlyAccess", { method: "GET", url: "/api/v1/overview" });

describe("errors", () => {
  test("an unknown one becomes `internal`: the caller gets an id, the log gets the rest", async () => {
    const { app, logLines } = await consoleFailingWith(new Error("relation users at 10.1.2.3 is broken"));
    const response = await app.inject(overview);
    assert.equal(response.statusCode, 500);
    const { error } = response.json();
    assert.equal(error.code, "internal");
    assert.equal(error.requestId, response.headers["x-request-id"]);
    assert.ok(!response.body.includes("10.1.2.3") && !response.body.includes(".ts"));
    const line = logLines.find((text) => text.includes(error.requestId));
    assert.ok(line?.includes("relation users at 10.1.2.3 is broken"));
    await app.close();
  });

  test("what is thrown need not be an error", async () => {
    for (const thrown of [undefined, null, "text", { statusCode: 418, message: "internal text" }]) {
      const { app } = await consoleFailingWith(thrown);
      const response = await app.inject(overview);
      assert.equal(response.statusCode, 500);
      assert.ok(!response.body.includes("text"));
      await app.close();
    }
  });

  test("an answer that breaks its own schema is an error of ours", async () => {
    const { services } = createFakeServices();
    const wrong = { ...services, overview: { get: async () => ({ secret: "canary" }) as never } };
    const { app } = await createTestConsole({ services: wrong });
    const response = await app.inject(overview);
    assert.equal(response.statusCode, 500);
    assert.ok(!response.body.includes("canary"));
    await app.close();
  });

  test("when to come back is said in seconds", async () => {
    const { app } = await consoleFailingWith(new AppError("store_unavailable", { retryAfterMs: 1500 }));
    const response = await app.inject(overview);
    assert.equal(response.statusCode, 503);
    assert.equal(response.headers["retry-after"], "2");
    await app.close();
  });
});

// Whatever goes wrong with a request, what it held stays out of answers and logs.
test("secrets that were sent come back in no error and in no log line", async () => {
  const canary = "CANARYwJalrXUtnFEMIK7MDENG";
  const { app, logLines } = await createTestConsole();
  const json = { "content-type": "application/json" };
  const credential = {
    name: "n",
    method: "keys",
    region: "us-east-1",
    accessKeyId: `AKIA${canary}`,
    secretAccessKey: `${canary} with blanks`,
    sessionToken: 5,
    proxy: { type: "url", url: `http://user:${canary}@proxy`, password: canary },
  };
  const text = JSON.stringify(credential);
  const requests = [
    { method: "POST", url: "/api/v1/credentials", payload: credential },
    { method: "POST", url: "/api/v1/credentials/test", payload: { credential } },
    { method: "POST", url: "/api/v1/credentials", headers: json, payload: text.slice(0, -1) },
    { method: "POST", url: "/api/v1/credentials", headers: json, payload: `${text}${canary}` },
    { method: "POST", url: "/api/v1/credentials", headers: { "content-type": "text/plain" }, payload: text },
    { method: "POST", url: "/api/v1/session", payload: { user: "admin", password: canary } },
    { method: "POST", url: "/api/v1/session", payload: { user: ["admin"], password: [canary] } },
    { method: "POST", url: "/api/v1/session/password", payload: { currentPassword: canary, newPassword: 5 } },
    { method: "POST", url: "/api/v2/cloudintegration", headers: json, payload: `{"a":${canary}}` },
    { method: "GET", url: `/api/v1/overview?token=${canary}` },
    { method: "GET", url: `/nothing?token=${canary}` },
    { method: "GET", url: `/api/v1/users?limit=${canary}` },
    { method: "GET", url: `/api/v2/cloudintegration/awsExternalId/${canary}` },
  ] as const;
  for (const request of requests) {
    for (const sent of [
      request,
      asToken("AdministratorAccess", request),
      asSession(request),
      {
        ...request,
        headers: { ...("headers" in request ? request.headers : {}), authorization: `Bearer ${canary}` },
      },
    ]) {
      const response = await app.inject(sent);
      const answer = JSON.stringify(response.headers) + response.body;
      assert.ok(!answer.includes(canary), `${request.method} ${request.url}: ${answer}`);
    }
  }
  const created = await app.inject({
    method: "POST",
    url: "/api/v1/session",
    payload: { user: "a", password },
  });
  assert.equal(created.statusCode, 200);
  assert.ok(logLines.length > requests.length);
  for (const line of logLines) {
    JSON.parse(line);
    for (const secret of [canary, tokenOf("AdministratorAccess"), csrfToken, password]) {
      assert.ok(!line.includes(secret), line);
    }
  }
  await app.close();
});

test("user text cannot break or forge a line of the log", async () => {
  const { app, logLines } = await createTestConsole();
  await app.inject({ method: "GET", url: "/x%0a%1b[31m%e2%80%a8{%22level%22:%22error%22}" });
  const raw = logLines.join("");
  assert.equal(raw.split("\n").filter(Boolean).length, logLines.length);
  assert.ok(!raw.includes("\u001b"));
  await app.close();
});
