import type { FastifyInstance } from "fastify";
import { Registry } from "prom-client";
import { AppError, createLog, systemRandom } from "../../base/index.ts";
import type {
  AccessQuestion,
  AwsApi,
  Principal,
  RequestFacts,
  TrailEventInput,
  TrailEventResult,
  TrailRecorder,
} from "../../contract/index.ts";
import { ProtocolError, verifySigV4 } from "../../protocols/index.ts";
import { createEndpointApp, type EndpointDeps } from "../endpoint-listener.ts";
import type { EndpointServices } from "../endpoint-services.ts";

export const accessKey = {
  accessKeyId: "AKIAEXAMPLEEXAMPLE00",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

export const alice: Principal = {
  kind: "user",
  id: "AIDAEXAMPLEEXAMPLE000",
  name: "alice",
  arn: "arn:aws:iam::123456789012:user/alice",
  accountId: "123456789012",
  policies: [],
  proof: { kind: "sigv4", id: accessKey.accessKeyId },
};

/** What became of one call in the trail: `begun` and `finished` for changes, `written` for all others. */
export interface Trace {
  readonly step: "begun" | "finished" | "written";
  readonly event: TrailEventInput;
  readonly result?: TrailEventResult;
}

export interface TestEndpoint {
  readonly app: FastifyInstance;
  readonly logLines: string[];
  readonly trail: Trace[];
  /** Calls that reached a handler, by operation. */
  readonly handled: { operation: string; input: unknown }[];
  readonly asked: AccessQuestion[];
  readonly facts: RequestFacts[];
  readonly state: { trailError?: AppError; denied?: boolean };
}

/** The endpoint with two small APIs in front of real signatures, without a socket. */
export async function createTestEndpoint(
  change: Partial<EndpointDeps> & { ingest?: EndpointServices["ingest"] } = {},
): Promise<TestEndpoint> {
  const { ingest, ...deps } = change;
  const logLines: string[] = [];
  const parts = createFakeEndpointServices();
  const app = await createEndpointApp({
    log: createLog({ level: "trace", write: (line) => logLines.push(line) }),
    clock: { now: () => nowMs, monotonic: () => 0, sleep: () => new Promise(() => {}) },
    random: systemRandom,
    registry: new Registry(),
    stores: {},
    services: { ...parts.services, ...(ingest && { ingest }) },
    ...deps,
  });
  const { trail, handled, asked, facts, state } = parts;
  return { app, logLines, trail, handled, asked, facts, state };
}

export const nowMs = Date.UTC(2026, 10, 21, 9);

export function createFakeEndpointServices(
  now: () => number = () => nowMs,
): Omit<TestEndpoint, "app" | "logLines"> & { services: EndpointServices } {
  const recorded = { trail: [] as Trace[], handled: [] as TestEndpoint["handled"] };
  const asked: AccessQuestion[] = [];
  const facts: RequestFacts[] = [];
  const state: TestEndpoint["state"] = {};
  const services: EndpointServices = {
    accountId: "123456789012",
    region: "us-east-1",
    apis: fakeApis(recorded.handled),
    trail: fakeTrail(recorded.trail, state),
    identity: {
      signatures: {
        verify: (request, options) =>
          verifySigV4<Principal>(request, {
            ...options,
            now,
            findSecret: async (id) =>
              id === accessKey.accessKeyId
                ? { secretAccessKey: accessKey.secretAccessKey, principal: alice }
                : undefined,
          }),
      },
      authorize: (_principal, question, told) => {
        asked.push(question);
        facts.push(told);
        if (state.denied) throw new AppError("access_denied", { message: "alice may not." });
      },
    },
  };
  return { ...recorded, asked, facts, state, services };
}

function fakeTrail(traces: Trace[], state: TestEndpoint["state"]): TrailRecorder {
  const note = (trace: Trace) => {
    if (state.trailError) throw state.trailError;
    traces.push(trace);
  };
  return {
    begin: async (event) => {
      note({ step: "begun", event });
      return { finish: async (result) => note({ step: "finished", event, result }) };
    },
    write: async (event, result) => note({ step: "written", event, result }),
    note: (event, result) => note({ step: "written", event, result }),
  };
}

interface Names {
  readonly logGroupName?: string;
  readonly UserName?: string;
}

/** Names decide what happens: `missing` does not exist, `broken` is a fault, `full` finds no room. */
function fakeApis(handled: TestEndpoint["handled"]): AwsApi[] {
  const answer =
    (operation: string, output: object) =>
    (input: Names): object => {
      handled.push({ operation, input });
      const name = input.logGroupName ?? input.UserName;
      if (name === "missing")
        throw new ProtocolError("ResourceNotFoundException", "The specified log group does not exist.");
      if (name === "full") throw new AppError("storage_full");
      if (name === "broken") throw new TypeError("internal words");
      return output;
    };
  const group = ({ logGroupName = "" }: Names) =>
    `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`;
  const user = ({ UserName = "" }: Names) => `arn:aws:iam::123456789012:user/${UserName}`;
  return [
    {
      service: "logs",
      operations: {
        CreateLogGroup: {
          readOnly: false,
          audit: "management",
          access: (input: Names) => [{ action: "logs:CreateLogGroup", resource: group(input) }],
          resources: (input: Names) => [{ type: "AWS::Logs::LogGroup", ARN: group(input) }],
          handle: answer("CreateLogGroup", {}),
        },
        DescribeLogGroups: {
          readOnly: true,
          audit: "management",
          access: () => [{ action: "logs:DescribeLogGroups", resource: "*" }],
          handle: answer("DescribeLogGroups", { logGroups: [{ logGroupName: "a", creationTime: 1 }] }),
        },
        PutLogEvents: {
          readOnly: false,
          audit: "none",
          access: (input: Names) => [{ action: "logs:PutLogEvents", resource: group(input) }],
          handle: answer("PutLogEvents", { nextSequenceToken: "1" }),
        },
      },
    },
    {
      service: "iam",
      operations: {
        CreateAccessKey: {
          readOnly: false,
          audit: "management",
          access: (input: Names) => [{ action: "iam:CreateAccessKey", resource: user(input) }],
          handle: answer("CreateAccessKey", {
            AccessKey: {
              UserName: "alice",
              AccessKeyId: "AKIANEW",
              SecretAccessKey: "new-secret",
              Status: "Active",
              CreateDate: new Date(nowMs),
            },
          }),
        },
        CreateLoginProfile: {
          readOnly: false,
          audit: "management",
          access: (input: Names) => [{ action: "iam:CreateLoginProfile", resource: user(input) }],
          handle: answer("CreateLoginProfile", {
            LoginProfile: { UserName: "alice", CreateDate: new Date(nowMs) },
          }),
        },
        GetUser: {
          readOnly: true,
          audit: "management",
          access: (input: Names) => [{ action: "iam:GetUser", resource: user(input) }],
          handle: answer("GetUser", {
            User: {
              Path: "/",
              UserName: "alice",
              UserId: alice.id,
              Arn: alice.arn,
              CreateDate: new Date(nowMs),
            },
          }),
        },
      },
    },
  ];
}
