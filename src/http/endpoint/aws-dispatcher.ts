import type { Log } from "../../base/index.ts";
import type { AwsOperation, Principal, RequestFacts } from "../../contract/index.ts";
import {
  defaultWireLimits,
  openRequest,
  ProtocolError,
  type SigV4Failure,
  selectDialect,
  sigV4Error,
  type WireLimits,
  type WireRequest,
  type WireResponse,
} from "../../protocols/index.ts";
import type { EndpointServices } from "../endpoint-services.ts";
import type { RequestRates } from "../server/request-rates.ts";
import type { RequestState } from "../server/request-state.ts";
import { invoke } from "./aws-invoke.ts";
import type { AwsService, AwsServices } from "./aws-services.ts";

/** Escapes of JSON make up to six bytes of one: the largest PutLogEvents, of 1 MiB, has to fit. */
export const awsWireLimits: WireLimits = { ...defaultWireLimits, bodyBytesMax: 6 * 1024 * 1024 };

export interface DispatcherDeps extends Omit<EndpointServices, "apis" | "ingest"> {
  readonly services: AwsServices;
  readonly log: Log;
  /** Of calls that administer or look things up. */
  readonly rates: RequestRates;
  /** Of calls that carry data. */
  readonly dataRates: RequestRates;
}

/** What is known of a request besides its bytes. */
export interface Arrival {
  readonly requestId: string;
  readonly facts: RequestFacts;
  readonly tlsDetails?: Readonly<Record<string, string>> | undefined;
  /** Learns who called what, for the log line and the metrics. */
  readonly state: RequestState;
}

export interface AwsDispatcher {
  /** One call of an AWS API, from its bytes to its answer. Throws ProtocolError and AppError. */
  answer(request: WireRequest, arrival: Arrival): Promise<WireResponse>;
}

export function createAwsDispatcher(deps: DispatcherDeps): AwsDispatcher {
  const { services, accountId, region } = deps;
  return {
    answer: async (request, arrival) => {
      const { requestId, facts, state, tlsDetails } = arrival;
      const service = services.select(request);
      const principal = await authenticate(request, service, arrival, deps);
      state.caller = principal;
      const { operation, readInput } = openRequest(service.model, request, awsWireLimits);
      state.operation = `${service.model.name}:${operation.name}`;
      const served = findServed(service, operation.name);
      (served.audit === "none" ? deps.dataRates : deps.rates).take(principal.arn);
      const input = readInput();
      const { sourceIp, userAgent, secure } = facts;
      const call = { principal, accountId, region, requestId, sourceIp, userAgent, secure };
      const output = await invoke({ service, operation, served, input, call, facts, tlsDetails }, deps);
      return selectDialect(service.model, request).writeResult(
        service.model,
        operation,
        output as Record<string, unknown>,
        requestId,
      );
    },
  };
}

async function authenticate(
  request: WireRequest,
  { model }: AwsService,
  { facts }: Arrival,
  { identity, services, rates }: DispatcherDeps,
): Promise<Principal> {
  const outcome = await identity.signatures.verify(request, { services: services.names });
  if (outcome.ok) return outcome.identity.principal;
  rates.take(`address ${facts.sourceIp}`);
  throw sigV4Error(model.authentication, outcome.failure);
}

/** API keys are for sending logs: here they prove nothing, as if they had not been sent. */
export function bearerFailure(authorization: string | undefined): SigV4Failure | undefined {
  if (!/^bearer\b/i.test(authorization ?? "")) return undefined;
  return {
    reason: "missing",
    message:
      "Request is missing Authentication Token. Bearer tokens are accepted by the paths that take log events only; sign this request with an access key.",
  };
}

/** What AWS knows and we do not serve is answered as what AWS does not know, with a text that says which it is. */
function findServed({ api, model }: AwsService, name: string): AwsOperation<never, object> {
  const served = Object.hasOwn(api.operations, name) ? api.operations[name] : undefined;
  if (served) return served;
  const message = `The operation ${name} of the service ${model.name} is not served here.`;
  throw model.authentication === "json"
    ? new ProtocolError("UnknownOperationException", message)
    : new ProtocolError("InvalidAction", message);
}
