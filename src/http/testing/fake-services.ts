import { Readable } from "node:stream";
import { AppError } from "../../base/index.ts";
import {
  type AccessQuestion,
  type ErrorCode,
  type ManagedPolicyName,
  managedPolicyNames,
  type Principal,
  type Session,
} from "../../contract/index.ts";
import { allowedOperations, managedPolicies, requireAccess } from "../../identity/index.ts";
import type { IdentityServices, Services } from "../services.ts";
import * as samples from "./samples/index.ts";

/** The policy of users who are made with a key. */
const attachedArn = "arn:aws:iam::aws:policy/CloudWatchLogsAPIKeyAccess";
export const password = "correct horse battery";
export const csrfToken = "csrf-token";
export const cookieValue = "cookie-value";

/** One token for each policy: the token is the policy's name. */
export const tokenOf = (policy: ManagedPolicyName) => `nepho_${policy}`;

export function principalWith(policy: ManagedPolicyName, kind: "session" | "token" = "token"): Principal {
  return {
    kind: "user",
    id: policy,
    name: policy,
    arn: `arn:aws:iam::000000000000:user/${policy}`,
    accountId: "000000000000",
    policies: [policy],
    proof: { kind, id: policy },
  };
}

/** Calls that reached a service, so that a test can tell that one did not. */
export interface Recorded {
  readonly services: Services;
  readonly calls: { name: string; args: unknown[] }[];
}

/** Every service answers with its sample; whatever is named `missing` does not exist. */
export function createFakeServices(): Recorded {
  const calls: Recorded["calls"] = [];
  const answer =
    <A extends unknown[], T>(name: string, value: T, notFound?: ErrorCode) =>
    async (...args: A): Promise<T> => {
      calls.push({ name, args });
      if (notFound && args[0] === "missing") throw new AppError(notFound);
      return value;
    };
  const credential = <T>(name: string, value: T) => answer(name, value, "credential_not_found");
  const logGroup = <T>(name: string, value: T) => answer(name, value, "log_group_not_found");
  const integration = <T>(name: string, value: T) => answer(name, value, "integration_not_found");
  const { limit, offset, items, ...counts } = samples.pageOf(samples.integration);
  const wirePage = { items, limit, offset, ...counts };

  const services: Services = {
    identity: fakeIdentity(answer),
    credentials: {
      list: answer("credentials.list", samples.pageOf(samples.credential)),
      get: credential("credentials.get", samples.credential),
      create: answer("credentials.create", samples.credential),
      update: credential("credentials.update", samples.credential),
      remove: credential("credentials.remove", undefined),
      test: credential("credentials.test", samples.connectionTest),
      tests: credential("credentials.tests", samples.connectionTestHistory),
      testUnsaved: answer("credentials.testUnsaved", samples.connectionTest),
      options: answer("credentials.options", samples.credentialOptions),
      roleSetup: answer("credentials.roleSetup", samples.roleSetup),
      import: answer("credentials.import", { items: [] }),
    },
    externalIds: {
      create: answer("externalIds.create", "0123456789abcdef"),
      get: answer("externalIds.get", "0123456789abcdef", "external_id_not_found"),
      delete: answer("externalIds.delete", "0123456789abcdef", "external_id_not_found"),
    },
    integrations: {
      list: answer("integrations.list", wirePage),
      get: integration("integrations.get", samples.integration),
      create: answer("integrations.create", samples.integration),
      createAll: answer("integrations.createAll", { items: [samples.integration], notCreated: [] }),
      update: integration("integrations.update", samples.integration),
      remove: integration("integrations.remove", samples.integration),
      enable: integration("integrations.enable", samples.integration),
      disable: integration("integrations.disable", samples.integration),
      undelete: integration("integrations.undelete", samples.integration),
      search: answer("integrations.search", wirePage),
      facet: answer("integrations.facet", samples.pageOf("production")),
      facets: answer("integrations.facets", { facets: { name: ["production"] }, limit: 100 }),
      preview: answer("integrations.preview", samples.integrationPreview),
      accounts: integration("integrations.accounts", samples.pageOf(samples.integrationAccount)),
      advise: integration("integrations.advise", samples.integrationAdvice),
      summaries: answer("integrations.summaries", samples.pageOf(samples.integrationSummary)),
      summary: integration("integrations.summary", samples.integrationSummary),
    },
    collection: {
      owed: answer("collection.owed", samples.pageOf(samples.owedWindow)),
      gaps: answer("collection.gaps", samples.pageOf(samples.gap)),
      completeness: answer("collection.completeness", { items: [samples.completeness] }),
    },
    outputs: {
      get: integration("outputs.get", samples.outputs),
      update: integration("outputs.update", samples.outputs),
      scrape: async (...args) => Readable.from([await integration("outputs.scrape", "# EOF\n")(...args)]),
      range: async (...args) => Readable.from([await answer("outputs.range", "# EOF\n")(...args)]),
    },
    runs: {
      list: answer("runs.list", samples.pageOf(samples.run)),
      get: answer("runs.get", samples.run, "run_not_found"),
      start: integration("runs.start", undefined),
    },
    logs: {
      access: {
        group: async (action, group) => ({ action: `logs:${action}`, resource: logArn(group) }),
        stream: async (action, group, stream) => ({
          action: `logs:${action}`,
          resource: `${logArn(group)}:log-stream:${stream}`,
        }),
        anyGroup: (action) => ({ action: `logs:${action}`, resource: logArn("") }),
      },
      groups: answer("logs.groups", samples.pageOf(samples.logGroup)),
      group: logGroup("logs.group", samples.logGroup),
      createGroup: answer("logs.createGroup", samples.logGroup),
      setRetention: logGroup("logs.setRetention", samples.logGroup),
      setBearerTokenAuthentication: logGroup("logs.setBearerTokenAuthentication", samples.logGroup),
      setDeletionProtection: logGroup("logs.setDeletionProtection", samples.logGroup),
      deleteGroup: logGroup("logs.deleteGroup", undefined),
      streams: answer("logs.streams", samples.pageOf(samples.logStream)),
      createStream: logGroup("logs.createStream", samples.logStream),
      deleteStream: logGroup("logs.deleteStream", undefined),
      events: answer("logs.events", { items: [samples.logEvent], nextCursor: null }),
      histogram: answer("logs.histogram", {
        stepMs: 60_000,
        buckets: [{ startMs: 0, count: 1 }],
        total: 1,
      }),
      tail: answer("logs.tail", { items: [samples.logEvent], cursor: "1" }),
      putEvents: answer("logs.putEvents", {
        accepted: 1,
        rejected: { tooOld: 0, tooNew: 0, expired: 0 },
      }),
      rejections: answer("logs.rejections", { items: [samples.logRejection] }),
    },
    logEndpoint: () => ({ url: null, port: 8088, tls: false }),
    keys: {
      access: {
        list: () => onUser("ListServiceSpecificCredentials", "*"),
        create: ({ userName, createUser }) => [
          ...onUser("CreateServiceSpecificCredential", userName),
          ...(createUser ? onUser("CreateUser", userName) : []),
          ...(createUser ? onUser("AttachUserPolicy", userName, { "iam:PolicyARN": attachedArn }) : []),
        ],
        update: () => onUser("UpdateServiceSpecificCredential", "alice"),
        reset: () => onUser("ResetServiceSpecificCredential", "alice"),
        delete: () => onUser("DeleteServiceSpecificCredential", "alice"),
      },
      list: answer("keys.list", samples.pageOf(samples.apiKey)),
      create: answer("keys.create", { ...samples.apiKey, secret: "ACWLsecret" }),
      update: answer("keys.update", samples.apiKey, "api_key_not_found"),
      reset: answer("keys.reset", { ...samples.apiKey, secret: "ACWLsecret" }, "api_key_not_found"),
      delete: answer("keys.delete", undefined, "api_key_not_found"),
    },
    audit: { find: answer("audit.find", { items: [samples.trailEvent], nextCursor: null }) },
    metrics: {
      findNamespaces: answer("metrics.findNamespaces", {
        items: [{ namespace: "AWS/EC2", metrics: 1, series: 1 }],
      }),
      findMetrics: answer("metrics.findMetrics", samples.pageOf()),
      findDimensions: answer("metrics.findDimensions", { items: [] }),
      findSeries: answer("metrics.findSeries", samples.pageOf()),
      query: answer("metrics.query", samples.metricResult),
      findChanges: answer("metrics.findChanges", samples.pageOf(samples.metricChange)),
      findDelays: answer("metrics.findDelays", { items: [samples.metricDelay] }),
      toCsv: () => "time,value\r\n",
    },
    spending: { get: answer("spending.get", samples.spending) },
    overview: { get: answer("overview.get", samples.overview) },
    settings: {
      get: answer("settings.get", serverSettings),
      update: answer("settings.update", serverSettings),
    },
    vault: {
      status: answer("vault.status", samples.vaultStatus),
      rotate: answer("vault.rotate", samples.vaultStatus),
    },
  };
  return { services, calls };
}

const logArn = (group: string) => `arn:aws:logs:us-east-1:000000000000:log-group:${group}`;

const serverSettings = {
  accountId: "000000000000",
  baseCredentialId: null,
  version: "0.0.0",
  stores: { database: "embedded" as const, telemetry: "embedded" as const },
};

type Answer = <A extends unknown[], T>(
  name: string,
  value: T,
  notFound?: ErrorCode,
) => (...args: A) => Promise<T>;

function fakeIdentity(answer: Answer): IdentityServices {
  const expiresAt = new Date("2030-01-01T00:00:00Z");
  const session = { principal: principalWith("AdministratorAccess", "session"), csrfToken, expiresAt };
  const known = new Map(managedPolicyNames.map((policy) => [tokenOf(policy), principalWith(policy)]));
  const token = {
    id: "1",
    name: "ci",
    hint: "abcd",
    createdAt: "2026-01-01T00:00:00.000Z",
    expiresAt: null,
    lastUsedAt: null,
    status: "active" as const,
  };
  return {
    sessions: {
      signIn: async (input) => {
        if (input.password !== password) throw new AppError("login_failed");
        return { cookieValue, session: describeCaller(session.principal, session) };
      },
      resolve: async (value) => (value === cookieValue ? session : undefined),
      signOut: answer("sessions.signOut", undefined),
      changePassword: answer("sessions.changePassword", undefined),
    },
    tokens: {
      access: {
        list: ({ name }) => onUser("ListServiceSpecificCredentials", name),
        create: ({ name }) => onUser("CreateServiceSpecificCredential", name),
        delete: ({ name }) => onUser("DeleteServiceSpecificCredential", name),
      },
      resolve: async (value) => known.get(value),
      list: answer("tokens.list", { items: [token] }),
      create: answer("tokens.create", { ...token, value: "nepho_new" }),
      delete: async (_caller, id) => {
        if (id === "missing") throw new AppError("token_not_found");
      },
    },
    users: {
      access: {
        list: () => onUser("ListUsers", ""),
        create: ({ name }) => onUser("CreateUser", name),
        update: (name) => onUser("UpdateUser", name),
        delete: (name) => onUser("DeleteUser", name),
      },
      list: answer("users.list", samples.pageOf(samples.user)),
      create: answer("users.create", samples.user),
      update: answer("users.update", samples.user, "user_not_found"),
      delete: answer("users.delete", undefined, "user_not_found"),
    },
    policies: { list: async () => ({ items: [] }) },
    authorize: (principal, question) => requireAccess(principal, policiesOf(principal), question),
    describeCaller,
  };
}

function describeCaller(principal: Principal, session?: { csrfToken: string; expiresAt: Date }): Session {
  return {
    user: principal.name,
    arn: principal.arn,
    accountId: principal.accountId,
    policies: [...principal.policies],
    allowedOperations: allowedOperations(principal, policiesOf(principal)),
    ...(session && { csrfToken: session.csrfToken, expiresAt: session.expiresAt.toISOString() }),
  };
}

/** A principal of these tests has one of AWS's policies, and its name. */
function policiesOf(principal: Principal) {
  return Object.values(managedPolicies)
    .filter(({ name }) => principal.policies.includes(name))
    .map(({ compiled }) => compiled);
}

function onUser(
  verb: string,
  name: string,
  context: NonNullable<AccessQuestion["context"]> = {},
): AccessQuestion[] {
  return [{ action: `iam:${verb}`, resource: `arn:aws:iam::000000000000:user/${name}`, context }];
}
