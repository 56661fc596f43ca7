import type { Overview, VaultStatus } from "../../../contract/index.ts";

export const overview: Overview = {
  credentials: { total: 0, ok: 0, partial: 0, failed: 0, untested: 0 },
  integrations: { total: 0, ok: 0, failing: 0, disabled: 0, waiting: 0 },
  metrics: { namespaces: 0, metrics: 0, series: 0, lastDataAt: null },
  problems: [],
  runsLastDay: { total: 0, failed: 0, points: 0, apiCalls: 0, costUsd: 0 },
};

export const vaultStatus: VaultStatus = {
  writeKeyId: "k1",
  masterKeys: [],
  secrets: 0,
  rotation: { state: "idle", done: 0, total: 0, startedAt: null, finishedAt: null, message: null },
};
