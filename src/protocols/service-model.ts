import { NormalizedSchema } from "@smithy/core/schema";

export type DialectId =
  | "aws-json-1.0"
  | "aws-json-1.1"
  | "aws-query"
  | "ec2-query"
  | "rpc-v2-cbor"
  | "rest-xml";

/** How a service words a missing or malformed value; they differ, and clients match on the code. */
export type ValidationStyle =
  | "ValidationError"
  | "ValidationException"
  | "InvalidParameterException"
  | "MissingParameter";

/** How a service names authentication failures; see `sigv4/failures.ts`. */
export type AuthenticationStyle = "query" | "json" | "ec2" | "s3";

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Method, path template and success status; only bound to HTTP by the REST dialects. */
  readonly http: readonly [method: string, path: string, status: number] | undefined;
}

export interface ErrorModel {
  /** Name of the modelled shape, as JSON and CBOR write it. */
  readonly shapeName: string;
  /** Code as the query protocol writes it. */
  readonly queryCode: string;
  readonly status: number;
}

export interface ServiceModel {
  /** Service name of the SigV4 scope. */
  readonly name: string;
  /** Shape namespace, as in `com.amazonaws.sts`. */
  readonly namespace: string;
  /** First part of `X-Amz-Target`, and the service name in RPC v2 paths. */
  readonly target: string;
  readonly version: string;
  readonly xmlNamespace: string;
  /** In order of preference; the last one also writes errors of requests that no dialect recognises. */
  readonly dialects: readonly DialectId[];
  /** True where JSON and CBOR clients read the query protocol's codes from `x-amzn-query-error`. */
  readonly queryCompatible: boolean;
  readonly validation: ValidationStyle;
  readonly authentication: AuthenticationStyle;
  /** Input members that hold fractions: the SDK's schemas call every number the same, and all others are whole. */
  readonly fractions: ReadonlySet<string>;
  readonly operations: ReadonlyMap<string, OperationModel>;
  findError(code: string): ErrorModel | undefined;
}

export interface ServiceDefinition
  extends Omit<ServiceModel, "operations" | "findError" | "queryCompatible" | "fractions"> {
  readonly queryCompatible?: boolean;
  readonly fractions?: readonly string[];
  /** The SDK client's module: its exported schemas are the model. */
  readonly schemas: Readonly<Record<string, unknown>>;
}

/** Builds a service from the schemas that an AWS SDK client exports, so that no shape is written by hand. */
export function defineService({ schemas, ...definition }: ServiceDefinition): ServiceModel {
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, ErrorModel>();
  for (const schema of Object.values(schemas)) {
    if (!Array.isArray(schema)) continue;
    if (schema[0] === operationSchemaId) addOperation(operations, schema);
    if (schema[0] === errorSchemaId) addError(errors, schema);
  }
  return {
    ...definition,
    queryCompatible: definition.queryCompatible ?? false,
    fractions: new Set(definition.fractions),
    operations,
    findError: (code) => errors.get(code),
  };
}

/** Whether the member at this path, or the items of the list there, may hold a fraction. */
export function isFractional({ fractions }: ServiceModel, path: string): boolean {
  if (fractions.size === 0) return false;
  const name = path.split(".").findLast((part) => part !== "member" && !/^\d+$/.test(part));
  return name !== undefined && fractions.has(name);
}

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

// The first element of a static schema tells its kind.
const operationSchemaId = 9;
const errorSchemaId = -3;

interface OperationTraits {
  readonly http?: readonly [string, string, number];
}

interface ErrorTraits {
  readonly awsQueryError?: readonly [string, number];
  readonly httpError?: number;
}

function addOperation(operations: Map<string, OperationModel>, schema: readonly unknown[]): void {
  const [, , name, traits, input, output] = schema as [
    number,
    string,
    string,
    OperationTraits | 0,
    () => SchemaRef,
    () => SchemaRef,
  ];
  operations.set(name, {
    name,
    input: NormalizedSchema.of(resolve(input)),
    output: NormalizedSchema.of(resolve(output)),
    http: traits ? traits.http : undefined,
  });
}

function addError(errors: Map<string, ErrorModel>, schema: readonly unknown[]): void {
  const shapeName = schema[2] as string;
  const traits = NormalizedSchema.of(schema as unknown as SchemaRef).getMergedTraits() as ErrorTraits;
  const model: ErrorModel = {
    shapeName,
    queryCode: traits.awsQueryError?.[0] ?? shapeName,
    status: traits.awsQueryError?.[1] ?? traits.httpError ?? 400,
  };
  errors.set(shapeName, model);
  if (!errors.has(model.queryCode)) errors.set(model.queryCode, model);
}

function resolve(ref: SchemaRef | (() => SchemaRef)): SchemaRef {
  return typeof ref === "function" ? (ref as () => SchemaRef)() : ref;
}
