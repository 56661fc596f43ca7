import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { skipWithoutChromium } from "../support/chromium.ts";
import { connect, nextRun } from "../support/connected.ts";
import { type OpenConsole, openConsole, signInAsAdmin } from "../support/console.ts";

/** Integrations in the console: how one is added and priced, how it is doing, and how it ends. */
describe("integrations in the console", { skip: skipWithoutChromium }, () => {
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

  test("the wizard tells what matches and costs, and keeps its values over back, forward and reload", async () => {
    await page.goto("/integrations");
    await page.getByRole("link", { name: "Add integration" }).click();
    await page.getByRole("heading", { name: "Service", exact: true }).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: "Credential", exact: true }).waitFor();
    await page.getByRole("radio", { name: "Production for metrics" }).click();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: "What to collect", exact: true }).waitFor();
    const preview = page.getByRole("region", { name: "What will match and what it costs" });
    await preview.getByText("AWS/RDS").waitFor();
    await page.getByRole("combobox", { name: "Namespaces" }).fill("AWS/EC2");
    await page.keyboard.press("Enter");
    // The preview follows by itself.
    await preview.getByText("AWS/RDS").waitFor({ state: "detached" });
    await preview.getByRole("button", { name: /^Use 15 minutes: saves \$/ }).click();
    await page.getByRole("textbox", { name: "Monthly cap" }).fill("120");
    await page.waitForURL(/every=15/);
    await page.waitForURL(/cap=120/);
    await page.goBack();
    await page.getByRole("heading", { name: "Credential", exact: true }).waitFor();
    await page.goForward();
    await page.getByRole("heading", { name: "What to collect", exact: true }).waitFor();
    assert.deepEqual(await collectValues(page), ["15", "$120"]);
    await page.waitForURL(/cap=120/);
    await page.reload();
    await page.getByRole("heading", { name: "What to collect", exact: true }).waitFor();
    assert.deepEqual(await collectValues(page), ["15", "$120"]);
  });

  test("a missing name keeps the wizard at its last step, then it adds an integration that runs", async () => {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("heading", { name: "Name and review", exact: true }).waitFor();
    await page
      .getByRole("region", { name: "Price" })
      .getByText(/pauses at \$120/)
      .waitFor();
    await page.getByRole("button", { name: "Add integration" }).click();
    await page.getByText("A name is needed.").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("Added by hand");
    await page.getByRole("button", { name: "Add integration" }).click();
    // The console leads to the new integration by itself.
    await page.waitForURL(/\/integrations\/[0-9a-f-]{36}/);
    await page.getByRole("heading", { name: "Added by hand" }).waitFor();
    await page.getByText("Succeeded").first().waitFor({ timeout: 60_000 });
    await page.getByRole("region", { name: "Configuration" }).getByText("$120.00").waitFor();
  });

  test("a wizard that is opened by a link without a credential starts where something is missing", async () => {
    const { server, aws } = opened;
    // With a single credential the wizard would have chosen it.
    await connect(server, aws, { name: "Second" });
    await page.goto("/integrations/add?step=review&name=Linked");
    await page.getByRole("heading", { name: "Credential", exact: true }).waitFor();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("Choose a credential.").waitFor();
    await page.getByRole("button", { name: "Add credential" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  test("its sides show runs, data quality and cost, and the address names them", async () => {
    await page.goto("/integrations");
    await page.getByRole("link", { name: "Production metrics" }).click();
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByRole("region", { name: "Runs" }).getByText("Succeeded").first().waitFor();
    await page.getByRole("tab", { name: "Data quality" }).click();
    await page.getByRole("region", { name: "Completeness" }).getByText(/%$/).first().waitFor();
    for (const name of ["Owed windows", "Gaps", "Changed values", "Learned delays"])
      await page.getByRole("region", { name }).waitFor();
    await page.waitForURL(/tab=quality/);
    await page.reload();
    await page.getByRole("region", { name: "Gaps" }).waitFor();
    await page.getByRole("tab", { name: "Cost" }).click();
    await page.getByRole("region", { name: "Spent this month" }).getByText(/^\$/).first().waitFor();
  });

  test("a piece of advice is applied after a question", async () => {
    const advice = page.getByRole("region", { name: "Advice" });
    await advice
      .getByText(/saves \$/)
      .first()
      .waitFor();
    await advice.getByRole("button", { name: "Apply" }).first().click();
    const question = page.getByRole("dialog");
    await question.getByRole("button", { name: "Change" }).click();
    await page.getByText("The change is saved.").waitFor();
    await question.waitFor({ state: "hidden" });
  });

  test("it is disabled and enabled again", async () => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Disable" }).click();
    await page.getByText("Production metrics is disabled.").waitFor();
    await page.getByRole("button", { name: "Enable" }).click();
    await page.getByText("Production metrics is enabled.").waitFor();
    await page.getByRole("button", { name: "Run now" }).waitFor();
  });

  test("it goes to the trash and comes back", async () => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Move to the trash" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Move to the trash" }).click();
    // The console leads back to the list by itself.
    await page.waitForURL(/\/integrations$/);
    await page.getByText("Production metrics is in the trash.").waitFor();
    await page.getByRole("tab", { name: "Trash" }).click();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText("Production metrics is restored.").waitFor();
    await page.getByRole("tab", { name: "Active" }).click();
    await page.getByRole("link", { name: "Production metrics" }).waitFor();
  });

  test("data quality and spending tell of all integrations", async () => {
    await page.getByRole("link", { name: "Data quality" }).click();
    await page.getByRole("region", { name: "Completeness" }).getByText("Added by hand").waitFor();
    await page
      .getByRole("region", { name: "Owed windows" })
      .getByText("To read again", { exact: true })
      .click();
    await page.waitForURL(/what=re-read/);
    await page.getByRole("link", { name: "Spending" }).click();
    await page.getByRole("region", { name: "Breakdown" }).getByText("Added by hand").waitFor();
    await page.getByRole("region", { name: "Breakdown" }).getByText("Operation", { exact: true }).click();
    await page.waitForURL(/by=operation/);
    await page.getByRole("region", { name: "Breakdown" }).getByText("GetMetricData").waitFor();
  });

  test("no page has complained", () => {
    assert.deepEqual(opened.complaints, [], opened.complaints.join("\n"));
  });
});

/** Interval and cap as the fields of the wizard show them. */
async function collectValues(page: Page): Promise<string[]> {
  return [
    await page.getByRole("textbox", { name: "Collect every" }).inputValue(),
    await page.getByRole("textbox", { name: "Monthly cap" }).inputValue(),
  ];
}
