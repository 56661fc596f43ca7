import type { NormalizedSchema } from "@smithy/core/schema";
import { ProtocolError } from "./protocol-error.ts";
import { isFractional, type ServiceModel } from "./service-model.ts";

/**
 * The SDK's decoders serve clients, which trust what a service sends: they let a number stand where the
 * schema says string. A server must not, so whatever was decoded is walked once against its schema.
 * Throws `SerializationException` for a wrong type and the service's own code for a missing member.
 */
export function checkInput(model: ServiceModel, schema: NormalizedSchema, input: unknown): void {
  checkValue(model, schema, input, "");
}

function checkValue(model: ServiceModel, schema: NormalizedSchema, value: unknown, path: string): void {
  if (value === undefined || value === null || schema.isDocumentSchema()) return;
  if (schema.isStructSchema()) checkStructure(model, schema, value, path);
  else if (schema.isListSchema()) checkList(model, schema, value, path);
  else if (schema.isMapSchema()) checkMap(model, schema, value, path);
  else {
    const expected = expectedScalar(schema, value) ?? expectedWhole(model, schema, value, path);
    if (expected) throw wrongType(path, expected);
  }
}

function checkList(model: ServiceModel, schema: NormalizedSchema, value: unknown, path: string): void {
  if (!Array.isArray(value)) throw wrongType(path, "a list");
  const member = schema.getValueSchema();
  for (const [index, item] of value.entries()) checkValue(model, member, item, `${path}.${index + 1}.member`);
}

function checkMap(model: ServiceModel, schema: NormalizedSchema, value: unknown, path: string): void {
  if (!isPlainObject(value)) throw wrongType(path, "a map");
  const member = schema.getValueSchema();
  for (const [key, item] of Object.entries(value)) checkValue(model, member, item, `${path}.${key}`);
}

function checkStructure(model: ServiceModel, schema: NormalizedSchema, value: unknown, path: string): void {
  if (!isPlainObject(value)) throw wrongType(path, "a structure");
  const required = requiredCount(schema);
  let position = 0;
  for (const [name, member] of schema.structIterator()) {
    const memberPath = path === "" ? name : `${path}.${name}`;
    const item = value[name];
    // The static schema lists required members first and ends with their number.
    if (position++ < required && (item === undefined || item === null)) throw missing(model, memberPath);
    checkValue(model, member, item, memberPath);
  }
}

function requiredCount(schema: NormalizedSchema): number {
  const source: unknown = schema.getSchema();
  const count = Array.isArray(source) ? source[6] : undefined;
  return typeof count === "number" ? count : 0;
}

/** What was expected instead of `value`, or undefined when it fits. */
function expectedScalar(schema: NormalizedSchema, value: unknown): string | undefined {
  if (schema.isStringSchema()) return typeof value === "string" ? undefined : "a string";
  if (schema.isBooleanSchema()) return typeof value === "boolean" ? undefined : "a boolean";
  if (schema.isTimestampSchema())
    return value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : "a timestamp";
  if (schema.isBlobSchema()) return value instanceof Uint8Array ? undefined : "a blob";
  if (schema.isBigIntegerSchema()) return typeof value === "bigint" ? undefined : "an integer";
  // CBOR gives a bigint for what a number cannot hold exactly; arithmetic must never meet the two mixed.
  if (schema.isNumericSchema()) return typeof value === "number" ? undefined : "a number";
  return undefined;
}

/** AWS refuses a fraction where its model has an integer, and so nobody behind this has to. */
function expectedWhole(
  model: ServiceModel,
  schema: NormalizedSchema,
  value: unknown,
  path: string,
): string | undefined {
  if (!schema.isNumericSchema() || Number.isInteger(value) || isFractional(model, path)) return undefined;
  return "a whole number";
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !ArrayBuffer.isView(value)
  );
}

function wrongType(path: string, expected: string): ProtocolError {
  return new ProtocolError(
    "SerializationException",
    path === "" ? `The body must be ${expected}.` : `The value at '${path}' must be ${expected}.`,
  );
}

/** The error a service answers when a required member is absent, in the words of its kind. */
function missing(model: ServiceModel, path: string): ProtocolError {
  const lowered = path.replace(/(^|\.)[A-Z]/g, (start) => start.toLowerCase());
  return model.validation === "MissingParameter"
    ? new ProtocolError("MissingParameter", `The parameter ${path} is required.`)
    : new ProtocolError(
        model.validation,
        `1 validation error detected: Value null at '${lowered}' failed to satisfy constraint: Member must not be null`,
      );
}
