import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { skipWithoutChromium } from "../support/chromium.ts";
import { connect, nextRun } from "../support/connected.ts";
import { type OpenConsole, openConsole, signInAsAdmin } from "../support/console.ts";

/** The explorer: its whole state is in the address, and what it shows can be taken away. */
describe("metrics in the console", { skip: skipWithoutChromium }, () => {
  let opened: OpenConsole;
  let page: Page;

  before(async () => {
    opened = await openConsole();
    page = opened.page;
    const { integrationId } = await connect(opened.server, opened.aws);
    await nextRun(opened.server, integrationId);
    await signInAsAdmin(opened);
  });
  after(() => opened?.stop());

  test("a chosen metric is drawn and stands in the address", async () => {
    await page.getByRole("link", { name: "Metrics", exact: true }).click();
    await choose(page, "Namespace", "AWS/RDS");
    await choose(page, "Metric", /^CPUUtilization/);
    await page.locator("canvas").first().waitFor();
    await page.waitForURL(/RDS.*CPUUtilization/);
    await page.reload();
    await page.locator("canvas").first().waitFor();
    assert.match(page.url(), /CPUUtilization/);
  });

  test("the newest points are said to be subject to change", async () => {
    await page.getByRole("group", { name: "Key" }).getByText("may still change").waitFor();
  });

  test("comparing with last week and leaving out what may change are part of the address", async () => {
    const compare = page.getByRole("button", { name: "Compare with last week" });
    await compare.click();
    await page.waitForURL(/compare=week/);
    const settled = page.getByRole("button", { name: "Settled only" });
    await settled.click();
    await page.waitForURL(/settled=true/);
    await page.reload();
    assert.equal(await compare.getAttribute("aria-pressed"), "true");
    assert.equal(await settled.getAttribute("aria-pressed"), "true");
    await settled.click();
    await page.waitForURL((url) => !url.search.includes("settled"));
    await page.locator("canvas").first().waitFor();
  });

  test("a second metric shares the chart, a third unit makes a chart of each", async () => {
    await add(page, "FreeableMemory");
    await page.getByRole("region", { name: "Result" }).getByText("FreeableMemory Average").first().waitFor();
    assert.equal(await page.locator("canvas").count(), 1);
    await add(page, "ReadLatency");
    await page.getByRole("region", { name: "Result" }).getByText("ReadLatency Average").first().waitFor();
    assert.equal(await page.locator("canvas").count(), 3);
    await page.getByRole("button", { name: /^Remove ReadLatency/ }).click();
    await page.getByRole("button", { name: /^Remove ReadLatency/ }).waitFor({ state: "detached" });
    await page.waitForURL((url) => !url.search.includes("ReadLatency"));
  });

  test("the chart is downloaded as a picture, its points as CSV", async () => {
    await page.getByRole("button", { name: /^Remove FreeableMemory/ }).click();
    await page.waitForURL((url) => !url.search.includes("FreeableMemory"));
    const [picture] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download as PNG" }).click(),
    ]);
    assert.equal(picture.suggestedFilename(), "CPUUtilization.png");
    const bytes = await readFile(await picture.path());
    assert.deepEqual([...bytes.subarray(1, 4)], [...Buffer.from("PNG")]);
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download as CSV" }).click(),
    ]);
    assert.match(await readFile(await csv.path(), "utf8"), /^time,/);
  });

  test("a range without points says why, in words", async () => {
    const day = 86_400_000;
    const from = Date.now() - 10 * 365 * day;
    await page.goto(
      `/explore?${new URLSearchParams({ ns: "AWS/RDS", metric: "CPUUtilization", stat: "Average" })}&from=${from}&to=${from + day}`,
    );
    const said = page.getByRole("region", { name: "Result" }).getByRole("status");
    await said.waitFor();
    assert.match((await said.textContent()) ?? "", /^[A-Z].*\.[A-Z].*\./s);
    assert.equal(await page.locator("canvas").count(), 0);
  });

  test("no page has complained", () => {
    assert.deepEqual(opened.complaints, [], opened.complaints.join("\n"));
  });
});

async function choose(page: Page, field: string, option: string | RegExp): Promise<void> {
  await page.getByRole("combobox", { name: field, exact: true }).click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Adds a metric of the same namespace to the chart. */
async function add(page: Page, metric: string): Promise<void> {
  await page.getByRole("button", { name: "Add metric" }).click();
  await page.getByRole("button", { name: "New metric", exact: true }).waitFor();
  await choose(page, "Metric", new RegExp(`^${metric}`));
}
