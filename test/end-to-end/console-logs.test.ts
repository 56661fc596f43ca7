import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { skipWithoutChromium } from "../support/chromium.ts";
import { eventually } from "../support/connected.ts";
import { type OpenConsole, openConsole, signInAsAdmin } from "../support/console.ts";

const group = "/shop/checkout";
const stream = "web-1";

/** The way of somebody who sets up a sender: group, stream, key, first event, and what he sees of it. */
describe("logs in the console", { skip: skipWithoutChromium }, () => {
  let opened: OpenConsole;
  let page: Page;
  let key = "";

  before(async () => {
    opened = await openConsole();
    page = opened.page;
    await signInAsAdmin(opened);
  });
  after(() => opened?.stop());

  /** As a sender does it, with nothing but the key. */
  const send = (...events: object[]) =>
    fetch(
      `${opened.server.endpointUrl}/ingest/bulk?${new URLSearchParams({ logGroup: group, logStream: stream })}`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/x-ndjson" },
        body: events.map((event) => JSON.stringify(event)).join("\n"),
      },
    );
  const patternField = () => page.getByRole("textbox", { name: "Filter pattern" });
  const rows = () => page.getByRole("list", { name: "Events" }).getByRole("listitem");

  const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label')");

  test("without a group the explorer says how logs come in", async () => {
    await page.getByRole("link", { name: "Logs", exact: true }).click();
    await page.getByText("No log groups yet").waitFor();
    await page.getByRole("link", { name: "Create log group" }).click();
  });

  test("a group and its first stream are created, and its page tells how to send to it", async () => {
    const form = page.getByRole("dialog", { name: "Create log group" });
    await form.getByLabel("Name", { exact: true }).fill("no blanks");
    await form.getByRole("button", { name: "Create log group" }).click();
    await form.getByText("Letters, digits and . - _ / # only.").waitFor();
    await form.getByLabel("Name", { exact: true }).fill(group);
    await form.getByLabel("First stream").fill(stream);
    await form.getByRole("button", { name: "Create log group" }).click();
    await page.getByRole("heading", { name: group }).waitFor();
    const command = page.getByRole("region", { name: "How to send" }).locator("pre");
    await command.getByText("/ingest/bulk").waitFor();
    assert.ok(((await command.textContent()) ?? "").includes(opened.server.endpointUrl));
  });

  test("a key is generated for a user of its own, and shown once", async () => {
    await page.getByRole("link", { name: "API keys" }).first().click();
    await page.getByText("No API keys yet").waitFor();
    await page.getByRole("button", { name: "Generate API key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("User name").and(dialog.locator('[value="log-sender"]')).waitFor();
    await dialog.getByRole("button", { name: "Generate API key" }).click();
    await dialog.getByText("Save it now").waitFor();
    key = ((await dialog.locator("pre").textContent()) ?? "").trim();
    assert.match(key, /^ACWL[A-Za-z0-9+/=]{80,}$/);
    // What is shown once is not lost by a key press, and the next one copies it.
    await page.keyboard.press("Escape");
    assert.equal(await focused(), "Copy API key");
    await dialog.getByRole("button", { name: "I have saved it" }).click();
    await page.getByRole("cell", { name: "log-sender" }).waitFor();
    assert.ok(!(await page.content()).includes(key));
  });

  test("an event that is sent with the key is found by a pattern", async () => {
    const event = { level: "error", message: "payment failed <b>42</b>", order: { id: 42, paid: false } };
    const answer = await send(event, { level: "info", message: "payment done" });
    assert.equal(answer.status, 200, await answer.text());
    await page.getByRole("link", { name: "Explorer" }).click();
    await page.getByRole("button", { name: new RegExp(`^${group}`) }).click();
    await eventually("both events", 10_000, async () => {
      await page.getByRole("button", { name: "Refresh" }).click();
      await page.waitForTimeout(300);
      return (await rows().count()) === 2 || undefined;
    });
    await patternField().fill('{ $.level = "error" }');
    await patternField().press("Enter");
    await page.waitForURL(/pattern=/);
    await page.getByText("1 event", { exact: true }).waitFor();
    // What stands in a message is never markup.
    await page.getByText("payment failed <b>42</b>").first().waitFor();
    await page.getByRole("img", { name: /^Events over time: 1 in/ }).waitFor();
  });

  test("a pattern that cannot be read is shown where it is wrong", async () => {
    await patternField().fill("{ $.level == 1 }");
    await patternField().press("Enter");
    await page
      .getByRole("alert")
      .getByText(/^Character \d+:/)
      .waitFor();
    await patternField().fill('{ $.level = "error" }');
    await patternField().press("Enter");
    await page.getByText("1 event", { exact: true }).waitFor();
  });

  test("a value of a message becomes a part of the pattern", async () => {
    await rows().first().getByRole("button").first().press("Enter");
    await page.getByRole("button", { name: "Filter for this value: $.order.paid" }).click({ force: true });
    const pattern = '{ $.level = "error" && $.order.paid IS FALSE }';
    await page
      .getByLabel("Filter pattern")
      .and(page.locator(`[value='${pattern}']`))
      .waitFor();
    await page.getByText("1 event", { exact: true }).waitFor();
    await page.reload();
    assert.equal(await patternField().inputValue(), pattern);
    await page.getByText("1 event", { exact: true }).waitFor();
  });

  test("what matches nothing says so, and the way out is one click", async () => {
    await patternField().fill("NOWHERE");
    await patternField().press("Enter");
    await page.getByText("No event matches the pattern").waitFor();
    await page.getByText("2 events are in this range").waitFor();
    await page.getByRole("button", { name: "Clear the pattern" }).last().click();
    await page.getByText("2 events", { exact: true }).waitFor();
  });

  test("what is loaded can be taken away as ND-JSON", async () => {
    await page.getByRole("button", { name: "Download what is loaded" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "As ND-JSON" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "shop-checkout.ndjson");
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).stream),
      [stream, stream],
    );
  });

  test("live tail shows the next event on top", async () => {
    await page.getByRole("button", { name: "Live tail" }).click();
    const tail = page.getByRole("region", { name: "Live tail" });
    await tail.getByText("Live", { exact: true }).waitFor();
    assert.equal((await send({ message: "one more" })).status, 200);
    await rows().first().getByText("one more").waitFor({ timeout: 10_000 });
    await tail.getByRole("button", { name: "Pause" }).click();
    assert.equal((await send({ message: "while paused" })).status, 200);
    await tail.getByText("Paused", { exact: true }).waitFor();
    await tail.getByRole("button", { name: "Go on" }).click();
    await rows().first().getByText("while paused").waitFor({ timeout: 10_000 });
  });

  test("live tail goes on by itself after the server was out of reach, and nothing is missed", async () => {
    const tail = page.getByRole("region", { name: "Live tail" });
    await page.route("**/api/v1/logs/tail*", (route) => route.abort());
    await tail.getByText("Reconnecting", { exact: true }).waitFor();
    assert.equal((await send({ message: "meanwhile" })).status, 200);
    await page.unroute("**/api/v1/logs/tail*");
    await rows().first().getByText("meanwhile").waitFor({ timeout: 10_000 });
    await tail.getByText("Live", { exact: true }).waitFor();
  });

  test("an event that is opened in live tail stays until somebody goes on", async () => {
    const tail = page.getByRole("region", { name: "Live tail" });
    await rows().first().getByRole("button").first().click();
    await tail.getByText("Paused", { exact: true }).waitFor();
    assert.equal((await send({ message: "\u001b[31mred alert\u001b[0m" })).status, 200);
    await rows().first().getByText("meanwhile").first().waitFor();
    await tail.getByRole("button", { name: "Go on" }).click();
    await rows().first().getByText("red alert").waitFor({ timeout: 10_000 });
  });

  test("what a program coloured is coloured, and holds no codes", async () => {
    await rows().first().getByRole("button").first().click();
    const value = rows().first().locator("[data-colour=red]");
    assert.equal(await value.textContent(), "red alert");
  });

  test("an event is shown among those that its stream sent around it, and by a link as well", async () => {
    const current = page.locator("[aria-current=true]").filter({ hasText: "payment failed" });
    await page.getByRole("button", { name: "Stop live tail" }).click();
    const event = rows().filter({ hasText: "payment failed" });
    await event.getByRole("button").first().click();
    await event.getByRole("button", { name: "Show what came around it" }).click();
    await current.waitFor();
    await page.waitForURL(/event=/);
    assert.equal(await current.getByRole("button").first().getAttribute("aria-expanded"), "false");
    await rows().filter({ hasText: "payment done" }).waitFor();
    await page.reload();
    await current.waitFor();
    await page.getByRole("button", { name: "Zoom out" }).click();
    await current.waitFor({ state: "detached" });
  });

  test("a group that is not there is replaced by another", async () => {
    await page.goto(`/logs?${new URLSearchParams({ group: "/no/where" })}`);
    await page.getByText("The specified log group does not exist.").waitFor();
    await page.getByRole("button", { name: "Choose another group" }).click();
    await page.getByRole("button", { name: new RegExp(`^${group}`) }).click();
    await rows().first().waitFor();
  });

  test("rows are reached and opened by keyboard", async () => {
    const button = (row: number) => rows().nth(row).getByRole("button").first();
    await button(0).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await button(0).getAttribute("aria-expanded"), "false");
    assert.equal(await button(1).getAttribute("aria-expanded"), "true");
  });

  test("what was rejected is told with its reason", async () => {
    assert.equal((await send({ timestamp: 1_700_000_000, message: "seconds" })).status, 200);
    await page.getByRole("link", { name: "Log groups" }).click();
    await page.getByRole("link", { name: group, exact: true }).first().click();
    await page.getByRole("tab", { name: "Rejections" }).click();
    await page
      .getByRole("region", { name: "Rejections" })
      .getByText("seconds")
      .first()
      .waitFor({ timeout: 20_000 });
  });

  test("a deactivated key is shown as such and refused within a second", async () => {
    await page.getByRole("link", { name: "API keys" }).first().click();
    await page
      .getByRole("button", { name: /^Actions for key/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name: "Deactivate" }).click();
    await page.getByText("Inactive", { exact: true }).first().waitFor();
    const since = Date.now();
    await eventually(
      "a refusal",
      5_000,
      async () => (await send({ message: "late" })).status === 401 || undefined,
    );
    assert.ok(Date.now() - since < 2_000);
  });

  test("who leaves a question about a key stands where they were", async () => {
    const menu = page.getByRole("button", { name: /^Actions for key/ }).first();
    const name = await menu.getAttribute("aria-label");
    await menu.click();
    await page.getByRole("menuitem", { name: "Reset…" }).click();
    await page.getByRole("dialog", { name: "Reset API key" }).waitFor();
    await page.keyboard.press("Escape");
    await eventually("the focus on the menu", 5_000, async () => (await focused()) === name || undefined);
  });

  test("a user who has two keys is told what to do about a third", async () => {
    await opened.server.api("POST", "/api/v1/keys", { userName: "log-sender", ageDays: 1 });
    await page.getByRole("button", { name: "Generate API key" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("User name").fill("log-sender");
    await dialog.getByText("There is such a user already").waitFor();
    await dialog.getByRole("button", { name: "Generate API key" }).click();
    await dialog.getByText("This user has two keys already.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  test("a link leads to the keys of one user", async () => {
    await opened.server.api("POST", "/api/v1/keys", { userName: "other-sender", ageDays: 1 });
    await page.goto("/logs/keys?user=other-sender");
    await page.getByRole("cell", { name: "other-sender" }).waitFor();
    assert.equal(await page.getByRole("cell", { name: "log-sender", exact: true }).count(), 0);
  });

  for (const width of [1440, 1000, 768, 390]) {
    test(`every page about logs fits ${width} pixels`, async () => {
      const narrow = await opened.newPage();
      await narrow.setViewportSize({ width, height: 900 });
      const named = new URLSearchParams({ name: group });
      for (const path of [
        `/logs?${new URLSearchParams({ group })}`,
        `/logs?${new URLSearchParams({ group, live: "true" })}`,
        `/logs/group?${named}`,
        ...["send", "rejections", "settings"].map((tab) => `/logs/group?${named}&tab=${tab}`),
        "/logs/groups",
        "/logs/keys",
      ]) {
        await narrow.goto(path);
        await narrow.getByRole("heading").first().waitFor();
        await narrow
          .getByLabel(/^(Loading|Searching)$/)
          .first()
          .waitFor({ state: "detached" });
        const overflow = await narrow.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        assert.ok(Number(overflow) <= 0, `${path} is ${overflow} pixels too wide`);
      }
      // Nothing of the header is pushed out by what stands before it.
      const account = await narrow.getByRole("button", { name: /^Account of/ }).boundingBox();
      assert.ok(account !== null && account.x + account.width <= width, "the account menu is out of sight");
      await narrow.close();
    });
  }

  test("a group is deleted only by whoever types its name", async () => {
    await page.getByRole("link", { name: "Log groups" }).click();
    await page.getByRole("link", { name: group, exact: true }).first().click();
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Delete log group" }).click();
    const dialog = page.getByRole("dialog");
    const confirm = dialog.getByRole("button", { name: "Delete log group" });
    assert.equal(await confirm.isDisabled(), true);
    await dialog.getByLabel(/^Type the name/).fill(group);
    await confirm.click();
    await page.getByText("No log groups yet").waitFor();
  });

  test("no page has complained, but of what was wrong on purpose", () => {
    const expected =
      /status of 400 .*%3D%3D\+1|ERR_FAILED .*\/logs\/tail|status of 404 .*%2Fno%2Fwhere|status of 409 .*\/keys$/;
    const complaints = opened.complaints.filter((line) => !expected.test(line));
    assert.deepEqual(complaints, [], complaints.join("\n"));
  });
});
