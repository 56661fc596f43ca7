import { AppError } from "../../base/index.ts";
import type { AccessQuestion, AwsCall, AwsOperation, AwsResource, ErrorCode } from "../../contract/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import { type ArnPlace, groupArn, groupNameOfArn } from "../arns.ts";
import type { LogDirectory } from "../directory.ts";
import { checkInput, invalidParameter, rules } from "./checks.ts";

// biome-ignore lint/suspicious/noConfusingVoidType: handlers of operations without an output return nothing.
type Result<Output> = Output | void;

/** An operation of this service: its parts throw AppErrors, which become AWS's; without an output it answers `{}`. */
export function logsOperation<Input, Output extends object>(
  definition: Omit<AwsOperation<Input, Output>, "handle" | "audit"> & {
    readonly audit?: "none";
    readonly handle: (input: Input, call: AwsCall) => Promise<Result<Output>>;
  },
): AwsOperation<Input, Output | object> {
  return {
    audit: "management",
    ...definition,
    access: (input, call) => inAwsWords(async () => definition.access(input, call)),
    handle: (input, call) => inAwsWords(async () => (await definition.handle(input, call)) ?? {}),
  };
}

async function inAwsWords<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toProtocolError(error);
  }
}

const awsErrors: Partial<Record<ErrorCode, { readonly code: string; readonly status?: number }>> = {
  log_group_not_found: { code: "ResourceNotFoundException" },
  log_stream_not_found: { code: "ResourceNotFoundException" },
  name_taken: { code: "ResourceAlreadyExistsException" },
  limit_exceeded: { code: "LimitExceededException" },
  deletion_protected: { code: "ValidationException" },
  validation_failed: { code: "InvalidParameterException" },
  filter_pattern_invalid: { code: "InvalidParameterException" },
  store_unavailable: { code: "ServiceUnavailableException", status: 503 },
  storage_full: { code: "ServiceUnavailableException", status: 503 },
};

/** The name of an error in the CloudWatch Logs API; undefined for what it has no name for. */
export function logsErrorCodeOf(code: ErrorCode): string | undefined {
  return awsErrors[code]?.code;
}

/** What is none of the errors that AWS has a name for stays what it is. */
export function toProtocolError(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const known = awsErrors[error.code];
  if (!known) return error;
  return new ProtocolError(known.code, error.message, {
    ...(known.status === undefined ? {} : { status: known.status }),
  });
}

/** What policies are asked about groups and streams. */
export interface Access {
  /** An action on a group, by name. */
  group(action: string, groupName: string, context?: Context): Promise<AccessQuestion>;
  /** By name or ARN. */
  identifier(action: string, identifier: string, context?: Context): Promise<AccessQuestion>;
  stream(action: string, groupName: string, streamName: string): Promise<AccessQuestion>;
  /** The tagging actions know the ARN without a stream. */
  taggedGroup(action: string, arn: string, context?: Context): Promise<AccessQuestion>;
  /** Actions that list. The empty names are those that real denials show. */
  anyGroup(action: string): AccessQuestion;
}

type Context = NonNullable<AccessQuestion["context"]>;

export function createAccess(place: ArnPlace, directory: Pick<LogDirectory, "find">): Access {
  /** Tags of the group as condition keys; none for one that does not exist. */
  const tagsOf = async (groupName: string | undefined): Promise<Context> => {
    const group = groupName === undefined ? undefined : await directory.find(groupName);
    return Object.fromEntries(
      Object.entries(group?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
    );
  };
  const ask = async (
    action: string,
    groupName: string | undefined,
    resource: string,
    context: Context = {},
  ): Promise<AccessQuestion> => ({
    action: `logs:${action}`,
    resource,
    context: { ...(await tagsOf(groupName)), ...context },
  });
  const group: Access["group"] = (action, name, context) =>
    ask(action, name, `${groupArn(place, name)}:log-stream:`, context);
  return {
    group,
    identifier: (action, identifier, context) => {
      if (!identifier.startsWith("arn:")) return group(action, identifier, context);
      return ask(action, groupNameOfArn(place, identifier), `${identifier}:log-stream:`, context);
    },
    stream: (action, groupName, streamName) =>
      ask(action, groupName, `${groupArn(place, groupName)}:log-stream:${streamName}`),
    taggedGroup: (action, arn, context) => ask(action, groupNameOfArn(place, arn), arn, context),
    anyGroup: (action) => ({
      action: `logs:${action}`,
      resource: `${groupArn(place, "")}:log-stream:`,
    }),
  };
}

/** For the audit record of an operation on one group by name. */
export function namedGroup(
  { logGroupName }: { readonly logGroupName: string },
  call: AwsCall,
): AwsResource[] {
  return [groupResource(groupArn(call, logGroupName))];
}

export function groupResource(arn: string): AwsResource {
  return { type: "AWS::Logs::LogGroup", ARN: arn };
}

/** What the request says of tags, as condition keys. */
export function requestTags(tags: Readonly<Record<string, string>> | undefined): Context {
  if (!tags) return {};
  const pairs = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...Object.fromEntries(pairs), "aws:TagKeys": Object.keys(tags) };
}

/** Of members that name a group by `logGroupName` or `logGroupIdentifier`, exactly one has to be there. */
export interface NamesGroup {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/** The name of the group that is meant. Throws InvalidParameterException. */
export function groupNameOf(place: ArnPlace, { logGroupName, logGroupIdentifier }: NamesGroup): string {
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined))
    throw invalidParameter("Should provider either name or id, but not both");
  if (logGroupName !== undefined) {
    checkInput().text("logGroupName", logGroupName, rules.groupName).done();
    return logGroupName;
  }
  return groupNameOfIdentifier(place, "logGroupIdentifier", logGroupIdentifier!);
}

/** The name of a group that is given by name or ARN. Throws InvalidParameterException. */
export function groupNameOfIdentifier(place: ArnPlace, member: string, identifier: string): string {
  checkInput().text(member, identifier, rules.groupIdentifier).done();
  if (!identifier.startsWith("arn:")) {
    checkInput().text(member, identifier, rules.groupName).done();
    return identifier;
  }
  const name = groupNameOfArn(place, identifier);
  if (name === undefined)
    throw invalidParameter(
      `The ARN '${identifier}' does not name a log group of account ${place.accountId} in ${place.region}.`,
    );
  return name;
}
