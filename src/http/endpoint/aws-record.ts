import { AppError } from "../../base/index.ts";
import type { AwsOperation, TrailEventInput, TrailEventResult } from "../../contract/index.ts";
import { type OperationModel, ProtocolError, type ServiceModel } from "../../protocols/index.ts";
import { trailIdentityOf } from "../../trail/index.ts";
import { hidden } from "../audit/mask.ts";
import type { OutcomeWords } from "../audit/recording.ts";
import { toProtocolError } from "./aws-errors.ts";
import type { AwsInvocation } from "./aws-invocation.ts";

type Schema = OperationModel["input"];
type Values = Readonly<Record<string, unknown>>;

/** What a CloudTrail record says about a call before it is made. */
export async function trailEventOf(
  { service, operation, served, input, call, facts }: AwsInvocation,
  tlsDetails: Readonly<Record<string, string>> | undefined,
): Promise<TrailEventInput> {
  const { model } = service;
  const parameters = describe(operation.input, input, served) as Values | undefined;
  return {
    eventTimeMs: facts.nowMs,
    eventSource: `${model.name}.amazonaws.com`,
    eventName: operation.name,
    userIdentity: trailIdentityOf(call.principal),
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    requestId: call.requestId,
    readOnly: served.readOnly,
    eventCategory: "Management",
    requestParameters: parameters && Object.keys(parameters).length > 0 ? parameters : null,
    resources: (await served.resources?.(input as never, call)) ?? [],
    apiVersion: apiVersionOf(model),
    ...(tlsDetails && { tlsDetails }),
  };
}

/** Services that speak JSON write it as in their target, `Logs_20140328`. */
function apiVersionOf({ version, authentication }: ServiceModel): string {
  return authentication === "json" ? version.replaceAll("-", "") : version;
}

/** What it says afterwards. */
export function outcomeWordsOf({ service, operation, served }: AwsInvocation): OutcomeWords<object> {
  return {
    result: (output) => {
      const isRecorded = !served.readOnly || served.recordsAnswer;
      const elements = isRecorded ? (describe(operation.output, output, served) as Values) : undefined;
      return {
        responseElements: elements && Object.keys(elements).length > 0 ? elements : null,
      };
    },
    failure: (error) => failureOf(error, service.model.authentication),
  };
}

function failureOf(error: unknown, style: Parameters<typeof toProtocolError>[1]): TrailEventResult {
  // CloudTrail knows one name for it, whatever the service calls it on the wire.
  if (error instanceof AppError && error.code === "access_denied")
    return { errorCode: "AccessDenied", errorMessage: error.message };
  const { code, message } =
    error instanceof ProtocolError
      ? error
      : toProtocolError(error instanceof AppError ? error : new AppError("internal"), style);
  return { errorCode: code, errorMessage: message };
}

/**
 * A value in the words of a record: members begin with a lower-case letter, dates are text, bytes are left out, and what
 * the operation or the schema calls secret is hidden.
 */
function describe(
  schema: Schema,
  value: unknown,
  { secretMembers = [] }: AwsOperation<never, object>,
): unknown {
  const walk = (at: Schema, item: unknown): unknown => {
    if (item === undefined || item === null) return undefined;
    if (at.isStructSchema()) return Object.fromEntries(membersOf(at, item as Values));
    if (at.isListSchema()) return (item as unknown[]).map((each) => walk(at.getValueSchema(), each));
    if (at.isMapSchema())
      return Object.fromEntries(
        Object.entries(item as Values).map(([key, each]) => [key, walk(at.getValueSchema(), each)]),
      );
    if (item instanceof Date) return item.toISOString();
    if (ArrayBuffer.isView(item)) return undefined;
    return typeof item === "bigint" ? item.toString() : item;
  };
  const membersOf = (at: Schema, item: Values) =>
    [...at.structIterator()].flatMap(([name, member]) => {
      const secret =
        secretMembers.includes(name) || (member.getMergedTraits() as { sensitive?: 1 }).sensitive === 1;
      const described = item[name] !== undefined && secret ? hidden : walk(member, item[name]);
      return described === undefined ? [] : [[lowerFirst(name), described] as const];
    });
  return schema.isUnitSchema() ? undefined : walk(schema, value);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
