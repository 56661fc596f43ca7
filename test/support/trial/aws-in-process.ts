import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import type { KeyPair, Simulator } from "../../../simulator/index.ts";
import type { ApiCall, AwsService } from "../../../src/aws/index.ts";
import type { AwsSession } from "../../../src/integrations/index.ts";
import { answerInProcess } from "../sdk-in-process.ts";

/** As the product's own clients have them. */
const attemptsMax = 3;

export const trialRegion = "us-east-1";

/** How one simulated process reaches the simulated AWS: real SDK clients, no sockets, and no real waiting between attempts. */
export interface AwsInProcess {
  readonly session: AwsSession;
  readonly cloudWatch: CloudWatchClient;
  /** After so many more calls none is answered any more. */
  hangAfter(calls: number): void;
  /** Whether a call is waiting for an answer that will never come. */
  readonly hanging: boolean;
}

export function connectInProcess(simulator: Simulator, keys: KeyPair): AwsInProcess {
  let callsLeft = Number.POSITIVE_INFINITY;
  let hanging = false;
  const requestHandler = answerInProcess(async (request) => {
    if (--callsLeft < 0) {
      hanging = true;
      return new Promise<never>(() => {});
    }
    return simulator.handle(request);
  });
  const newClient = (service: AwsService, region: string, listeners: readonly Listener[]) =>
    createClient(simulator, service, region, listeners, { credentials: keys, requestHandler });
  const session = createSession(newClient, []);
  return {
    session,
    cloudWatch: newClient("monitoring", trialRegion, []) as CloudWatchClient,
    hangAfter: (calls) => {
      callsLeft = calls;
    },
    get hanging() {
      return hanging;
    },
  };
}

type Listener = (call: ApiCall) => void;
type Client = CloudWatchClient | IAMClient | STSClient | ResourceGroupsTaggingAPIClient;
type NewClient = (service: AwsService, region: string, listeners: readonly Listener[]) => Client;

function createSession(newClient: NewClient, listeners: readonly Listener[]): AwsSession {
  const clients = new Map<string, Client>();
  const client = (service: AwsService, region: string = trialRegion) => {
    const key = `${service} ${region}`;
    const known = clients.get(key) ?? newClient(service, region, listeners);
    clients.set(key, known);
    return known;
  };
  return {
    region: trialRegion,
    client: client as AwsSession["client"],
    identity: async () => {
      const answer = await (client("sts") as STSClient).send(new GetCallerIdentityCommand({}));
      return { accountId: answer.Account ?? "", arn: answer.Arn ?? "", userId: answer.UserId ?? "" };
    },
    withAccounting: (listener) => createSession(newClient, [...listeners, listener]),
  };
}

const constructors = {
  monitoring: CloudWatchClient,
  iam: IAMClient,
  sts: STSClient,
  tagging: ResourceGroupsTaggingAPIClient,
};

function createClient(
  simulator: Simulator,
  service: AwsService,
  region: string,
  listeners: readonly Listener[],
  settings: object,
): Client {
  const Constructor = constructors[service as keyof typeof constructors] as new (settings: object) => Client;
  if (!Constructor) throw new Error(`The trial has no client for ${service}.`);
  const client = new Constructor({
    ...settings,
    region,
    endpoint: "http://aws.test",
    retryStrategy: new ConfiguredRetryStrategy(attemptsMax, 0),
  });
  const stack = client.middlewareStack as unknown as Stack;
  stack.remove("loggerMiddleware");
  stack.add(
    (next) => (args) => {
      // Requests are signed at the simulated time.
      client.config.systemClockOffset = simulator.now() - Date.now();
      return next(args);
    },
    { step: "build" },
  );
  stack.add(reporting(service, region, listeners), { step: "deserialize", priority: "high" });
  return client;
}

type Middleware = (
  next: (args: unknown) => Promise<unknown>,
  context: { commandName?: string },
) => (args: unknown) => Promise<unknown>;

interface Stack {
  add(middleware: Middleware, options: { step: string; priority?: string }): void;
  remove(name: string): boolean;
}

/** Each attempt of each call, as the product's clients report them. */
function reporting(service: AwsService, region: string, listeners: readonly Listener[]): Middleware {
  return (next, context) => async (args) => {
    const operation = (context.commandName ?? "").replace(/Command$/, "");
    const report = (ok: boolean) => {
      const call: ApiCall = { service, operation, region, recordId: "trial", ok, durationMs: 0 };
      for (const listener of listeners) listener(call);
    };
    try {
      const result = await next(args);
      report(true);
      return result;
    } catch (error) {
      report(false);
      throw error;
    }
  };
}
