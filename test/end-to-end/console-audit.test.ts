import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { skipWithoutChromium } from "../support/chromium.ts";
import { eventually } from "../support/connected.ts";
import { type OpenConsole, openConsole, signIn, signInAsAdmin } from "../support/console.ts";

const open = "/shop/checkout";
const closed = "/shop/billing";
const stream = "web-1";

/** The way of a security engineer: from a key to what it was used for, what was refused and why, and who else was there. */
describe("audit in the console", { skip: skipWithoutChromium }, () => {
  let opened: OpenConsole;
  let page: Page;
  let key: { id: string; secret: string };

  before(async () => {
    opened = await openConsole();
    page = opened.page;
    const { server } = opened;
    for (const name of [open, closed]) {
      await server.api("POST", "/api/v1/logs/groups", {
        name,
        bearerTokenAuthenticationEnabled: name === open,
      });
      await server.api("POST", "/api/v1/logs/streams", { group: name, name: stream });
    }
    const newKey = { userName: "log-sender", createUser: true, ageDays: 1 };
    key = await server.api("POST", "/api/v1/keys", newKey);
    const other = await server.api("POST", "/api/v1/keys", { ...newKey, userName: "other-sender" });
    assert.equal((await send(key.secret, open)).status, 200);
    assert.equal((await send(key.secret, closed)).status, 403);
    assert.equal((await send(other.secret, open)).status, 200);
    await signInAsAdmin(opened);
  });
  after(() => opened?.stop());

  const send = (secret: string, group: string, event: object = { message: "hello" }) =>
    fetch(
      `${opened.server.endpointUrl}/ingest/bulk?${new URLSearchParams({ logGroup: group, logStream: stream })}`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${secret}`,
          "content-type": "application/x-ndjson",
          "user-agent": "shop/1.0",
        },
        body: JSON.stringify(event),
      },
    );
  // Not the members of a record that is open, which are lists as well.
  const rows = () => page.getByRole("list", { name: "Records" }).locator("> li");
  const rowsAre = (count: number) =>
    eventually(`${count} records`, 10_000, async () => (await rows().count()) === count || undefined);
  const field = (name: string) => page.getByRole("combobox", { name });

  test("what does not fit in an address is left out of the question", async () => {
    await page.goto("/audit?userName=admin&category=Nope&failed=7&from=9999-01-01T00:00:00Z&to=1");
    await page.waitForURL("**/audit?userName=admin");
    await rows().first().waitFor();
  });

  test("a key leads to what it was used for, and to nothing else", async () => {
    await page.goto("/logs/keys?user=log-sender");
    await page.getByRole("button", { name: `Actions for key ${key.id}` }).click();
    await page.getByRole("menuitem", { name: "What it was used for" }).click();
    await page.waitForURL(/\/audit\?/);
    // Uses are written within a second or so.
    await eventually("both uses", 10_000, async () => {
      await page.getByRole("button", { name: "Refresh" }).click();
      await page.waitForTimeout(300);
      return (await rows().count()) === 2 || undefined;
    });
    assert.equal(await field("Key or token").inputValue(), key.id);
    for (const row of await rows().all()) {
      const text = (await row.textContent()) ?? "";
      assert.ok(text.includes("CallWithBearerToken") && text.includes("log-sender"), text);
    }
    await page.getByText("2 records", { exact: true }).waitFor();
  });

  test("a refused use is found with its reason, and its details show the record", async () => {
    await page.getByRole("checkbox", { name: "Only failed" }).check();
    await page.waitForURL(/failed=true/);
    await rowsAre(1);
    const row = rows().first();
    await row.getByText("AccessDenied").first().waitFor();
    await row.getByText(closed, { exact: true }).waitFor();
    await row.getByRole("button").first().press("Enter");
    const why = row.getByRole("region", { name: "Why it failed" });
    assert.ok(((await why.textContent()) ?? "").length > "Why it failed".length);
    await row.getByText("shop/1.0", { exact: true }).waitFor();
    await row.getByText(`log-group:${closed}`).first().waitFor();
    await row.getByRole("region", { name: "Request parameters" }).getByText(stream).waitFor();
    await row.getByRole("button", { name: "Show the whole record" }).click();
    const whole = row.getByRole("region", { name: "Whole record" });
    await whole.getByText("eventCategory").waitFor();
    assert.match((await whole.textContent()) ?? "", new RegExp(`credentialId${key.id}`));
    assert.ok(!(await page.content()).includes(key.secret));
  });

  test("a link shows somebody else the same records", async () => {
    await page.reload();
    await rowsAre(1);
    assert.equal(await page.getByRole("checkbox", { name: "Only failed" }).isChecked(), true);
  });

  test("what is loaded can be taken away as CloudTrail's records", async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download what is loaded as ND-JSON" }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    const [record] = lines.map((line) => JSON.parse(line));
    assert.equal(lines.length, 1);
    assert.equal(record.eventName, "CallWithBearerToken");
    assert.equal(record.userIdentity.credentialId, key.id);
  });

  test("a value of a record becomes a filter", async () => {
    await page.getByRole("button", { name: "Clear filters" }).click();
    const refused = rows().filter({ hasText: "AccessDenied" });
    await refused.getByRole("button").first().click();
    const filter = refused.getByRole("button", { name: "Filter by this error" });
    await filter.press("Enter");
    await page.waitForURL(/errorCode=AccessDenied/);
    await rowsAre(1);
    // Who works by keyboard stands where they were, and takes the filter back there.
    assert.equal(await filter.and(page.locator(":focus")).count(), 1);
    assert.equal(await filter.getAttribute("aria-pressed"), "true");
    await filter.press("Enter");
    await page.waitForURL((url) => !url.search.includes("errorCode"));
    await filter.press("Enter");
    await page.getByRole("button", { name: "Remove filter Error" }).click();
    await page.waitForURL((url) => !url.search.includes("errorCode"));
  });

  test("a name that is typed is asked for with Enter, and one that nobody has leads back", async () => {
    await field("Event").fill("CreateLogGroup");
    await field("Event").press("Enter");
    await page.waitForURL(/eventName=CreateLogGroup/);
    await rowsAre(2);
    await field("User").fill("nobody");
    await field("User").press("Enter");
    await page.getByText("No record matches in this range").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).last().click();
    await rows().first().waitFor();
    assert.equal(await field("User").inputValue(), "");
  });

  test("values that were seen are suggested, after a question that found nothing as well", async () => {
    await field("User").fill("nobody");
    await field("User").press("Enter");
    await page.getByText("No record matches in this range").waitFor();
    await field("User").fill("log-s");
    await page.getByRole("option", { name: "log-sender" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/userName=log-sender/);
    await rowsAre(2);
    await page.getByRole("button", { name: "Clear filters" }).click();
  });

  test("uses of keys and changes are told apart", async () => {
    await page.getByText("Uses of API keys", { exact: true }).click();
    await page.waitForURL(/category=Data/);
    await rowsAre(3);
    await page.getByText("Changes and calls", { exact: true }).click();
    await page.waitForURL(/category=Management/);
    await rows().filter({ hasText: "CallWithBearerToken" }).first().waitFor({ state: "detached" });
    await rows().filter({ hasText: "CreateLogStream" }).first().waitFor();
  });

  test("more is loaded on demand, each record once", async () => {
    // As if there were many: the page asks for as many as fit, which this makes few.
    await page.route("**/api/v1/events?*", (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/limit=\d+/, "limit=2"),
      }),
    );
    await page.goto("/audit?category=Data");
    await rowsAre(2);
    await page.getByRole("button", { name: "Load more" }).click();
    await rowsAre(3);
    await page.getByText("Nothing more in this range.").waitFor();
    await page.unroute("**/api/v1/events?*");
  });

  test("a user leads to what they did", async () => {
    await page.goto("/users");
    await page.getByRole("link", { name: "What other-sender did" }).click();
    await rowsAre(1);
    assert.equal(await field("User").inputValue(), "other-sender");
  });

  test("rows are reached and opened by keyboard", async () => {
    await page.goto("/audit?category=Data");
    await rowsAre(3);
    const button = (row: number) => rows().nth(row).getByRole("button").first();
    await button(0).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await button(0).getAttribute("aria-expanded"), "false");
    assert.equal(await button(1).getAttribute("aria-expanded"), "true");
  });

  for (const width of [1440, 1000, 768, 390]) {
    test(`the page fits ${width} pixels, with a record open`, async () => {
      const narrow = await opened.newPage();
      await narrow.setViewportSize({ width, height: 900 });
      await narrow.goto(`/audit?${new URLSearchParams({ key: key.id, failed: "true" })}`);
      const row = narrow.getByRole("list", { name: "Records" }).getByRole("listitem").first();
      await row.getByRole("button").first().click();
      await row.getByRole("button", { name: "Show the whole record" }).click();
      const overflow = await narrow.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      assert.ok(Number(overflow) <= 0, `${overflow} pixels too wide`);
      const account = await narrow.getByRole("button", { name: /^Account of/ }).boundingBox();
      assert.ok(account !== null && account.x + account.width <= width, "the account menu is out of sight");
      await narrow.close();
    });
  }

  test("on a phone no list scrolls sideways inside its card", async () => {
    const { server } = opened;
    await server.api("POST", "/api/v1/tokens", { name: "terraform", lifetimeDays: 1 });
    assert.equal(
      (await send(key.secret, open, { timestamp: 1_700_000_000, message: "seconds" })).status,
      200,
    );
    const phone = await opened.newPage();
    await phone.setViewportSize({ width: 390, height: 900 });
    for (const [path, shown] of [
      ["/users", "log-sender"],
      ["/tokens", "terraform"],
      [`/logs/group?${new URLSearchParams({ name: open })}`, stream],
      [`/logs/group?${new URLSearchParams({ name: open, tab: "rejections" })}`, key.id],
    ] as const) {
      await phone.goto(path);
      await phone.getByText(shown).locator("visible=true").first().waitFor({ timeout: 20_000 });
      const sideways = await phone.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== 'visible' && getComputedStyle(e).overflowX !== 'hidden' && e.clientWidth > 0).length",
      );
      assert.equal(sideways, 0, path);
    }
    await phone.close();
  });

  test("who may not look is told what lacks", async () => {
    const password = "a password of its own";
    await opened.server.api("POST", "/api/v1/users", {
      name: "guest",
      password,
      policies: ["CloudWatchLogsAPIKeyAccess"],
    });
    const browser = opened.context.browser();
    const context = await browser?.newContext({ baseURL: opened.server.consoleUrl });
    const guest = await context?.newPage();
    assert.ok(context && guest);
    await guest.goto("/audit");
    await signIn(guest, "guest", password);
    await guest.getByRole("alert").getByText("cloudtrail:LookupEvents").waitFor();
    await context.close();
  });

  test("no page has complained", () => {
    assert.deepEqual(opened.complaints, [], opened.complaints.join("\n"));
  });
});
