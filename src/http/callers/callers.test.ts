import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { InjectOptions } from "fastify";
import { asSession, asToken, createTestConsole, type TestConsole } from "../testing/console.ts";
import { cookieValue, csrfToken, password, tokenOf } from "../testing/fake-services.ts";

const admin = tokenOf("AdministratorAccess");
const whoAmI = { method: "GET", url: "/api/v1/session" } as const;
const change = { method: "POST", url: "/api/v1/vault/rotate" } as const;

describe("callers", () => {
  let console: TestConsole;
  const send = (request: InjectOptions) => console.app.inject(request);
  before(async () => {
    console = await createTestConsole();
  });
  after(() => console.app.close());

  test("prove themselves by each of the headers, with the scheme or without where clients do so", async () => {
    for (const headers of [
      { authorization: `Bearer ${admin}` },
      { authorization: `bearer   ${admin}` },
      { "x-auth-token": admin },
      { "x-auth-token": `Bearer ${admin}` },
      { "x-wavefront-token": admin },
    ]) {
      const response = await send({ ...whoAmI, headers });
      assert.equal(response.statusCode, 200, JSON.stringify(headers));
      assert.equal(response.json().user, "AdministratorAccess");
      assert.equal(response.json().csrfToken, undefined);
    }
  });

  test("with a bad proof are refused, not asked for another", async () => {
    for (const headers of [
      { authorization: "Bearer nepho_wrong" },
      { authorization: "Bearer nepho_wrong", "x-auth-token": admin },
      { authorization: `Basic ${admin}` },
      { authorization: admin },
      { "x-auth-token": "" },
      { "x-auth-token": "x".repeat(8000) },
    ]) {
      const response = await send({ ...whoAmI, headers });
      assert.equal(response.statusCode, 401, JSON.stringify(headers));
    }
  });

  test("a token is never read from a cookie or the query", async () => {
    for (const request of [
      { ...whoAmI, cookies: { nepho_session: admin, authorization: admin } },
      { ...whoAmI, url: `/api/v1/session?token=${admin}&access_token=${admin}` },
    ]) {
      assert.equal((await send(request)).statusCode, 401);
    }
  });

  test("the cookie of a session that is over does not stop a token", async () => {
    const request = { ...whoAmI, cookies: { nepho_session: "over" } };
    assert.equal((await send(request)).statusCode, 401);
    assert.equal((await send(asToken("ReadOnlyAccess", request))).statusCode, 200);
  });

  describe("a change under a session", () => {
    const status = async (request: InjectOptions) => {
      console.calls.length = 0;
      const response = await send(request);
      if (response.statusCode !== 200) assert.deepEqual(console.calls, []);
      return response.statusCode;
    };

    test("works from our own pages", async () => {
      assert.equal(await status(asSession(change)), 200);
      const headers = { origin: "http://localhost:80", host: "localhost:80" };
      assert.equal(await status(asSession({ ...change, headers })), 200);
    });

    test("is refused without the CSRF token, or with another", async () => {
      const cookies = { nepho_session: cookieValue };
      assert.equal(await status({ ...change, cookies }), 403);
      for (const value of ["", "x", `${csrfToken}x`, csrfToken.toUpperCase()]) {
        assert.equal(await status({ ...change, cookies, headers: { "x-csrf-token": value } }), 403, value);
      }
    });

    test("is refused from another origin, even with the token", async () => {
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://evil.example" },
        { origin: "null" },
        { origin: "http://localhost:80.evil.example" },
      ]) {
        const request = asSession({ ...change, headers });
        assert.equal(await status(request), 403, JSON.stringify(headers));
      }
    });

    test("is not needed for reading, nor for a token", async () => {
      assert.equal(await status({ ...whoAmI, cookies: { nepho_session: cookieValue } }), 200);
      assert.equal(await status(asToken("AdministratorAccess", change)), 200);
    });
  });

  describe("signing in", () => {
    const signIn = (change: InjectOptions = {}) =>
      send({ method: "POST", url: "/api/v1/session", payload: { user: "admin", password }, ...change });

    test("sets a cookie that scripts and other sites cannot use", async () => {
      const response = await signIn();
      assert.equal(response.statusCode, 200);
      assert.equal(
        response.headers["set-cookie"],
        `nepho_session=${cookieValue}; Path=/; HttpOnly; SameSite=Strict`,
      );
      assert.equal(response.json().csrfToken, csrfToken);
    });

    test("gives nothing away when it fails, and sets nothing", async () => {
      const response = await signIn({ payload: { user: "admin", password: "wrong" } });
      assert.equal(response.statusCode, 401);
      assert.equal(response.json().error.code, "login_failed");
      assert.equal(response.headers["set-cookie"], undefined);
    });

    test("is refused when another site does it in the visitor's name", async () => {
      for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
        assert.equal((await signIn({ headers })).statusCode, 403);
      }
      const form = { "content-type": "text/plain" };
      const payload = JSON.stringify({ user: "admin", password });
      assert.equal((await signIn({ headers: form, payload })).statusCode, 415);
    });

    test("signing out clears the cookie", async () => {
      const response = await send(asSession({ method: "DELETE", url: "/api/v1/session" }));
      assert.match(String(response.headers["set-cookie"]), /^nepho_session=;.*Expires=Thu, 01 Jan 1970/);
    });
  });

  test("behind https the cookie is bound to the host, and the browser told to stay on https", async () => {
    const secure = await createTestConsole({ publicUrl: "https://console.example.com" });
    const response = await secure.app.inject({
      method: "POST",
      url: "/api/v1/session",
      payload: { user: "admin", password },
      headers: { origin: "https://console.example.com" },
    });
    assert.equal(
      response.headers["set-cookie"],
      `__Host-nepho_session=${cookieValue}; Path=/; HttpOnly; Secure; SameSite=Strict`,
    );
    assert.equal(response.headers["strict-transport-security"], "max-age=31536000");
    await secure.app.close();
  });
});
