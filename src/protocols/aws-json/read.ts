import { JsonCodec } from "@aws-sdk/core/protocols";
import { checkInput } from "../check-input.ts";
import type { OpenedRequest } from "../dialect.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { OperationModel, ServiceModel } from "../service-model.ts";
import type { WireLimits, WireRequest } from "../wire.ts";

/** Timestamps are epoch seconds (format 7) unless the schema says otherwise. */
export const jsonSettings = { timestampFormat: { useTrait: true, default: 7 as const }, jsonName: false };

/** The codec's name for a parsed JSON value. */
type JsonDocument = Parameters<ReturnType<JsonCodec["createDeserializer"]>["readObject"]>[1];

const decoder = new TextDecoder("utf-8", { fatal: true });

/** `X-Amz-Target: <target>.<Operation>` names the operation, the body is its input. */
export function openJson(model: ServiceModel, request: WireRequest, limits: WireLimits): OpenedRequest {
  const name = targetOf(request)?.operation ?? "";
  const operation = model.operations.get(name);
  if (!operation) throw new ProtocolError("UnknownOperationException", "The operation is not known.");
  return { operation, readInput: () => readInput(model, operation, request, limits) };
}

function readInput(
  model: ServiceModel,
  { input: schema }: OperationModel,
  request: WireRequest,
  limits: WireLimits,
): Record<string, unknown> {
  const document = parseDocument(request.body, limits);
  const deserializer = new JsonCodec(jsonSettings).createDeserializer();
  const input = malformedBecomesSerialization(() =>
    deserializer.readObject(schema, document as JsonDocument),
  );
  checkInput(model, schema, input);
  return input as Record<string, unknown>;
}

/** Botocore writes the whole shape name in front, as in `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101`. */
export function targetOf(request: WireRequest): { service: string; operation: string } | undefined {
  const parts = (request.headers["x-amz-target"] ?? "").split(".");
  const [service, operation] = parts.slice(-2);
  return service === undefined || operation === undefined ? undefined : { service, operation };
}

function parseDocument(body: Uint8Array, limits: WireLimits): Record<string, unknown> {
  if (body.byteLength === 0) return {};
  assertDepth(body, limits.depthMax);
  const document: unknown = malformedBecomesSerialization(() => JSON.parse(decoder.decode(body)));
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new ProtocolError("SerializationException", "The body must be a JSON object.");
  // Decoders copy unknown members of an object that names its type; an input never does.
  const { __type, ...members } = document as Record<string, unknown>;
  return members;
}

/** Decoders throw plain errors for what does not fit; to the caller that is malformed input, never a fault of ours. */
export function malformedBecomesSerialization<T>(decode: () => T): T {
  try {
    return decode();
  } catch {
    throw new ProtocolError("SerializationException", "The body could not be decoded.");
  }
}

/** Counts brackets outside strings, so that a hostile body is refused before it is parsed. */
function assertDepth(body: Uint8Array, depthMax: number): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > depthMax)
        throw new ProtocolError(
          "SerializationException",
          `The body is nested deeper than ${depthMax} levels.`,
        );
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}
