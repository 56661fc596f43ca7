import assert from "node:assert/strict";
import { test } from "node:test";
import type { IntegrationAdvice, Spending } from "../../contract/index.ts";
import { exitCodes } from "../cli-error.ts";
import { runProgram } from "../program.ts";
import { createFakeTerminal } from "../testing/fake-terminal.ts";
import { onePage, sampleCredential, sampleIntegration } from "../testing/samples.ts";

const spent: Spending = {
  month: "2026-11",
  groupBy: "integration",
  total: { calls: 12, metricsRequested: { low: 1000, high: 5000 }, usd: { low: 0.01, high: 0.05 } },
  projected: { low: 0.3, high: 1.5 },
  items: [
    {
      key: sampleIntegration.id,
      name: sampleIntegration.name,
      calls: 12,
      metricsRequested: { low: 1000, high: 5000 },
      usd: { low: 0.01, high: 0.05 },
      monthlyCapUsd: 5,
    },
  ],
  countingRule: "A cent per thousand.",
  reconciliation: { state: "no-cost-data", message: "Nothing to compare with.", billedUsd: null },
};
const advice: IntegrationAdvice = {
  integrationId: sampleIntegration.id,
  usdPerMonth: { low: 8.2, high: 46.4 },
  monthlyCapUsd: null,
  spentThisMonthUsd: { low: 0.01, high: 0.05 },
  items: [
    {
      kind: "longer-interval",
      message: "Ask every 15 minutes instead of every 5.",
      change: { serviceRefreshRateInMins: 15 },
      savingPerMonth: { low: 5.5, high: 30.3 },
    },
  ],
};
const integrations = { "GET /api/v1/integrations": onePage(sampleIntegration) };

test("what was spent is told with its range, its cap, and the month's end", async () => {
  const terminal = createFakeTerminal({ "GET /api/v1/spending": spent });
  assert.equal(await runProgram(["spending"], terminal), exitCodes.ok);
  const output = terminal.output();
  assert.match(output, /US dollars +0\.01 to 0\.05/);
  assert.match(output, /At its end +0\.30 to 1\.50/);
  assert.match(output, /AWS's bill +Nothing to compare with/);
  assert.match(output, new RegExp(`${sampleIntegration.name} +0\\.01 to 0\\.05 +5\\.00 +12 +1000 to 5000`));
});

test("names become ids, and groups that do not exist are refused before anything is asked", async () => {
  const terminal = createFakeTerminal({
    ...integrations,
    "GET /api/v1/credentials": onePage(sampleCredential),
    "GET /api/v1/spending": { ...spent, projected: null, items: [] },
  });
  const filters = ["--integration", sampleIntegration.name, "--credential", sampleCredential.name];
  assert.equal(
    await runProgram(["spending", "--month", "2026-10", "--by", "day", ...filters], terminal),
    exitCodes.ok,
  );
  const query = terminal.requests.at(-1)?.path.split("?")[1];
  assert.deepEqual(Object.fromEntries(new URLSearchParams(query)), {
    groupBy: "day",
    month: "2026-10",
    integrationId: sampleIntegration.id,
    credentialId: sampleCredential.id,
  });
  assert.match(terminal.output(), /the month is over[\s\S]*Nothing was spent/);

  const wrong = createFakeTerminal();
  assert.equal(await runProgram(["spending", "--by", "colour"], wrong), exitCodes.usage);
  assert.match(wrong.errors(), /--by is one of integration, credential, account, operation, day/);
  assert.equal(wrong.requests.length, 0);
});

test("advice comes with its saving and the change to make", async () => {
  const terminal = createFakeTerminal({
    ...integrations,
    [`GET /api/v1/integrations/${sampleIntegration.id}/advice`]: advice,
  });
  assert.equal(await runProgram(["integration", "advice", sampleIntegration.name], terminal), exitCodes.ok);
  assert.match(terminal.output(), /Monthly cap +\(none\)/);
  assert.match(
    terminal.output(),
    /5\.50 to 30\.30 +Ask every 15 minutes .* \{"serviceRefreshRateInMins":15\}/,
  );
});
