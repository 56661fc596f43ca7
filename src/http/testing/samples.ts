import type {
  ApiKey,
  CloudIntegration,
  Completeness,
  ConnectionTestHistory,
  ConnectionTestResult,
  Credential,
  CredentialOptions,
  Gap,
  IntegrationAccount,
  IntegrationAdvice,
  IntegrationPreview,
  IntegrationSummary,
  LogEvent,
  LogGroup,
  LogRejection,
  LogStream,
  MetricChange,
  MetricDelay,
  MetricQueryResult,
  Outputs,
  Overview,
  OwedWindow,
  Page,
  RoleSetup,
  Run,
  Spending,
  TrailEvent,
  User,
  VaultStatus,
} from "../../contract/index.ts";

/** One valid value of each thing the services answer with. */

const at = "2026-01-01T00:00:00.000Z";
export const credentialId = "11111111-1111-4111-8111-111111111111";
export const integrationId = "22222222-2222-4222-8222-222222222222";
export const runId = "33333333-3333-4333-8333-333333333333";

export function pageOf<T>(...items: T[]): Page<T> {
  return { items, offset: 0, limit: 100, totalItems: items.length, moreItems: false };
}

export const credential: Credential = {
  id: credentialId,
  name: "production",
  description: "",
  method: "keys",
  region: "us-east-1",
  serviceName: "monitoring",
  accessKeyIdMasked: "AKIA…MPLE",
  hasSecretAccessKey: true,
  hasSessionToken: false,
  secretUpdatedAt: at,
  keyFingerprint: null,
  profile: null,
  instanceSource: null,
  webIdentityRoleArn: null,
  webIdentityTokenFile: null,
  roleChain: [],
  endpoints: {},
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  sessionTokenHeader: "standard",
  emulatorCompatible: false,
  proxy: { type: "none", url: null, username: null, hasPassword: false },
  caBundle: "",
  tags: {},
  status: "untested",
  testedAt: null,
  identity: null,
  lastTest: null,
  warnings: [],
  usedBy: [],
  readOnly: false,
  version: 1,
  createdAt: at,
  createdBy: "arn:aws:iam::000000000000:user/admin",
  updatedAt: at,
  updatedBy: "arn:aws:iam::000000000000:user/admin",
};

export const connectionTest: ConnectionTestResult = {
  overall: "ok",
  testedAt: at,
  tookMs: 1,
  identity: null,
  clockOffsetMs: 0,
  steps: [],
};

export const connectionTestHistory: ConnectionTestHistory = {
  items: [
    {
      overall: "failed",
      trigger: "schedule",
      testedAt: at,
      tookMs: 1,
      failedStep: {
        id: "base-identity",
        title: "Identity of the keys",
        cause: "BAD_KEY",
        rawCode: "InvalidClientTokenId",
        message: "AWS does not know this access key.",
      },
    },
  ],
};

export const credentialOptions: CredentialOptions = {
  methods: [],
  assumeRoleEnabled: true,
  privateEndpointsAllowed: false,
  regions: [],
  profiles: [],
  features: [],
};

export const roleSetup: RoleSetup = {
  partition: "aws",
  principalArn: "arn:aws:iam::000000000000:root",
  externalId: "0123456789abcdef",
  roleName: "NephoscopeRead",
  trustPolicy: "{}",
  permissionsPolicy: "{}",
  cloudFormation: "",
  terraform: "",
  awsCli: "",
  notes: [],
};

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

export const metricChange: MetricChange = {
  integrationId,
  accountId: "111122223333",
  region: "us-east-1",
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  statistic: "Average",
  dimensions: { InstanceId: "i-1" },
  at,
  before: 1,
  after: 1.5,
  seenAt: at,
};

export const metricDelay: MetricDelay = {
  integrationId,
  namespace: "AWS/EC2",
  metricName: "CPUUtilization",
  points: 10_000,
  late: 12,
  changed: 3,
  arrivesAfterSeconds: { p50: 180, p999: 600 },
  settlesAfterSeconds: 900,
};

export const metricResult: MetricQueryResult = {
  from: 0,
  to: 60_000,
  stepSeconds: 60,
  unit: "Percent",
  series: [{ labels: { InstanceId: "i-1" }, points: [[0, 1.5]], settledTo: 60_000 }],
  missing: [{ from: 0, to: 60_000, integrationId, region: "us-east-1", reason: "throttled", lost: false }],
  noData: null,
  totalSeries: 1,
  truncated: false,
  tookMs: 1,
};

export const spending: Spending = {
  month: "2026-01",
  groupBy: "integration",
  total: { calls: 12, metricsRequested: { low: 1000, high: 5000 }, usd: { low: 0.01, high: 0.05 } },
  projected: { low: 0.3, high: 1.5 },
  items: [
    {
      key: integrationId,
      name: "Production",
      calls: 12,
      metricsRequested: { low: 1000, high: 5000 },
      usd: { low: 0.01, high: 0.05 },
      monthlyCapUsd: 5,
    },
  ],
  countingRule: "AWS charges $0.01 per 1,000 metrics requested with GetMetricData.",
  reconciliation: { state: "no-cost-data", message: "No Cost Explorer data is collected.", billedUsd: null },
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

export const logGroup: LogGroup = {
  name: "/demo/app",
  arn: "arn:aws:logs:us-east-1:000000000000:log-group:/demo/app",
  createdAt: at,
  retentionDays: 30,
  bearerTokenAuthenticationEnabled: true,
  deletionProtectionEnabled: false,
  storedBytes: 5,
  tags: {},
  lastEventAt: at,
};

export const logStream: LogStream = {
  name: "web-1",
  createdAt: at,
  firstEventAt: at,
  lastEventAt: at,
  lastIngestionAt: at,
};

export const logEvent: LogEvent = {
  id: "1",
  timestamp: at,
  timestampMs: Date.parse(at),
  ingestionTime: at,
  stream: logStream.name,
  message: "hello",
};

export const apiKey: ApiKey = {
  id: "ACCA0123456789ABCDEFG",
  userName: "log-sender",
  alias: "log-sender-at-000000000000",
  status: "Active",
  createdAt: at,
  expiresAt: null,
  lastUsedAt: null,
};

export const logRejection: LogRejection = {
  group: logGroup.name,
  keyId: apiKey.id,
  reason: "too_old",
  count: 1,
  lastAt: at,
  lastSample: "hello",
};

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

export const user: User = {
  name: "alice",
  arn: "arn:aws:iam::000000000000:user/alice",
  policies: ["Proxies"],
  inlinePolicies: [],
  hasPassword: true,
  createdAt: at,
  lastSignInAt: null,
};

const windowFields = {
  id: "55555555-5555-4555-8555-555555555555",
  integrationId,
  integrationName: "production",
  accountId: null,
  region: "us-east-1",
  kind: null,
  from: at,
  to: at,
  metrics: 12,
  firstMetric: "AWS/EC2 CPUUtilization",
  lastMetric: "AWS/EC2 NetworkOut",
  reason: "throttled" as const,
  detail: "Rate exceeded",
};

export const owedWindow: OwedWindow = { ...windowFields, reading: 0, tries: 1, dueAt: at, owedSince: at };

export const gap: Gap = { ...windowFields, recordedAt: at };

const share = { from: at, to: at, expected: 1000, owed: 2, lost: 0, share: 0.998 };

export const completeness: Completeness = {
  integrationId,
  integrationName: "production",
  lastDay: share,
  lastWeek: share,
  owedWindows: 1,
  rereadWindows: 2,
  gaps: 0,
  oldestOwedAt: at,
};

export const trailEvent: TrailEvent = {
  id: "44444444-4444-4444-8444-444444444444",
  timestamp: at,
  category: "Data",
  source: "logs.amazonaws.com",
  name: "CallWithBearerToken",
  userName: "log-sender",
  accessKeyId: null,
  credentialId: "ACCAEXAMPLE0000000001",
  sourceIp: "192.0.2.7",
  userAgent: "curl/8.0",
  readOnly: false,
  errorCode: null,
  errorMessage: null,
  resources: [
    {
      type: "AWS::Logs::LogGroupAuthorization",
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/demo/app",
    },
  ],
  record: { eventVersion: "1.11" },
};
