import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skipWithoutChromium } from "../support/chromium.ts";
import { connect, nextRun } from "../support/connected.ts";
import { type OpenConsole, openConsole, signIn } from "../support/console.ts";

/** The console in a real browser: first the way of a new user, then every page at the widths people have. */
describe("the console in Chromium", { skip: skipWithoutChromium }, () => {
  let opened: OpenConsole;
  let integrationId: string;

  before(async () => {
    opened = await openConsole();
  });
  after(() => opened?.stop());

  test("a wrong password is refused in place, the right one leads to the first steps", async () => {
    const { page, server } = opened;
    await page.goto("/");
    await signIn(page, server.firstRun.adminUser, "not the password");
    await page.getByText(/name or the password is wrong/i).waitFor();
    await signIn(page, server.firstRun.adminUser, server.firstRun.adminPassword);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    await page
      .getByRole("link", { name: /credential/i })
      .first()
      .waitFor();
  });

  test("a credential is tried out before it is saved, and appears as a tile", async () => {
    const { page, aws } = opened;
    const { seeded } = aws.simulator;
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
      await form.getByRole("textbox", { name: `URL of endpoint ${index + 1}` }).fill(aws.url);
    }
    await form.getByRole("button", { name: "Test connection" }).click();
    await form.getByText(seeded.userArn).first().waitFor();
    await form.getByRole("button", { name: "Add credential" }).click();
    await page.getByRole("article", { name: "Typed by hand" }).waitFor();
  });

  test("an account that is connected shows on the overview, its runs on the integration's page", async () => {
    const { page, server, aws } = opened;
    ({ integrationId } = await connect(server, aws));
    await nextRun(server, integrationId);
    await page.goto("/integrations");
    await page.getByRole("link", { name: "Production metrics" }).click();
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByRole("region", { name: "Runs" }).getByText("Succeeded").first().waitFor();
    await page.goto("/");
    await page.getByRole("region", { name: "Freshness" }).getByText("Production metrics").waitFor();
  });

  test("a user is added without a password, and given one later", async () => {
    const { page } = opened;
    await page.goto("/users");
    await page.getByRole("button", { name: "Add user" }).click();
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "User name" }).fill("log-sender");
    await form.getByRole("checkbox", { name: "ReadOnlyAccess" }).uncheck();
    await form.getByRole("checkbox", { name: "CloudWatchLogsAPIKeyAccess" }).check();
    await form.getByRole("button", { name: "Add user" }).click();
    const row = page.getByRole("row", { name: /log-sender/ });
    await row.getByText("CloudWatchLogsAPIKeyAccess").waitFor();
    await row.getByText("No password").waitFor();
    await row.getByRole("button", { name: "Change log-sender" }).click();
    await form.getByRole("textbox", { name: "New password" }).fill("a password of its own");
    await form.getByRole("button", { name: "Save" }).click();
    await row.getByText("No password").waitFor({ state: "detached" });
  });

  test("the API documentation is behind the gear menu, reached by keyboard", async () => {
    const { page } = opened;
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
        const page = await opened.newPage();
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        for (const path of listPaths(integrationId)) {
          await page.goto(path);
          await page.getByRole("heading").first().waitFor();
          // What comes later than the heading may be wider than it.
          await page.getByLabel("Loading").first().waitFor({ state: "detached" });
          const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
          assert.ok(Number(overflow) <= 0, `${path} is ${overflow} pixels too wide`);
        }
        await page.close();
      });
    }
  }

  test("signing out ends the session, and no page has complained", async () => {
    const { page, complaints } = opened;
    await page.goto("/");
    await page.getByRole("button", { name: /admin/i }).click();
    await page.getByRole("menuitem", { name: /sign out/i }).click();
    await page.getByLabel("User name").waitFor();
    assert.equal((await page.request.get("/api/v1/overview")).status(), 401);
    assert.deepEqual(complaints, [], complaints.join("\n"));
  });
});

function listPaths(integrationId: string): string[] {
  const integration = `/integrations/${integrationId}`;
  const chart = new URLSearchParams({
    ns: "AWS/RDS",
    metric: "CPUUtilization",
    stat: "Average",
    compare: "week",
  });
  return [
    "/",
    "/credentials",
    "/integrations",
    "/integrations/add",
    "/integrations/add?step=credential",
    integration,
    `${integration}?tab=runs`,
    `${integration}?tab=quality`,
    `${integration}?tab=cost`,
    `${integration}?tab=outputs`,
    "/explore",
    `/explore?${chart}`,
    "/data-quality",
    "/spending",
    "/logs",
    "/logs/groups",
    "/logs/groups?create=true",
    "/logs/keys",
    "/tokens",
    "/audit",
    "/users",
    "/settings",
  ];
}
