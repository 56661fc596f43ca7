/**
 * Regenerates the pictures of the README: starts the server and a simulated AWS, connects them and sends logs as the demo does,
 * and photographs the console in Chromium. `npm run screenshots -- --every <folder>` takes each page at 1440 and 390 pixels, light
 * and dark, for looking at a change.
 */
import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { systemRandom } from "../src/base/index.ts";
import type { CreatedApiKey } from "../src/contract/index.ts";
import { startConnected } from "../test/support/connected.ts";
import type { TestServer } from "../test/support/server.ts";
import { connectDemo } from "./demo/connect.ts";
import { logFormats, sendLogEvents } from "./demo/log-formats.ts";
import { type DemoLogs, prepareLogs } from "./demo/logs.ts";
import { nextShopEvent } from "./demo/shop-events.ts";
import { waitForRun } from "./demo/wait-for-run.ts";

interface Look {
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly suffix: string;
}

/** So many of the pages, from the first, are in the README. */
const readmePages = 6;
const readmeLook: Look = { width: 1440, height: 900, scheme: "light", suffix: "" };
const everyLook: readonly Look[] = [1440, 390].flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({
    width,
    height: 900,
    scheme,
    suffix: `-${width}-${scheme}`,
  })),
);

const { values, positionals } = parseArgs({
  options: { every: { type: "boolean" } },
  allowPositionals: true,
});
const folder = positionals[0] ?? "docs/images";
mkdirSync(folder, { recursive: true });

const startedAt = new Date();
const { server, aws, stop } = await startConnected();
try {
  const { integrationId } = await connectDemo(server, aws, { refreshMinutes: 1 });
  const logs = await prepareLogs(server);
  await sendLastHour(server, logs);
  await makeMoreKeys(server);
  await waitForRun(server, integrationId, startedAt);
  const pages = listPages(integrationId, logs);
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
  try {
    if (values.every) for (const look of everyLook) await photograph(browser, server, pages, look);
    else await photograph(browser, server, pages.slice(0, readmePages), readmeLook);
  } finally {
    await browser.close();
  }
} finally {
  await stop();
}

/** What a shop logs in an hour: more at some times than at others. */
async function sendLastHour(server: TestServer, logs: DemoLogs): Promise<void> {
  const [format] = logFormats;
  if (format === undefined) throw new Error("the demo knows no format of logs");
  const now = Date.now();
  for (let secondsAgo = 3600; secondsAgo > 0; secondsAgo -= 30) {
    const at = now - secondsAgo * 1000;
    const count = Math.round(8 + 5 * Math.sin(secondsAgo / 400) + 6 * systemRandom.float());
    const events = Array.from({ length: count }, () => nextShopEvent(systemRandom));
    const encode: typeof format.encode = (all) =>
      all.map((event, index) => format.encode([event], at + index * 1500)).join("\n");
    await sendLogEvents(server.endpointUrl, logs, { ...format, encode }, events);
  }
}

/** Keys as they are found after some months: one that ends soon, one that never ends and was switched off. */
async function makeMoreKeys(server: TestServer): Promise<void> {
  const make = (userName: string, ageDays: number | null) =>
    server.api<CreatedApiKey>("POST", "/api/v1/keys", { userName, ageDays });
  await make("fluent-bit", 90);
  await make("billing-batch", 5);
  const old = await make("old-collector", null);
  await server.api("PUT", `/api/v1/keys/${old.id}`, { status: "Inactive" });
}

function listPages(integrationId: string, logs: DemoLogs): [name: string, path: string][] {
  const metric = new URLSearchParams({
    ns: "AWS/ApplicationELB",
    metric: "TargetResponseTime",
    stat: "Average",
    by: JSON.stringify(["LoadBalancer"]),
  });
  const group = new URLSearchParams({ group: logs.group });
  const slow = new URLSearchParams({ group: logs.group, pattern: "{ $.ms >= 900 }" });
  const named = new URLSearchParams({ name: logs.group });
  const second = JSON.stringify([{ ns: "AWS/ApplicationELB", metric: "RequestCount", stat: "Sum", by: [] }]);
  return [
    ["overview", "/"],
    ["metrics", `/explore?${metric}`],
    ["credentials", "/credentials"],
    ["integrations", "/integrations"],
    ["logs", `/logs?${slow}`],
    ["api-keys", "/logs/keys"],
    ["add-integration", "/integrations/add?step=collect"],
    ["integration", `/integrations/${integrationId}`],
    ["integration-runs", `/integrations/${integrationId}?tab=runs`],
    ["integration-quality", `/integrations/${integrationId}?tab=quality`],
    ["integration-cost", `/integrations/${integrationId}?tab=cost`],
    ["data-quality", "/data-quality"],
    ["spending", "/spending"],
    ["metrics-compared", `/explore?${metric}&compare=week&more=${encodeURIComponent(second)}`],
    ["logs-choose", "/logs"],
    ["logs-all", `/logs?${group}`],
    ["live-tail", `/logs?${group}&live=true`],
    ["log-groups", "/logs/groups"],
    ["log-group", `/logs/group?${named}`],
    ["log-group-send", `/logs/group?${named}&tab=send`],
    ["log-group-settings", `/logs/group?${named}&tab=settings`],
    ["audit", "/audit"],
    ["tokens", "/tokens"],
    ["users", "/users"],
    ["settings", "/settings"],
    ["api-docs", "/api-docs"],
  ];
}

async function photograph(
  browser: Browser,
  { consoleUrl, firstRun }: TestServer,
  pages: [string, string][],
  look: Look,
) {
  const context = await browser.newContext({
    baseURL: consoleUrl,
    viewport: { width: look.width, height: look.height },
    colorScheme: look.scheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto("/");
  await page.getByLabel("User name").fill(firstRun.adminUser);
  await page.getByRole("textbox", { name: "Password" }).fill(firstRun.adminPassword);
  await page.locator("form button[type=submit]").click();
  await page.getByLabel("User name").waitFor({ state: "detached" });
  for (const [name, path] of pages) {
    await open(page, path);
    await settle(page);
    await page.screenshot({ path: join(folder, `${name}${look.suffix}.png`) });
  }
  await context.close();
}

/** Pages of the UI are opened as a click opens them; what the server renders itself is loaded. */
async function open(page: Page, path: string): Promise<void> {
  if (path === "/api-docs") await page.goto(path);
  else await page.evaluate(`history.pushState({}, "", ${JSON.stringify(path)})`);
}

/** Until nothing loads any more; a page that keeps asking is photographed as it is after a while. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle", { timeout: 10_000 }).catch(() => undefined);
  // A page that was opened without loading asks first in the frames after that.
  await page.waitForTimeout(300);
  await page
    .locator("[data-loading], [aria-label=Loading], [aria-label=Searching]")
    .first()
    .waitFor({ state: "detached", timeout: 5_000 })
    .catch(() => undefined);
  // Charts are drawn in the frame after their data arrived.
  await page.waitForTimeout(500);
}

function findChromium(): string {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const candidates = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((path) => names.map((name) => join(path, name)));
  const found = candidates.find(isExecutable);
  if (found === undefined)
    throw new Error("Chromium is not on the PATH; on Debian: apt-get install chromium");
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
