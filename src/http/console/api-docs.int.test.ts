import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { Registry } from "prom-client";
import { launchChromium, skipWithoutChromium } from "../../../test/support/chromium.ts";
import { createLog, systemClock, systemRandom } from "../../base/index.ts";
import { createConsoleListener, type Listener } from "../index.ts";
import { createFakeServices, password, type Recorded } from "../testing/fake-services.ts";

describe("the API documentation in a browser", { skip: skipWithoutChromium }, () => {
  let recorded: Recorded;
  let listener: Listener;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let base: string;
  const complaints: string[] = [];
  const logLines: string[] = [];

  before(async () => {
    recorded = createFakeServices();
    listener = await createConsoleListener({
      listen: { host: "127.0.0.1", port: 0 },
      log: createLog({ level: "info", write: (line) => logLines.push(line) }),
      clock: systemClock,
      random: systemRandom,
      registry: new Registry(),
      services: recorded.services,
      stores: {},
      version: "0.0.0",
      uiDirectory: "/nonexistent",
    });
    base = await listener.listen();
    browser = await launchChromium();
    context = await browser.newContext();
    page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
    });
  });
  after(async () => {
    await browser?.close();
    await listener?.close();
  });

  test("a signed-in user can execute a change, under the strict policy and with the CSRF token", async () => {
    await page.goto(base);
    await page.evaluate(
      async (secret) =>
        void (await fetch("/api/v1/session", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ user: "admin", password: secret }),
        })),
      password,
    );
    await page.goto(`${base}/api-docs`);
    await page.locator(".opblock-tag", { hasText: "Credentials" }).click();
    const operation = page.locator('.opblock[id$="post_v1_credentials"]');
    await operation.locator(".opblock-summary").click();
    await operation.locator("button.execute").click();
    const answer = operation.locator(".live-responses-table .response-col_description");
    await answer.locator("text=production").first().waitFor();
    assert.equal(recorded.calls.filter(({ name }) => name === "credentials.create").length, 1);
    assert.deepEqual(complaints, []);
  });

  test("a visitor is told to sign in", async () => {
    const stranger = await browser.newPage();
    await stranger.goto(`${base}/api-docs`);
    await stranger.locator("#caller", { hasText: "Not signed in" }).waitFor();
    await stranger.close();
  });

  // `localhost` is another site than 127.0.0.1, and local enough that the browser lets the requests out.
  test("no page of another origin can make it change anything", async (t) => {
    recorded.calls.length = 0;
    logLines.length = 0;
    const target = `${base}/api/v1/vault/rotate`;
    const evil = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(
        `<img src="${target}"><form method="post" enctype="text/plain" action="${target}"><input name="a" value="b"></form>`,
      );
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
    t.after(() => evil.close());
    const attacker = await context.newPage();
    await attacker.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
    await attacker.evaluate(async (url) => {
      // The answer is kept from the page, but the request goes out.
      await fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).catch(
        () => {},
      );
    }, target);
    await attacker.locator("form").evaluate((form: { submit(): void }) => form.submit());
    await attacker.waitForURL(target);
    // A request is logged after its answer has gone out.
    await t.waitFor(() => {
      const arrived = logLines.map((line) => JSON.parse(line)).filter(({ method }) => method === "POST");
      assert.deepEqual(
        arrived.map(({ status }) => status),
        [401, 401],
      );
    });
    assert.deepEqual(recorded.calls, []);
    await attacker.close();
  });
});
