import type { Credential, IntegrationSummary } from "../../contract/index.ts";

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

export function onePage<T>(...items: T[]) {
  return { items, offset: 0, limit: 1000, totalItems: items.length, moreItems: false };
}
