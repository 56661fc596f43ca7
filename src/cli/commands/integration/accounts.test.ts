import assert from "node:assert/strict";
import { test } from "node:test";
import type { IntegrationAccount } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";
import { onePage, sampleIntegration, sampleWireIntegration } from "../../testing/samples.ts";

const account: IntegrationAccount = {
  accountId: "222222222222",
  name: "production",
  roleArn: "arn:aws:iam::222222222222:role/NephoscopeRead",
  origin: "listed",
  state: "denied",
  lastError: "Not authorized to assume the role.",
  lastErrorAt: "2026-11-21T11:57:00Z",
  lastRunAt: "2026-11-21T11:57:00Z",
  lastDataAt: null,
  metrics: null,
};

test("the accounts of an integration are a table with the trouble of each", async () => {
  const terminal = createFakeTerminal({
    "GET /api/v1/integrations": onePage(sampleIntegration),
    "GET /api/v1/integrations/cw-1/accounts": onePage(account),
  });
  const words = ["integration", "accounts", "prod metrics", "--state", "denied"];
  assert.equal(await runProgram(words, terminal), exitCodes.ok);
  assert.match(
    terminal.output(),
    /222222222222 +production +denied .*listed +Not authorized to assume the role\./,
  );
});

test("further accounts, an organization and linked accounts are options of a creation", async () => {
  const created = { status: { result: "OK", message: "", code: 200 }, response: sampleWireIntegration };
  const bodyOf = async (...options: string[]) => {
    const terminal = createFakeTerminal({ "POST /api/v2/cloudintegration": created });
    assert.equal(
      await runProgram(["integration", "create", "--name", "a", ...options], terminal),
      exitCodes.ok,
    );
    const [request] = terminal.requests;
    return (request?.body as { cloudWatch?: object } | undefined)?.cloudWatch;
  };
  const role = "arn:aws:iam::222222222222:role/NephoscopeRead";
  assert.deepEqual(await bodyOf("--account", role, "--linked-accounts"), {
    accounts: [{ roleArn: role }],
    includeLinkedAccounts: true,
  });
  assert.deepEqual(
    await bodyOf(
      "--organization-role",
      "Read",
      "--organizational-unit",
      "r-ab12",
      "--exclude-account",
      "111111111111",
    ),
    {
      organization: { roleName: "Read", organizationalUnits: ["r-ab12"], excludeAccounts: ["111111111111"] },
    },
  );
  const terminal = createFakeTerminal({});
  const lonely = ["integration", "create", "--name", "a", "--exclude-account", "111111111111"];
  assert.equal(await runProgram(lonely, terminal), exitCodes.usage);
  assert.match(terminal.errors(), /need --organization-role/);
});
