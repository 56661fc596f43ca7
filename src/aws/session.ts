import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../base/index.ts";
import type { CallerIdentity } from "../contract/index.ts";
import type { AddressPolicy } from "./address-policy.ts";
import type { OnCall } from "./api-call.ts";
import { type AwsClients, createClient } from "./clients.ts";
import { createHttpHandler } from "./http.ts";
import { cachedIdentity, type Identity, IdentityError } from "./identity.ts";
import { LocalConfigError } from "./local-config-error.ts";
import { methods } from "./methods/index.ts";
import type { MethodDependencies } from "./methods/method.ts";
import { type AwsService, customEndpoint } from "./regions.ts";
import { assumeRole } from "./roles.ts";
import type { AwsIdentitySource, RoleHop } from "./source.ts";

/** Someone in AWS, ready to call. */
export interface AwsSession {
  readonly recordId: string;
  readonly region: string;
  /** A client whose calls are signed with the last role of the chain. Region: the session's, unless another is named. */
  client<S extends AwsService>(service: S, region?: string): AwsClients[S];
  /** Asks STS who the session is. */
  identity(): Promise<CallerIdentity>;
  /** The same session; its clients report their calls to `onCall` as well. */
  withAccounting(onCall: OnCall): AwsSession;
  /** The identities on the way, base first, one per role after it; for the connection test. */
  readonly stages: readonly IdentityStage[];
  /** Tries to assume role number `index` (from 0) with another external ID than its own, undefined for none. */
  assumeWith(index: number, externalId: string | undefined): Promise<void>;
  /** AWS's clock minus ours at the last answer; undefined before the first. */
  clockOffsetMs(): number | undefined;
  /** Host that a call to the service goes to. */
  endpointHost(service: AwsService, region?: string): Promise<string>;
}

export interface IdentityStage {
  /** Throws IdentityError. */
  resolve(): Promise<{ origin: string | undefined; expiresAt: Date | undefined }>;
  identity(): Promise<CallerIdentity>;
}

export interface SessionLimits {
  readonly maxAttempts: number;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly responseBytesMax: number;
}

export interface SessionDependencies
  extends Pick<
    MethodDependencies,
    "clock" | "environment" | "profileFiles" | "allowedProfiles" | "tokenDirectories"
  > {
  readonly policy: AddressPolicy;
  readonly onCall?: OnCall | undefined;
}

/** Nothing is asked here: keys are loaded and roles assumed when the first call needs them. */
export function createSession(
  source: AwsIdentitySource,
  dependencies: SessionDependencies,
  limits: SessionLimits,
): AwsSession & { close(): void } {
  const { clock, environment, policy } = dependencies;
  let offsetMs: number | undefined;
  const handler = createHttpHandler({
    source,
    policy,
    environment,
    ...limits,
    onDate: (serverMs) => {
      // The header has whole seconds, rounded down: half a second is the best guess at the rest.
      offsetMs = serverMs + 500 - clock.now();
    },
  });
  const onCall = dependencies.onCall ? [dependencies.onCall] : [];
  const clientBase = { source, handler, clock, maxAttempts: limits.maxAttempts };
  const sts = (identity: Identity): STSClient =>
    createClient("sts", source.region, identity, { ...clientBase, onCall });

  const chain = createChain(source, dependencies, sts, handler);
  const effective = chain.at(-1) as Identity;

  function view(listeners: readonly OnCall[]): AwsSession {
    const clients = new Map<string, AwsClients[AwsService]>();
    const session: AwsSession = {
      recordId: source.recordId,
      region: source.region,
      client: <S extends AwsService>(service: S, region: string = source.region): AwsClients[S] => {
        const key = `${service} ${region}`;
        const client =
          clients.get(key) ?? createClient(service, region, effective, { ...clientBase, onCall: listeners });
        clients.set(key, client);
        return client as AwsClients[S];
      },
      identity: () => callerIdentity(session.client("sts")),
      withAccounting: (listener) => view([...listeners, listener]),
      stages: chain.map((identity) => ({
        resolve: async () => {
          const keys = await identity();
          return { origin: keys.origin, expiresAt: keys.expiration };
        },
        identity: () => callerIdentity(sts(identity)),
      })),
      assumeWith: async (index, externalId) => {
        const before = chain[index];
        const hop = source.roleChain[index];
        if (!before || !hop) throw new RangeError(`The chain has no role number ${index}.`);
        await assumeRole(sts(before), { ...hop, externalId });
      },
      clockOffsetMs: () => offsetMs,
      endpointHost: (service, region) => endpointHost(session, source, service, region),
    };
    return session;
  }
  return Object.assign(view(onCall), { close: () => handler.destroy() });
}

/** The base identity and, on top of each, the next role. Each is cached by itself. */
function createChain(
  source: AwsIdentitySource,
  dependencies: SessionDependencies,
  sts: (identity: Identity) => STSClient,
  handler: MethodDependencies["handler"],
): Identity[] {
  const { clock } = dependencies;
  const method = methods[source.method];
  const noKeys = async () => {
    throw new LocalConfigError("This call is not signed.");
  };
  const methodDependencies: MethodDependencies = {
    ...dependencies,
    handler,
    sts: (keys = noKeys) => sts(cachedIdentity(clock, keys, false)),
  };
  const base = cachedIdentity(
    clock,
    () =>
      method.load(source, methodDependencies).catch((cause) => {
        throw new IdentityError(
          "base",
          `The base credentials (method ${source.method}) could not be had.`,
          cause,
        );
      }),
    method.refreshable,
  );
  const chain = [base];
  for (const [index, hop] of source.roleChain.entries()) {
    chain.push(roleIdentity(clock, chain[index] as Identity, hop, index + 1, sts));
  }
  return chain;
}

function roleIdentity(
  clock: Clock,
  before: Identity,
  hop: RoleHop,
  number: number,
  sts: (identity: Identity) => STSClient,
): Identity {
  const client = sts(before);
  return cachedIdentity(clock, async () => {
    // Asked for first, so that a failure below the role is not blamed on the role.
    await before();
    try {
      return await assumeRole(client, hop);
    } catch (cause) {
      throw cause instanceof IdentityError
        ? cause
        : new IdentityError(number, `The role ${hop.roleArn} could not be assumed.`, cause);
    }
  });
}

async function callerIdentity(sts: STSClient): Promise<CallerIdentity> {
  const { Account = "", Arn = "", UserId = "" } = await sts.send(new GetCallerIdentityCommand({}));
  if (!Account || !Arn) throw new Error("STS answered without an identity.");
  return { accountId: Account, arn: Arn, userId: UserId };
}

/** Asked of the client itself, so that it is right in every partition. */
async function endpointHost(
  session: AwsSession,
  source: AwsIdentitySource,
  service: AwsService,
  region?: string,
): Promise<string> {
  const custom = customEndpoint(source, service);
  if (custom !== undefined) return new URL(custom).host;
  const { config } = session.client(service, region) as unknown as {
    config: {
      region(): Promise<string>;
      endpointProvider(parameters: object): { url: URL };
    };
  };
  const { url } = config.endpointProvider({
    Region: await config.region(),
    UseFIPS: source.useFipsEndpoint,
    UseDualStack: source.useDualstackEndpoint,
  });
  return url.host;
}
