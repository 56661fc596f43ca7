import type { FastifyRequest } from "fastify";
import { AppError, toAppError } from "../../base/index.ts";
import {
  type ErrorCode,
  type OperationName,
  operations,
  type TrailEventInput,
  type TrailIdentity,
} from "../../contract/index.ts";
import { iamErrorCodeOf } from "../../identity/index.ts";
import { logsErrorCodeOf } from "../../logs/index.ts";
import type { Route } from "../route.ts";
import { addressOf, tlsDetailsOf, userAgentOf } from "../server/request-facts.ts";
import { masked } from "./mask.ts";
import type { OutcomeWords } from "./recording.ts";
import { resourcesOf } from "./resources.ts";

/** Changes nothing that a policy protects, but something that people ask the records for. */
const alsoChanges: readonly OperationName[] = ["session:ChangePassword"];

/** Carries log messages, which no record may hold; AWS makes no management event of it either. */
const dataOperations: readonly OperationName[] = ["logs:PutLogEvents"];

/** Members that hold the data; the others say where it was to go. */
const dataMembers: ReadonlySet<string> = new Set(["events"]);

/** Their only parameter, which stands in the path, is what proves a role to be meant for us. */
const secretPaths: readonly OperationName[] = ["externalIds:Create", "externalIds:Delete", "externalIds:Get"];

/** Whether a call is recorded before it is made. */
export function isRecorded(route: Route, body: unknown): boolean {
  return dataOperations.includes(route.operation) ? mayCreate(body) : isChange(route);
}

function isChange({ method, operation }: Route): boolean {
  return method !== "GET" && (operations[operation].access !== "read" || alsoChanges.includes(operation));
}

/** Sending may make the group and the stream that are missing. */
function mayCreate(body: unknown): boolean {
  return (body as { createMissing?: unknown } | undefined)?.createMissing === true;
}

/** What a record says about a call before its handler runs. */
export function restEventOf(
  request: FastifyRequest,
  route: Route,
  userIdentity: TrailIdentity,
  nowMs: number,
): TrailEventInput {
  const tlsDetails = tlsDetailsOf(request);
  return {
    ...eventNameOf(route.operation),
    eventTimeMs: nowMs,
    userIdentity,
    sourceIPAddress: addressOf(request),
    userAgent: userAgentOf(request),
    requestId: request.id,
    readOnly: !isChange(route),
    eventCategory: "Management",
    requestParameters: parametersOf(request, route),
    resources: resourcesOf((request.state.questions ?? []).map(({ resource }) => resource)),
    ...(tlsDetails && { tlsDetails }),
  };
}

/**
 * What a call does besides, each under the name that IAM has for it: one form of the console makes a user, attaches policies
 * and makes a key, and whoever looks for `CreateUser` has to find it. `event` is that of the call itself.
 */
export function furtherEventsOf(
  request: FastifyRequest,
  { operation }: Route,
  event: TrailEventInput,
): TrailEventInput[] {
  return (request.state.questions ?? [])
    .filter(({ action }) => action.startsWith("iam:") && action !== operation)
    .map(({ action, resource, context }) => {
      const policyArn = context?.["iam:PolicyARN"];
      const policies = typeof policyArn === "string" ? [policyArn] : [];
      return {
        ...event,
        eventName: action.slice("iam:".length),
        requestParameters: { ...event.requestParameters, ...(policies[0] && { policyArn: policies[0] }) },
        resources: resourcesOf([resource, ...policies]),
      };
    });
}

/** AWS's services that have our operations, with their names for our errors. */
const servicesOfAws: ReadonlyMap<string, (code: ErrorCode) => string | undefined> = new Map([
  ["cloudtrail", () => undefined],
  ["iam", iamErrorCodeOf],
  ["logs", logsErrorCodeOf],
]);

/** An operation that AWS has goes by AWS's names, so that one search finds it whichever way it came; ours keep their own. */
function eventNameOf(operation: OperationName): Pick<TrailEventInput, "eventSource" | "eventName"> {
  const [service = "", name = ""] = operation.split(":");
  return servicesOfAws.has(service)
    ? { eventSource: `${service}.amazonaws.com`, eventName: name }
    : { eventSource: "nephoscope.local", eventName: operation };
}

function parametersOf(
  { params, query, body }: FastifyRequest,
  { operation, body: takesBody }: Route,
): Readonly<Record<string, unknown>> | null {
  if (secretPaths.includes(operation)) return null;
  const all = { ...(params as object), ...(query as object), ...(takesBody && (body as object)) };
  const sent = dataOperations.includes(operation) ? withoutData(all) : all;
  return Object.keys(sent).length === 0 ? null : (masked(sent) as Record<string, unknown>);
}

function withoutData(sent: object): object {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !dataMembers.has(name)));
}

/** Of a result only what names the record; the rest may hold a new secret. */
export function restOutcomeWords({ eventSource }: TrailEventInput): OutcomeWords<unknown> {
  return {
    result: (value) => ({ responseElements: namesOf(value) }),
    failure: (error) => {
      const { code, message } = toAppError(error);
      return { errorCode: errorCodeOf(eventSource, code), errorMessage: message };
    },
  };
}

/** The names of what a call answers belong to its own record. */
export function furtherOutcomeWords(event: TrailEventInput): OutcomeWords<unknown> {
  return { ...restOutcomeWords(event), result: () => ({ responseElements: null }) };
}

/** Where the event bears AWS's name its error does, so that one search finds it whichever way it came. */
function errorCodeOf(eventSource: string, code: ErrorCode): string {
  if (code === "access_denied") return "AccessDenied";
  const [service = ""] = eventSource.split(".");
  return servicesOfAws.get(service)?.(code) ?? code;
}

function namesOf(value: unknown): Readonly<Record<string, string>> | null {
  if (typeof value !== "object" || value === null) return null;
  const names = ["id", "name", "arn"].flatMap((key) => {
    const item = (value as Record<string, unknown>)[key];
    return typeof item === "string" ? [[key, item] as const] : [];
  });
  return names.length === 0 ? null : Object.fromEntries(names);
}

export function isDenied(error: unknown): boolean {
  return error instanceof AppError && error.code === "access_denied";
}
