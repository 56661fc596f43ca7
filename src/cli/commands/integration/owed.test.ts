import assert from "node:assert/strict";
import { test } from "node:test";
import type { Completeness, Gap, OwedWindow } from "../../../contract/index.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";
import { onePage, sampleIntegration } from "../../testing/samples.ts";

const window = {
  id: "w",
  integrationId: sampleIntegration.id,
  integrationName: sampleIntegration.name,
  accountId: null,
  region: "eu-west-1",
  kind: null,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-01-01T03:00:00.000Z",
  metrics: 12,
  firstMetric: "AWS/EC2 CPUUtilization",
  lastMetric: "AWS/EC2 NetworkOut",
  reason: "throttled" as const,
  detail: "Rate exceeded",
};
const owed: OwedWindow = {
  ...window,
  reading: 0,
  tries: 2,
  dueAt: "2026-01-01T04:00:00.000Z",
  owedSince: "2026-01-01T03:00:00.000Z",
};

test("owed windows say where, how long, what and why", async () => {
  const terminal = createFakeTerminal({ "GET /api/v1/owed-windows": onePage(owed) });
  await runProgram(["integration", "owed"], terminal);
  assert.match(
    terminal.output(),
    /eu-west-1 +2026-01-01T00:00:00\.000Z +3 h.*12: AWS\/EC2 CPUUtilization to AWS\/EC2 NetworkOut +throttled +2 /,
  );
});

test("nothing owed and no gaps are said in words", async () => {
  const empty = { items: [], offset: 0, limit: 50, totalItems: 0, moreItems: false };
  const terminal = createFakeTerminal({ "GET /api/v1/owed-windows": empty, "GET /api/v1/gaps": empty });
  await runProgram(["integration", "owed"], terminal);
  await runProgram(["integration", "gaps"], terminal);
  assert.match(terminal.output(), /Nothing is owed\.[\s\S]*No gaps\./);
});

test("gaps of one integration are asked for by its name", async () => {
  const gap: Gap = { ...window, recordedAt: "2026-01-16T00:00:00.000Z" };
  const terminal = createFakeTerminal({
    "GET /api/v1/integrations": onePage(sampleIntegration),
    "GET /api/v1/gaps": onePage(gap),
  });
  await runProgram(["integration", "gaps", sampleIntegration.name], terminal);
  assert.match(terminal.output(), /throttled +Rate exceeded/);
  assert.match(terminal.requests.at(-1)?.path ?? "", new RegExp(`integrationId=${sampleIntegration.id}`));
});

test("what is not whole never reads as a hundred percent", async () => {
  const share = { from: window.from, to: window.to, expected: 1e6, owed: 1, lost: 0, share: 0.999999 };
  const item: Completeness = {
    integrationId: "i",
    integrationName: "prod",
    lastDay: share,
    lastWeek: { ...share, share: null },
    owedWindows: 1,
    rereadWindows: 0,
    gaps: 0,
    oldestOwedAt: null,
  };
  const terminal = createFakeTerminal({ "GET /api/v1/completeness": { items: [item] } });
  await runProgram(["integration", "completeness"], terminal);
  assert.match(terminal.output(), /prod +99\.99 %/);
});
