import type {
  CloudIntegration,
  Credential,
  IntegrationPreview,
  IntegrationSummary,
} from "../../contract/index.ts";

/** A credential as the server shows it. */
export const sampleCredential: Credential = {
  id: "6f9d0f3e-6f6b-4a70-9d5c-0f5f3c1f2a10",
  name: "prod",
  description: "",
  method: "keys",
  region: "eu-west-1",
  serviceName: "monitoring",
  accessKeyIdMasked: "AKIA************MPLE",
  hasSecretAccessKey: true,
  hasSessionToken: false,
  secretUpdatedAt: "2026-11-20T12:00:00Z",
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
  status: "ok",
  testedAt: "2026-11-21T11:57:00Z",
  identity: { accountId: "123456789012", arn: "arn:aws:iam::123456789012:user/reader", userId: "AIDA" },
  lastTest: null,
  warnings: [],
  usedBy: [],
  readOnly: false,
  version: 3,
  createdAt: "2026-11-20T12:00:00Z",
  createdBy: "admin",
  updatedAt: "2026-11-20T12:00:00Z",
  updatedBy: "admin",
};

export const sampleIntegration: IntegrationSummary = {
  id: "cw-1",
  name: "prod metrics",
  service: "CLOUDWATCH",
  state: "ok",
  stateReason: "",
  credentialId: sampleCredential.id,
  credentialName: "prod",
  roleArn: null,
  regions: ["eu-west-1"],
  refreshMinutes: 5,
  lastRun: null,
  lastDataAt: "2026-11-21T11:58:00Z",
  lastMetricCount: 12,
  nextRunAt: "2026-11-21T12:03:00Z",
  createdAt: "2026-11-20T12:00:00Z",
};

/** The same as clients of the wire format see it. */
export const sampleWireIntegration: CloudIntegration = {
  id: "cw-1",
  name: "prod metrics",
  service: "CLOUDWATCH",
  cloudWatch: {
    baseCredentials: { roleArn: "", externalId: "" },
    namespaces: ["AWS/EC2"],
    metricFilterRegex: "",
    pointTagFilterRegex: "",
    instanceSelectionTags: {},
    volumeSelectionTags: {},
  },
  additionalTags: {},
  serviceRefreshRateInMins: 5,
  forceSave: false,
  credentialId: sampleCredential.id,
  disabled: false,
  inTrash: false,
  deleted: false,
  createdEpochMillis: 1,
  updatedEpochMillis: 1,
  creatorId: "admin",
  updaterId: "admin",
};

export const samplePreview: IntegrationPreview = {
  listedMetrics: 20,
  matchedMetrics: 10,
  series: 50,
  truncated: true,
  notes: ["There is more."],
  regions: [{ region: "eu-west-1", listedMetrics: 20, matchedMetrics: 10 }],
  namespaces: [
    {
      namespace: "AWS/EC2",
      slow: false,
      metrics: 10,
      series: 50,
      everyMinutes: 5,
      usdPerMonth: { low: 0.864, high: 4.32 },
      dimensionSets: [
        {
          dimensions: "InstanceId",
          metrics: 10,
          example: { metricName: "CPUUtilization", dimensions: { InstanceId: "i-1" } },
        },
      ],
    },
  ],
  unmatched: [
    {
      setting: "metricFilterRegex",
      metrics: 7,
      examples: [
        "aws.ec2.networkin",
        "aws.ec2.networkout",
        "aws.ec2.diskreadops",
        "aws.ec2.diskwriteops",
      ].map((subject) => ({
        region: "us-east-1",
        namespace: "AWS/EC2",
        metricName: "X",
        dimensions: {},
        subject,
      })),
    },
  ],
  pointTags: { matched: [], unmatched: [] },
  statistics: ["Average", "Maximum", "Minimum", "SampleCount", "Sum"],
  intervalMinutes: 5,
  periodSeconds: 60,
  perRun: { metricsRequested: { low: 10, high: 50 }, getMetricDataCalls: 1, listMetricsCalls: 10 },
  perMonth: {
    metricsRequested: { low: 86_400, high: 432_000 },
    getMetricDataCalls: 8640,
    listMetricsCalls: 86_400,
  },
  usdPerMonth: { low: 0.864, high: 5.184 },
  countingRule: "A cent per thousand.",
  whatIf: [
    {
      intervalMinutes: 10,
      usdPerMonth: { low: 0.432, high: 2.592 },
      savingPerMonth: { low: 0.432, high: 2.592 },
    },
  ],
  previewCost: { listMetricsCalls: 10, usd: 0.0001 },
};

export function onePage<T>(...items: T[]) {
  return { items, offset: 0, limit: 1000, totalItems: items.length, moreItems: false };
}
