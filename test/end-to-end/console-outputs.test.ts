import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { skipWithoutChromium } from "../support/chromium.ts";
import { connect, nextRun } from "../support/connected.ts";
import { type OpenConsole, openConsole, signInAsAdmin } from "../support/console.ts";
import { type MetricReceiver, startMetricReceiver } from "../support/metric-receiver.ts";

/** Outputs of an integration in the console: how they are set, how they are doing, and how they end. */
describe("outputs in the console", { skip: skipWithoutChromium }, () => {
  let opened: OpenConsole;
  let page: Page;
  let receiver: MetricReceiver;
  let integrationId: string;

  before(async () => {
    opened = await openConsole();
    page = opened.page;
    receiver = await startMetricReceiver();
    ({ integrationId } = await connect(opened.server, opened.aws, {
      cloudWatch: { namespaces: ["AWS/SQS"] },
    }));
    await nextRun(opened.server, integrationId);
    await signInAsAdmin(opened);
  });
  after(async () => {
    await opened?.stop();
    await receiver?.close();
  });

  test("a receiver is added, shows how it is doing but never its secret, and is removed again", async () => {
    await page.goto(`/integrations/${integrationId}?tab=outputs`);
    const section = page.getByRole("region", { name: "Prometheus remote write" });
    await section.getByRole("textbox", { name: "URL" }).fill("none");
    await section.getByRole("button", { name: "Start sending" }).click();
    await section.getByText("Not a URL.").waitFor();
    await section.getByRole("textbox", { name: "URL" }).fill(receiver.url);
    await section.getByRole("textbox", { name: "Authorization" }).fill("Bearer canary");
    await section.getByRole("button", { name: "Start sending" }).click();
    await section.getByText("Up to date").waitFor();
    await section.getByText("Points sent").waitFor();
    const stored = await opened.server.api("GET", `/api/v1/integrations/${integrationId}/outputs`);
    assert.deepEqual([stored.remoteWrite.url, stored.remoteWrite.hasAuthorization], [receiver.url, true]);
    assert.doesNotMatch(await page.content(), /canary/);
    await section.getByRole("button", { name: "Stop sending" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop sending" }).click();
    await section.getByRole("button", { name: "Start sending" }).waitFor();
  });

  test("scraping is switched on and shows its address", async () => {
    await page.getByRole("switch", { name: /^Offer the newest settled point/ }).click();
    await page.getByText(`/metrics/integrations/${integrationId}`).waitFor();
    await page.reload();
    await page.getByText(`/metrics/integrations/${integrationId}`).waitFor();
  });
});
