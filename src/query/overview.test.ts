import assert from "node:assert/strict";
import { test } from "node:test";
import type { Credential, IntegrationSummary } from "../contract/index.ts";
import { createOverview, type OverviewDeps } from "./overview.ts";

const credential = (fields: Partial<Credential>) =>
  ({
    id: "c",
    name: "c",
    status: "ok",
    warnings: [],
    lastTest: null,
    testedAt: null,
    ...fields,
  }) as Credential;
const integration = (fields: Partial<IntegrationSummary>) =>
  ({
    id: "i",
    name: "i",
    state: "ok",
    stateReason: "",
    lastRun: null,
    lastDataAt: null,
    ...fields,
  }) as IntegrationSummary;

function overviewOf(
  credentials: Credential[],
  integrations: IntegrationSummary[],
  stores: OverviewDeps["stores"] = [],
) {
  const page = <T>(items: T[]) => ({
    items,
    offset: 0,
    limit: 1000,
    totalItems: items.length,
    moreItems: false,
  });
  return createOverview({
    credentials: { list: async () => page(credentials) },
    integrations: { summaries: async () => page(integrations) },
    runs: { lastDay: async () => ({ total: 0, failed: 0, points: 0, apiCalls: 0, costUsd: 0 }) },
    metrics: {
      findNamespaces: async () => ({
        items: [
          { metrics: 2, series: 5 },
          { metrics: 1, series: 1 },
        ],
      }),
    },
    stores,
  }).get();
}

test("everything is counted, and the freshest data of all integrations is the freshness", async () => {
  const overview = await overviewOf(
    [credential({}), credential({ status: "failed" }), credential({ status: "untested" })],
    [
      integration({ lastDataAt: "2026-01-01T00:00:00.000Z" }),
      integration({ state: "waiting", lastDataAt: "2026-01-02T00:00:00.000Z" }),
    ],
  );
  assert.deepEqual(overview.credentials, { total: 3, ok: 1, partial: 0, failed: 1, untested: 1 });
  assert.deepEqual(overview.integrations, { total: 2, ok: 1, failing: 0, disabled: 0, waiting: 1 });
  assert.deepEqual(overview.metrics, {
    namespaces: 2,
    metrics: 3,
    series: 6,
    lastDataAt: "2026-01-02T00:00:00.000Z",
  });
});

test("a problem says what is wrong and what to do, and errors of stores come before all others", async () => {
  const overview = await overviewOf(
    [
      credential({
        name: "old",
        warnings: [{ code: "key_old", message: "The key is 100 days old.", advice: "Rotate it." }],
      }),
    ],
    [integration({ name: "broken", state: "disabled-by-error", stateReason: "The role refuses us." })],
    [
      { name: "PostgreSQL", ping: async () => Promise.reject(new Error("secret host name")) },
      { name: "ClickHouse", ping: async () => {} },
    ],
  );
  assert.deepEqual(
    overview.problems.map((problem) => [problem.kind, problem.severity, problem.name]),
    [
      ["store", "error", "PostgreSQL"],
      ["integration", "error", "broken"],
      ["credential", "warning", "old"],
    ],
  );
  assert.equal(JSON.stringify(overview).includes("secret host name"), false);
});

test("an integration that waits for its money is told as a warning, with its reason", async () => {
  const paused = integration({ state: "paused", stateReason: "The monthly cap of $5.00 is reached." });
  const { problems } = await overviewOf([], [paused]);
  assert.deepEqual(
    problems.map(({ severity, message }) => [severity, message]),
    [["warning", "The monthly cap of $5.00 is reached."]],
  );
});
