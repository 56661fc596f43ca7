import type {
  ConnectionTestHistory,
  ConnectionTestResult,
  Credential,
  CredentialOptions,
  RoleSetup,
} from "../../../contract/index.ts";
import { at, credentialId } from "./ids.ts";

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
