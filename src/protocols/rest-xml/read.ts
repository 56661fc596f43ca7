import type { NormalizedSchema } from "@smithy/core/schema";
import { checkInput } from "../check-input.ts";
import type { OpenedRequest } from "../dialect.ts";
import { ProtocolError } from "../protocol-error.ts";
import { readText } from "../read-text.ts";
import { isFractional, type OperationModel, type ServiceModel } from "../service-model.ts";
import type { WireRequest } from "../wire.ts";

/**
 * Matches method, path and query against the operations' HTTP traits. Only operations without a request body
 * are read: no service we serve or simulate needs more.
 */
export function openRestXml(model: ServiceModel, request: WireRequest): OpenedRequest {
  const [bucket, ...key] = decodePath(request.path);
  const parameters = new URLSearchParams(request.query);
  const operation = findOperation(model, request.method, bucket !== undefined, key.length > 0, parameters);
  if (!operation)
    throw new ProtocolError("MethodNotAllowed", "The specified method is not allowed.", { status: 405 });
  const labels: Labels = { Bucket: bucket, Key: key.join("/") };
  return { operation, readInput: () => readInput(model, operation, labels, parameters, request) };
}

type Labels = Readonly<Record<string, string | undefined>>;

function readInput(
  model: ServiceModel,
  operation: OperationModel,
  labels: Labels,
  parameters: URLSearchParams,
  request: WireRequest,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, member] of operation.input.structIterator()) {
    const text = bindingOf(name, member, labels, parameters, request);
    if (text !== undefined && text !== null) input[name] = convert(model, name, member, text);
  }
  checkInput(model, operation.input, input);
  return input;
}

interface BindingTraits {
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpHeader?: string;
}

function bindingOf(
  name: string,
  member: NormalizedSchema,
  labels: Labels,
  parameters: URLSearchParams,
  request: WireRequest,
): string | null | undefined {
  const traits = member.getMergedTraits() as BindingTraits;
  if (traits.httpLabel) return labels[name];
  if (traits.httpQuery) return parameters.get(traits.httpQuery);
  return traits.httpHeader ? request.headers[traits.httpHeader.toLowerCase()] : undefined;
}

function convert(model: ServiceModel, name: string, member: NormalizedSchema, text: string): unknown {
  const inHeader = (member.getMergedTraits() as BindingTraits).httpHeader !== undefined;
  return readText(member, text, {
    mayBeFraction: isFractional(model, name),
    dates: inHeader ? "http-date" : "iso-8601",
    malformed: (expected) => new ProtocolError("InvalidArgument", `The value of ${name} is not ${expected}.`),
  });
}

function decodePath(path: string): string[] {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new ProtocolError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

/** The templates leave the bucket out: the SDK puts it into the host name or, here, in front of the path. */
function findOperation(
  model: ServiceModel,
  method: string,
  hasBucket: boolean,
  hasKey: boolean,
  parameters: URLSearchParams,
): OperationModel | undefined {
  const candidates = [...model.operations.values()].filter(({ http, input }) => {
    if (!http || http[0] !== method) return false;
    const [path = "", query = ""] = http[1].split("?");
    if (path.includes("{Key") !== hasKey || hasLabel(input, "Bucket") !== hasBucket) return false;
    return [...new URLSearchParams(query)].every(
      ([name, value]) =>
        name === "x-id" || (parameters.has(name) && (value === "" || parameters.get(name) === value)),
    );
  });
  // The template with the most fixed parameters is the most specific one.
  return candidates.sort((a, b) => fixedParameters(b) - fixedParameters(a))[0];
}

function hasLabel(input: NormalizedSchema, name: string): boolean {
  if (!input.isStructSchema()) return false;
  for (const [member, schema] of input.structIterator()) {
    if (member === name && (schema.getMergedTraits() as BindingTraits).httpLabel) return true;
  }
  return false;
}

function fixedParameters(operation: OperationModel): number {
  const query = operation.http?.[1].split("?")[1] ?? "";
  return [...new URLSearchParams(query)].filter(([name]) => name !== "x-id").length;
}
