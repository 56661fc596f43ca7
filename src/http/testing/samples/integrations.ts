import type {
  CloudIntegration,
  IntegrationAccount,
  IntegrationAdvice,
  IntegrationPreview,
  IntegrationSummary,
  Outputs,
  Run,
} from "../../../contract/index.ts";
import { at, integrationId, runId } from "./ids.ts";

export const integration: CloudIntegration = {
  id: integrationId,
  name: "production",
  service: "CLOUDWATCH",
  cloudWatch: {
    baseCredentials: { roleArn: "arn:aws:iam::123456789012:role/Read", externalId: "0123456789abcdef" },
    namespaces: [],
    metricFilterRegex: "",
    pointTagFilterRegex: "",
    instanceSelectionTags: {},
    volumeSelectionTags: {},
  },
  additionalTags: {},
  serviceRefreshRateInMins: 5,
  forceSave: false,
  disabled: false,
  inTrash: false,
  deleted: false,
  createdEpochMillis: 1,
  updatedEpochMillis: 1,
  creatorId: "admin",
  updaterId: "admin",
};

export const run: Run = {
  id: runId,
  integrationId,
  state: "succeeded",
  trigger: "schedule",
  startedAt: at,
  finishedAt: at,
  windowFrom: at,
  windowTo: at,
  workerId: "1",
  metricsListed: 1,
  seriesStored: 1,
  pointsStored: 1,
  pointsAdded: 1,
  pointsChanged: 0,
  windowsPaid: 0,
  windowsOwed: 0,
  apiCalls: { ListMetrics: 1 },
  costUsd: 0,
  error: null,
};

export const integrationAccount: IntegrationAccount = {
  accountId: "222222222222",
  name: "production",
  roleArn: "arn:aws:iam::222222222222:role/NephoscopeRead",
  origin: "listed",
  state: "ok",
  lastError: null,
  lastErrorAt: null,
  lastRunAt: "2026-11-21T10:00:05.000Z",
  lastDataAt: "2026-11-21T09:58:00.000Z",
  metrics: 120,
};

export const integrationSummary: IntegrationSummary = {
  id: integrationId,
  name: "production",
  service: "CLOUDWATCH",
  state: "ok",
  stateReason: "",
  credentialId: null,
  credentialName: null,
  roleArn: null,
  regions: ["us-east-1"],
  refreshMinutes: 5,
  lastRun: run,
  lastDataAt: at,
  lastMetricCount: 1,
  nextRunAt: null,
  createdAt: at,
};

export const integrationPreview: IntegrationPreview = {
  listedMetrics: 2,
  matchedMetrics: 1,
  series: 5,
  truncated: false,
  notes: [],
  regions: [{ region: "us-east-1", listedMetrics: 2, matchedMetrics: 1 }],
  namespaces: [
    {
      namespace: "AWS/EC2",
      slow: false,
      metrics: 1,
      series: 5,
      everyMinutes: 5,
      usdPerMonth: { low: 0.0864, high: 0.432 },
      dimensionSets: [
        {
          dimensions: "InstanceId",
          metrics: 1,
          example: { metricName: "CPUUtilization", dimensions: { InstanceId: "i-1" } },
        },
      ],
    },
  ],
  unmatched: [
    {
      setting: "metricFilterRegex",
      metrics: 1,
      examples: [
        {
          region: "us-east-1",
          namespace: "AWS/EC2",
          metricName: "NetworkIn",
          dimensions: { InstanceId: "i-1" },
          subject: "aws.ec2.networkin",
        },
      ],
    },
  ],
  pointTags: { matched: [], unmatched: ["Name"] },
  statistics: ["Average", "Maximum", "Minimum", "SampleCount", "Sum"],
  intervalMinutes: 5,
  periodSeconds: 60,
  perRun: { metricsRequested: { low: 1, high: 5 }, getMetricDataCalls: 1, listMetricsCalls: 1 },
  perMonth: {
    metricsRequested: { low: 8640, high: 43_200 },
    getMetricDataCalls: 8640,
    listMetricsCalls: 8640,
  },
  usdPerMonth: { low: 0.0864, high: 0.5184 },
  countingRule: "A cent per thousand.",
  whatIf: [
    {
      intervalMinutes: 10,
      usdPerMonth: { low: 0.0432, high: 0.2592 },
      savingPerMonth: { low: 0.0432, high: 0.2592 },
    },
  ],
  previewCost: { listMetricsCalls: 1, usd: 0.00001 },
};

export const integrationAdvice: IntegrationAdvice = {
  integrationId,
  usdPerMonth: { low: 8.23, high: 46.4 },
  monthlyCapUsd: 5,
  spentThisMonthUsd: { low: 0.01, high: 0.05 },
  items: [
    {
      kind: "longer-interval",
      message: "Ask every 15 minutes instead of every 5.",
      change: { serviceRefreshRateInMins: 15 },
      savingPerMonth: { low: 5.49, high: 30.3 },
    },
  ],
};

export const outputs: Outputs = {
  openMetrics: true,
  naming: { labels: "original", tags: true },
  remoteWrite: {
    url: "https://prometheus.example.com/api/v1/write",
    hasAuthorization: true,
    headerNames: [],
    sendChanges: false,
    state: "idle",
    sentTo: at,
    pending: 0,
    sentPoints: 12,
    dropped: { refused: 0, rejected: 0 },
    lastSentAt: at,
    lastError: null,
    lastErrorAt: null,
    retryAt: null,
  },
  otlp: null,
};
