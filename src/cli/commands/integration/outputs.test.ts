import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outputs } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal, type FakeTerminal } from "../../testing/fake-terminal.ts";
import { onePage, sampleIntegration } from "../../testing/samples.ts";

const { id } = sampleIntegration;
const url = "https://prometheus.example.com/api/v1/write";
const answer: Outputs = {
  openMetrics: true,
  naming: { labels: "original", tags: true },
  remoteWrite: {
    url,
    hasAuthorization: true,
    headerNames: ["X-Team"],
    sendChanges: false,
    state: "retrying",
    sentTo: null,
    pending: 7,
    sentPoints: 12,
    dropped: { refused: 3, rejected: 0 },
    lastSentAt: "2026-11-21T11:57:00.000Z",
    lastError: "HTTP 503: The receiver cannot take points now.",
    lastErrorAt: "2026-11-21T11:59:00.000Z",
    retryAt: "2026-11-21T12:01:00.000Z",
  },
  otlp: null,
};

function terminalFor(environment: Record<string, string> = {}): FakeTerminal {
  return createFakeTerminal(
    {
      "GET /api/v1/integrations": onePage(sampleIntegration),
      [`GET /api/v1/integrations/${id}/outputs`]: answer,
      [`PUT /api/v1/integrations/${id}/outputs`]: answer,
    },
    { environment: { NEPHO_TOKEN: "t", ...environment } },
  );
}

const outputs = (terminal: FakeTerminal, ...args: string[]) =>
  runProgram(["integration", "outputs", sampleIntegration.name, ...args], terminal);

test("without options the outputs are shown, with what waits, what was lost and why", async () => {
  const terminal = terminalFor();
  assert.equal(await outputs(terminal), exitCodes.ok);
  const text = terminal.output();
  assert.match(text, new RegExp(`OpenMetrics +http://127\\.0\\.0\\.1:8080/metrics/integrations/${id}\n`));
  assert.match(text, /Remote write +https:\/\/prometheus\.example\.com.*\nHeaders +Authorization X-Team\n/);
  assert.match(text, /Sent +12 points, last 3 min ago\nPending +7 points\nDropped +3 refused, 0 rejected\n/);
  assert.match(text, /Last error +HTTP 503: .* \(60 s ago\)|\(1 min ago\)/);
  assert.match(text, /Next try +in 1 min\n\nOTLP +none\n$/);
});

test("with options only what is given changes, and a secret never comes from the command line", async () => {
  const terminal = terminalFor({ RECEIVER: "Bearer x" });
  const args = [
    "--remote-write",
    url,
    "--authorization-from-env",
    "RECEIVER",
    "--send-changes",
    "on",
    "--no-otlp",
  ];
  await outputs(terminal, ...args);
  const sent = terminal.requests.find(({ method }) => method === "PUT");
  assert.deepEqual(sent?.body, {
    remoteWrite: { url, authorization: "Bearer x", sendChanges: true },
    otlp: null,
  });
});

test("a secret without the receiver that it is for is refused before anything is sent", async () => {
  const terminal = terminalFor({ RECEIVER: "Bearer x" });
  assert.equal(await outputs(terminal, "--authorization-from-env", "RECEIVER"), exitCodes.usage);
  assert.equal(await outputs(terminal, "--open-metrics", "maybe"), exitCodes.usage);
  assert.ok(terminal.requests.every(({ method }) => method === "GET"));
});
