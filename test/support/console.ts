import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { type Connected, startConnected } from "./connected.ts";

/** A server beside a simulated AWS, and its console in a real browser. */
export interface OpenConsole extends Connected {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, of the content security policy, and of requests that should not fail. */
  readonly complaints: string[];
  /** One more page of the same session, which is listened to as well. */
  newPage(): Promise<Page>;
}

/** Opens the console at 1440 pixels; nobody is signed in yet. */
export async function openConsole(): Promise<OpenConsole> {
  const connected = await startConnected();
  let browser: Browser | undefined;
  try {
    browser = await launchChromium();
    const context = await browser.newContext({
      baseURL: connected.server.consoleUrl,
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(15_000);
    const complaints: string[] = [];
    const newPage = async () => {
      const page = await context.newPage();
      listenForComplaints(page, complaints);
      return page;
    };
    return {
      ...connected,
      context,
      page: await newPage(),
      complaints,
      newPage,
      stop: async () => {
        await browser?.close();
        await connected.stop();
      },
    };
  } catch (error) {
    await browser?.close();
    await connected.stop();
    throw error;
  }
}

export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel("User name").fill(user);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.locator("form button[type=submit]").click();
}

/** Opens the overview as the administrator. */
export async function signInAsAdmin({ page, server }: OpenConsole): Promise<void> {
  await page.goto("/");
  await signIn(page, server.firstRun.adminUser, server.firstRun.adminPassword);
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

function listenForComplaints(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    // The browser reports every 401, and the sign-in test asks for two.
    if (/status of 401/.test(message.text())) return;
    complaints.push(`${page.url()}: ${message.text()} ${message.location().url}`);
  });
}
