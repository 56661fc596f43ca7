import type { Verb } from "../verb.ts";
import { createCredential } from "./credential/create.ts";
import { deleteCredential } from "./credential/delete.ts";
import { importCredentials } from "./credential/import.ts";
import { listCredentials } from "./credential/list.ts";
import { setUpRole } from "./credential/role-setup.ts";
import { showCredential } from "./credential/show.ts";
import { testCredential } from "./credential/test.ts";
import { updateCredential } from "./credential/update.ts";
import { listEvents } from "./events/list.ts";
import { listAccounts } from "./integration/accounts.ts";
import { adviseIntegration } from "./integration/advice.ts";
import { showCompleteness } from "./integration/completeness.ts";
import { createIntegration } from "./integration/create.ts";
import { deleteIntegration } from "./integration/delete.ts";
import { disableIntegration } from "./integration/disable.ts";
import { enableIntegration } from "./integration/enable.ts";
import { listGaps } from "./integration/gaps.ts";
import { listIntegrations } from "./integration/list.ts";
import { showOutputs } from "./integration/outputs.ts";
import { listOwed } from "./integration/owed.ts";
import { previewIntegration } from "./integration/preview.ts";
import { runIntegration } from "./integration/run.ts";
import { listRuns } from "./integration/runs.ts";
import { showIntegration } from "./integration/show.ts";
import { undeleteIntegration } from "./integration/undelete.ts";
import { createKey } from "./key/create.ts";
import { deleteKey } from "./key/delete.ts";
import { listKeys } from "./key/list.ts";
import { resetKey } from "./key/reset.ts";
import { activateKey, deactivateKey } from "./key/set-status.ts";
import { createLogGroup } from "./logs/create-group.ts";
import { createLogStream } from "./logs/create-stream.ts";
import { deleteLogGroup } from "./logs/delete-group.ts";
import { deleteLogStream } from "./logs/delete-stream.ts";
import { listLogGroups } from "./logs/groups.ts";
import { putLogs } from "./logs/put.ts";
import { queryLogs } from "./logs/query.ts";
import { listLogRejections } from "./logs/rejections.ts";
import { setLogGroup } from "./logs/set-group.ts";
import { listLogStreams } from "./logs/streams.ts";
import { tailLogs } from "./logs/tail.ts";
import { listChanges } from "./metrics/changes.ts";
import { listDelays } from "./metrics/delays.ts";
import { listDimensions } from "./metrics/dimensions.ts";
import { listMetrics } from "./metrics/list.ts";
import { listNamespaces } from "./metrics/namespaces.ts";
import { queryMetrics } from "./metrics/query.ts";
import { serve } from "./server/serve.ts";
import { showSpending } from "./server/spending.ts";
import { status } from "./server/status.ts";
import { worker } from "./server/worker.ts";
import { createToken } from "./token/create.ts";
import { listTokens } from "./token/list.ts";
import { revokeToken } from "./token/revoke.ts";
import { rotateVault } from "./vault/rotate.ts";
import { showVault } from "./vault/status.ts";

/** Verbs without a noun: `nepho serve`. */
export const serverVerbs: readonly Verb[] = [serve, worker, status, showSpending];

export interface Noun {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Verb[];
}

/** Every noun with its verbs, in the order of the help. */
export const nouns: readonly Noun[] = [
  {
    name: "credential",
    summary: "ways to be someone in AWS",
    verbs: [
      listCredentials,
      showCredential,
      createCredential,
      updateCredential,
      deleteCredential,
      testCredential,
      importCredentials,
      setUpRole,
    ],
  },
  {
    name: "integration",
    summary: "scheduled pulls from AWS",
    verbs: [
      listIntegrations,
      showIntegration,
      previewIntegration,
      adviseIntegration,
      createIntegration,
      enableIntegration,
      disableIntegration,
      deleteIntegration,
      undeleteIntegration,
      runIntegration,
      listRuns,
      showOutputs,
      listOwed,
      listGaps,
      showCompleteness,
      listAccounts,
    ],
  },
  {
    name: "metrics",
    summary: "what was collected",
    verbs: [listNamespaces, listMetrics, listDimensions, queryMetrics, listChanges, listDelays],
  },
  {
    name: "logs",
    summary: "log groups, their streams and events",
    verbs: [
      queryLogs,
      tailLogs,
      putLogs,
      listLogGroups,
      createLogGroup,
      setLogGroup,
      deleteLogGroup,
      listLogStreams,
      createLogStream,
      deleteLogStream,
      listLogRejections,
    ],
  },
  {
    name: "key",
    summary: "API keys for sending logs",
    verbs: [listKeys, createKey, activateKey, deactivateKey, resetKey, deleteKey],
  },
  {
    name: "events",
    summary: "audit records: who did what, and what keys were used for",
    verbs: [listEvents],
  },
  { name: "vault", summary: "master keys and sealed secrets", verbs: [showVault, rotateVault] },
  { name: "token", summary: "REST tokens of yours", verbs: [listTokens, createToken, revokeToken] },
];
