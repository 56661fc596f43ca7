import type { AwsResource, TrailEventInput, TrailEventResult, TrailIdentity } from "../contract/index.ts";
import type { TrailEventRow } from "../telemetry/index.ts";

/** What is the same in every record of this installation. */
export interface RecordOrigin {
  readonly accountId: string;
  readonly region: string;
}

/** Bounds of CloudTrail, in bytes of UTF-8. */
const shortBytesMax = 1_024;
/** The longest ARN of AWS. */
const arnBytesMax = 2_048;
const additionalBytesMax = 28 * 1_024;
const elementsBytesMax = 100 * 1_024;

/** The result of a call that nobody has told the outcome of: the process died, or its store did, between the two. */
const unknownOutcome: TrailEventResult = {
  errorCode: "OutcomeUnknown",
  errorMessage:
    "The call was about to be made, but its outcome was not recorded; it may or may not have taken effect.",
};

/** The row of a call with its outcome, or without one when it is yet to be made. */
export function toRow(
  event: TrailEventInput,
  eventId: string,
  result: TrailEventResult | undefined,
  origin: RecordOrigin,
): TrailEventRow {
  const resources = resourcesOf(event);
  return {
    eventId,
    eventTimeMs: event.eventTimeMs,
    category: event.eventCategory,
    eventSource: event.eventSource,
    eventName: event.eventName,
    readOnly: event.readOnly,
    userName: nameOfUser(event.userIdentity) ?? "",
    accessKeyId: event.userIdentity.accessKeyId ?? "",
    credentialId: event.userIdentity.credentialId ?? "",
    sourceIp: event.sourceIPAddress,
    errorCode: (result ?? unknownOutcome).errorCode ?? "",
    resourceTypes: [...new Set(resources.map(({ type }) => type))],
    resourceNames: [...new Set(resources.flatMap(({ ARN }) => [ARN, shortNameOf(ARN)]))],
    complete: result !== undefined,
    record: toJson(buildRecord(event, eventId, result ?? {}, origin)),
  };
}

/** A CloudTrail record, its members in the order in which AWS writes them. */
export function buildRecord(
  event: TrailEventInput,
  eventId: string,
  result: TrailEventResult,
  origin: RecordOrigin,
): Record<string, unknown> {
  const resources = resourcesOf(event);
  return {
    eventVersion: "1.11",
    userIdentity: identityOf(event.userIdentity),
    eventTime: wholeSecondsOf(event.eventTimeMs),
    eventSource: event.eventSource,
    eventName: event.eventName,
    awsRegion: origin.region,
    sourceIPAddress: event.sourceIPAddress,
    userAgent: cut(event.userAgent, shortBytesMax),
    ...errorOf(result),
    requestParameters: bounded(event.requestParameters, elementsBytesMax),
    responseElements: bounded(result.responseElements ?? null, elementsBytesMax),
    ...(event.additionalEventData && {
      additionalEventData: bounded(event.additionalEventData, additionalBytesMax),
    }),
    requestID: event.requestId,
    eventID: eventId,
    readOnly: event.readOnly,
    ...(resources.length > 0 && {
      resources: resources.map(({ type, ARN }) => ({ accountId: origin.accountId, type, ARN })),
    }),
    eventType: "AwsApiCall",
    ...(event.apiVersion !== undefined && { apiVersion: event.apiVersion }),
    managementEvent: event.eventCategory === "Management",
    eventCategory: event.eventCategory,
    recipientAccountId: origin.accountId,
    ...(event.tlsDetails && { tlsDetails: event.tlsDetails }),
  };
}

/** The record of an intent, completed with the only thing that is known of its outcome. */
export function withUnknownOutcome(record: string): string {
  const members = Object.entries(JSON.parse(record) as Record<string, unknown>);
  const at = members.findIndex(([name]) => name === "requestParameters");
  return JSON.stringify(
    Object.fromEntries(members.toSpliced(at, 0, ...Object.entries(errorOf(unknownOutcome)))),
  );
}

function identityOf(identity: TrailIdentity): Record<string, unknown> {
  const { type, principalId, arn, accountId, accessKeyId, userName, sessionContext, credentialId } = identity;
  return {
    type,
    principalId,
    arn,
    accountId,
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(userName !== undefined && { userName }),
    ...(sessionContext && { sessionContext }),
    ...(credentialId !== undefined && { credentialId }),
  };
}

/** Times in CloudTrail's records have no fraction of a second. */
export function wholeSecondsOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -5)}Z`;
}

function errorOf({ errorCode, errorMessage }: TrailEventResult): Record<string, string> {
  return {
    ...(errorCode !== undefined && { errorCode }),
    ...(errorMessage !== undefined && { errorMessage: cut(errorMessage, shortBytesMax) }),
  };
}

/** Undefined when nobody is named. */
export function nameOfUser({ type, userName }: { type: string; userName?: string }): string | undefined {
  return userName ?? (type === "Root" ? "root" : undefined);
}

/** Names are the caller's, who may be refused for having sent a megabyte of one: no record may grow with it. */
function resourcesOf({ resources }: TrailEventInput): readonly AwsResource[] {
  return resources.map(({ type, ARN }) => ({ type, ARN: cut(ARN, arnBytesMax) }));
}

/** What people call the resource: what follows its kind, as in `log-group:NAME` or `user/NAME`. */
export function shortNameOf(arn: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:[^:/]+[:/](.+?)(?::\*)?$/.exec(arn)?.[1] ?? arn;
}

/** What is too long is left out as a whole, as a part of it could not be read. */
function bounded(value: Readonly<Record<string, unknown>> | null, bytesMax: number): unknown {
  if (value === null) return null;
  const originalSize = Buffer.byteLength(toJson(value));
  if (originalSize <= bytesMax) return value;
  return { omitted: true, originalSize, reason: `Larger than ${bytesMax / 1_024} KB.` };
}

/** Numbers that JSON does not know and bytes never keep a record from being written. */
function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, item: unknown) {
    if (typeof item === "bigint") return String(item);
    // A buffer has turned itself into a list of numbers by now.
    const original = this[name];
    return original instanceof Uint8Array ? `${original.byteLength} bytes` : item;
  });
}

function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= bytesMax) return text;
  // A character is not cut in two: bytes that continue one begin with the bits 10.
  let end = bytesMax;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
