import type { Clock, Log, Random } from "../src/base/index.ts";
import {
  defaultWireLimits,
  isFailure,
  isServiceName,
  loadServiceModel,
  ProtocolError,
  parseAuthorization,
  type ReadOperation,
  readRequest,
  type ServiceModel,
  type ServiceName,
  selectDialect,
  sigV4Error,
  verifySigV4,
  type WireRequest,
  type WireResponse,
} from "../src/protocols/index.ts";
import type { Accounts, FoundKey, SimulatedPrincipal } from "./accounts.ts";
import type { Calls } from "./calls.ts";
import { type ActiveFault, type Faults, faultError, spoilPage, throttled } from "./faults.ts";
import { actionOf, assertAllowed } from "./permissions.ts";
import type { QuotaGuard } from "./quotas.ts";
import { regionStatus } from "./regions.ts";
import { readMetricDataJson, writeMetricDataJson } from "./services/metric-data-json.ts";
import { services } from "./services/services.ts";
import type { LatePoints } from "./signals/lateness.ts";
import type { World } from "./world.ts";

/** Outcomes that are no HTTP answer: the socket is closed, or stays silent. */
export type NoAnswer = "reset" | "hang";

/** The parts of a simulated AWS that decide about a call. */
export interface SimulatedAws {
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly world: World;
  /** Undefined when CloudWatch may be called without limit. */
  readonly quotas: QuotaGuard | undefined;
  /** Undefined when every point arrives complete and on time. */
  readonly late: LatePoints | undefined;
  readonly listingDelayMs: number;
  readonly sessionSecondsMax: number | undefined;
  now(): number;
}

export interface AnswerDeps {
  readonly simulator: SimulatedAws;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log | undefined;
}

/** What is known about a call while it is being answered. */
interface CallState {
  readonly model: ServiceModel;
  readonly service: ServiceName;
  readonly region: string;
  /** The operation and its input, or why they could not be read. */
  readonly read: ReadOperation | ProtocolError;
  readonly fault: ActiveFault | undefined;
  principal: SimulatedPrincipal | undefined;
}

/**
 * The path of one call, in the order in which AWS decides: who signed it, whether the request makes sense, whether
 * the signer may, and then the operation. Faults of the network come before all of it.
 */
export async function answerCall(deps: AnswerDeps, request: WireRequest): Promise<WireResponse | NoAnswer> {
  const requestId = deps.random.uuid();
  const state = await beginCall(deps, request);
  if (state.fault?.kind === "slow") await deps.clock.sleep(state.fault.delayMs);
  if (state.fault?.kind === "reset" || state.fault?.kind === "hang") {
    record(deps, state, 0, state.fault.kind);
    return state.fault.kind;
  }
  if (state.fault?.kind === "html") {
    record(deps, state, 200, "html");
    return htmlPage();
  }
  const dialect = selectDialect(state.model, request);
  try {
    const output = await perform(deps, state, request);
    record(deps, state, 200, undefined);
    const { operation } = readOrThrow(state);
    if (operation.name === "GetMetricData" && dialect.id === "aws-json-1.0")
      return jsonAnswer(writeMetricDataJson(output), requestId);
    return dialect.writeResult(state.model, operation, output as Record<string, unknown>, requestId);
  } catch (error) {
    const protocolError = toProtocolError(deps, error);
    record(deps, state, protocolError.status, protocolError.code);
    return dialect.writeError(state.model, protocolError, requestId);
  }
}

async function beginCall(deps: AnswerDeps, request: WireRequest): Promise<CallState> {
  const authorization = parseAuthorization(request);
  const scope = isFailure(authorization) ? undefined : authorization;
  // Without a scope only STS is asked: it alone takes unsigned calls.
  const service = scope && isServiceName(scope.service) ? scope.service : "sts";
  const model = await loadServiceModel(service);
  const read = tryRead(model, request);
  const operation = read instanceof ProtocolError ? undefined : read.operation.name;
  return {
    model,
    service,
    region: scope?.region ?? "us-east-1",
    read,
    fault: deps.simulator.faults.draw(service, operation),
    principal: undefined,
  };
}

function tryRead(model: ServiceModel, request: WireRequest): ReadOperation | ProtocolError {
  try {
    const input = model.operations.has("GetMetricData") ? readMetricDataJson(request) : undefined;
    const operation = input && model.operations.get("GetMetricData");
    if (operation) return { operation, input: input as object as Record<string, unknown> };
    return readRequest(model, request, defaultWireLimits);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

async function perform(deps: AnswerDeps, state: CallState, request: WireRequest): Promise<object> {
  const { simulator } = deps;
  const unsigned = isUnsignedCall(state, request);
  if (!unsigned) state.principal = await authenticate(deps, state, request);
  throwFault(state);
  const { operation, input } = readOrThrow(state);
  const handle = services[state.service].handlers[operation.name];
  if (!handle)
    throw new ProtocolError(
      state.service === "sts" || state.service === "iam" ? "InvalidAction" : "UnknownOperationException",
      `The simulator does not know ${operation.name}.`,
    );
  if (state.principal) authorize(state, operation.name);
  assertWithinQuota(deps, state, operation.name, input);
  const output = handle(input, {
    principal: state.principal,
    region: state.region,
    nowMs: simulator.now(),
    accounts: simulator.accounts,
    world: simulator.world,
    late: simulator.late,
    listingDelayMs: simulator.listingDelayMs,
    calls: simulator.calls,
    fault: state.fault,
    sessionSecondsMax: simulator.sessionSecondsMax,
  });
  return spoilPage(state.fault?.kind, input, output);
}

function assertWithinQuota(
  { simulator }: AnswerDeps,
  { principal, region, service }: CallState,
  operation: string,
  input: ReadOperation["input"],
): void {
  if (!simulator.quotas || !principal || service !== "monitoring") return;
  const { accountId } = principal;
  if (!simulator.quotas.admits({ operation, accountId, region, atMs: simulator.now(), input }))
    throw throttled(service);
}

/** A web identity is its own proof. */
function isUnsignedCall(state: CallState, request: WireRequest): boolean {
  return (
    request.headers.authorization === undefined &&
    !(state.read instanceof ProtocolError) &&
    state.service === "sts" &&
    state.read.operation.name === "AssumeRoleWithWebIdentity"
  );
}

async function authenticate(
  { simulator }: AnswerDeps,
  state: CallState,
  request: WireRequest,
): Promise<SimulatedPrincipal> {
  const outcome = await verifySigV4<SimulatedPrincipal>(request, {
    now: simulator.now,
    findSecret: async (accessKeyId) => usableIn(state.region, simulator.accounts.findKey(accessKeyId)),
    services: Object.keys(services),
    regions: Object.keys(regionStatus),
  });
  if (!outcome.ok) throw sigV4Error(state.model.authentication, outcome.failure);
  return outcome.identity.principal;
}

/** In a region that the account has not opted into, its keys are unknown. */
function usableIn(region: string, key: FoundKey | undefined): FoundKey | undefined {
  return regionStatus[region] === "not-opted-in" ? undefined : key;
}

function throwFault(state: CallState): void {
  const kind = state.fault?.kind;
  if (kind === undefined) return;
  if (kind === "expired-token")
    throw sigV4Error(state.model.authentication, {
      reason: "expired-token",
      message: "The security token included in the request is expired",
    });
  if (kind === "access-denied" && state.principal && !(state.read instanceof ProtocolError))
    assertAllowed(
      { arn: state.principal.arn, permissions: { allow: [], deny: [] } },
      state.service,
      actionOf(state.service, state.read.operation.name),
    );
  const error = faultError(kind, state.service);
  if (error) throw error;
}

/** GetCallerIdentity is always allowed; AssumeRole is decided together with the role's trust. */
function authorize(state: CallState, operation: string): void {
  if (state.service === "sts" || !state.principal) return;
  assertAllowed(state.principal, state.service, actionOf(state.service, operation));
}

function readOrThrow(state: CallState): ReadOperation {
  if (state.read instanceof ProtocolError) throw state.read;
  return state.read;
}

function toProtocolError(deps: AnswerDeps, error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  deps.log?.error("the simulator failed", { error });
  return new ProtocolError("InternalFailure", "The simulator itself failed; its log has the reason.", {
    status: 500,
  });
}

function record(deps: AnswerDeps, state: CallState, status: number, code: string | undefined): void {
  deps.simulator.calls.record({
    atMs: deps.simulator.now(),
    service: state.service,
    operation: state.read instanceof ProtocolError ? "Unknown" : state.read.operation.name,
    accountId: state.principal?.accountId,
    region: state.region,
    status,
    code,
  });
}

function jsonAnswer(text: string, requestId: string): WireResponse {
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": requestId },
    body: Buffer.from(text),
  };
}

/** What a captive portal answers in AWS's place. */
function htmlPage(): WireResponse {
  return {
    status: 200,
    headers: { "content-type": "text/html" },
    body: new TextEncoder().encode(
      "<!DOCTYPE html><html><body><h1>Please sign in to the network</h1></body></html>",
    ),
  };
}
