import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium, skipWithoutChromium } from "../support/chromium.ts";
import { type Connected, connect, nextRun, startConnected } from "../support/connected.ts";

/** The console in a real browser: first the way of a new user, then every page at the widths people have. */
describe("the console in Chromium", { skip: skipWithoutChromium }, () => {
  let connected: Connected;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    connected = await startConnected();
    browser = await launchChromium();
    context = await browser.newContext({
      baseURL: connected.server.consoleUrl,
      viewport: { width: 1440, height: 900 },
    });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    listenForComplaints(page, complaints);
  });
  after(async () => {
    await browser?.close();
    await connected?.stop();
  });

  test("a wrong password is refused in place, the right one leads to the first steps", async () => {
    await page.goto("/");
    await signIn(page, connected.server.firstRun.adminUser, "not the password");
    await page.getByText(/name or the password is wrong/i).waitFor();
    await signIn(page, connected.server.firstRun.adminUser, connected.server.firstRun.adminPassword);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page
      .getByRole("link", { name: /credential/i })
      .first()
      .waitFor();
  });

  test("a credential is tried out before it is saved, and appears as a tile", async () => {
    const { seeded } = connected.aws.simulator;
    await page.goto("/credentials");
    await page.getByRole("button", { name: "Add credential" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Name" }).first().fill("Typed by hand");
    await form.getByRole("radio", { name: /^Access key/ }).click();
    await form.getByRole("textbox", { name: "Access key ID" }).fill(seeded.accessKeyId);
    await form.getByRole("textbox", { name: "Secret access key" }).fill(seeded.secretAccessKey);
    await form.getByRole("button", { name: "Endpoints and signing" }).click();
    for (const [index, service] of [/every|default/i, /sts/i].entries()) {
      await form.getByRole("button", { name: "Add endpoint" }).click();
      await form.getByRole("combobox", { name: `Service of endpoint ${index + 1}` }).click();
      await page.getByRole("option", { name: service }).first().click();
      await form.getByRole("textbox", { name: `URL of endpoint ${index + 1}` }).fill(connected.aws.url);
    }
    await form.getByRole("button", { name: "Test connection" }).click();
    await form.getByText(seeded.userArn).first().waitFor();
    await form.getByRole("button", { name: "Add credential" }).click();
    await page.getByRole("article", { name: "Typed by hand" }).waitFor();
  });

  test("with a connected account the explorer draws a chart and keeps its state in the address", async () => {
    const { integrationId } = await connect(connected.server, connected.aws);
    await nextRun(connected.server, integrationId);
    await page.goto("/integrations");
    await page.getByRole("link", { name: "Production metrics" }).click();
    await page.getByText("Succeeded").first().waitFor();
    await page.getByRole("link", { name: "Metrics", exact: true }).click();
    await page.getByRole("combobox", { name: "Namespace" }).click();
    await page.getByRole("option", { name: "AWS/RDS" }).click();
    await page.getByRole("combobox", { name: "Metric", exact: true }).click();
    await page.getByRole("option", { name: /CPUUtilization/ }).click();
    await page.locator("canvas").first().waitFor();
    await page.waitForURL(/RDS.*CPUUtilization/);
    await page.reload();
    await page.locator("canvas").first().waitFor();
    assert.match(page.url(), /CPUUtilization/);
  });

  test("an integration is added by hand, runs, is disabled and enabled", async () => {
    await page.goto("/integrations");
    await page.getByRole("button", { name: "Add integration" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Name" }).fill("Added by hand");
    await form.getByRole("combobox", { name: "Credential" }).click();
    await page.getByRole("option", { name: /Production for metrics/ }).click();
    await form.getByRole("button", { name: /^(Add integration|Save)/ }).click();
    // The console leads to the new integration by itself.
    await page.waitForURL(/\/integrations\/[0-9a-f-]{36}/);
    await page.getByRole("heading", { name: "Added by hand" }).waitFor();
    await page.getByText("Succeeded").first().waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    await page.getByText("Disabled").first().waitFor();
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("Disabled").first().waitFor({ state: "detached" });
  });

  test("an integration goes to the trash and comes back", async () => {
    await page.goto("/integrations");
    await page.getByRole("link", { name: "Production metrics" }).click();
    await page.getByRole("button", { name: "More" }).click();
    await page
      .getByRole("menuitem", { name: /trash|delete/i })
      .first()
      .click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /trash|delete/i })
      .first()
      .click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.goto("/integrations");
    await page.getByRole("tab", { name: "Trash" }).click();
    await page.getByRole("button", { name: /restore/i }).click();
    await page.getByRole("tab", { name: "Active" }).click();
    await page.getByRole("link", { name: "Production metrics" }).waitFor();
  });

  test("the API documentation is behind the gear menu, reached by keyboard", async () => {
    await page.goto("/");
    await page
      .getByRole("button", { name: /settings|menu/i })
      .first()
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "API Documentation" }).waitFor();
    await page.keyboard.press("Escape");
    await page.goto("/api-docs");
    await page.getByText("Cloud Integration").first().waitFor();
  });

  for (const width of [1920, 1440, 390]) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`every page fits ${width} pixels, ${colorScheme}, without an error`, async () => {
        const paths = ["/", "/credentials", "/integrations", "/explore", "/tokens", "/users", "/settings"];
        const narrow = await context.newPage();
        listenForComplaints(narrow, complaints);
        await narrow.setViewportSize({ width, height: 900 });
        await narrow.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        for (const path of paths) {
          await narrow.goto(path);
          await narrow.getByRole("heading").first().waitFor();
          const overflow = await narrow.evaluate("document.documentElement.scrollWidth - window.innerWidth");
          assert.ok(Number(overflow) <= 0, `${path} is ${overflow} pixels too wide`);
        }
        await narrow.close();
      });
    }
  }

  test("signing out ends the session, and no page has complained", async () => {
    await page.goto("/");
    await page.getByRole("button", { name: /admin/i }).click();
    await page.getByRole("menuitem", { name: /sign out/i }).click();
    await page.getByLabel("User name").waitFor();
    assert.equal((await page.request.get("/api/v1/overview")).status(), 401);
    assert.deepEqual(complaints, [], complaints.join("\n"));
  });
});

/** Errors of scripts, of the content security policy, and of requests that should not fail. */
function listenForComplaints(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // The browser reports every 401, and the sign-in test asks for two.
    if (/status of 401/.test(message.text())) return;
    complaints.push(`${page.url()}: ${message.text()}`);
  });
}

async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel("User name").fill(user);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.locator("form button[type=submit]").click();
}
