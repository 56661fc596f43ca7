import type { NormalizedSchema } from "@smithy/core/schema";
import { checkInput } from "../check-input.ts";
import type { ReadOperation } from "../dialect.ts";
import { ProtocolError } from "../protocol-error.ts";
import type { ServiceModel } from "../service-model.ts";
import type { WireLimits, WireRequest } from "../wire.ts";
import { namingTraits, type QueryFlavour } from "./flavour.ts";
import { type FormNode, parseForm } from "./form.ts";

const encoder = new TextEncoder();

/** `Action` names the operation; all other parameters are its input, spelt as the schema and the flavour say. */
export function readQuery(
  flavour: QueryFlavour,
  model: ServiceModel,
  request: WireRequest,
  limits: WireLimits,
): ReadOperation {
  const form = parseForm(parameterBytes(request), limits);
  if (form.action === undefined)
    throw new ProtocolError("MissingAction", "No action was supplied with this request.");
  const operation = model.operations.get(form.action);
  if (!operation || (form.version !== undefined && form.version !== model.version))
    throw new ProtocolError(
      "InvalidAction",
      `The action ${form.action} is not valid for this web service (version ${form.version ?? model.version}).`,
    );
  const input = operation.input.isUnitSchema() ? {} : readStructure(flavour, operation.input, form.root, "");
  checkInput(model, operation.input, input);
  return { operation, input };
}

/** Presigned calls carry the parameters in the query string, a presigned POST in both; the first of two values counts. */
function parameterBytes(request: WireRequest): Uint8Array {
  if (request.method === "GET") return encoder.encode(request.query);
  if (request.query === "") return request.body;
  return Buffer.concat([encoder.encode(`${request.query}&`), request.body]);
}

function readStructure(
  flavour: QueryFlavour,
  schema: NormalizedSchema,
  node: FormNode,
  path: string,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = flavour.memberKey(name, member);
    const child = node.children.get(key);
    if (child) value[name] = readValue(flavour, member, child, path === "" ? key : `${path}.${key}`);
  }
  return value;
}

function readValue(flavour: QueryFlavour, schema: NormalizedSchema, node: FormNode, path: string): unknown {
  if (schema.isStructSchema()) return readStructure(flavour, schema, node, path);
  if (schema.isListSchema()) return readList(flavour, schema, node, path);
  if (schema.isMapSchema()) return readMap(flavour, schema, node, path);
  return node.value === undefined ? undefined : readScalar(flavour, schema, node.value, path);
}

function readList(flavour: QueryFlavour, schema: NormalizedSchema, node: FormNode, path: string): unknown[] {
  const member = schema.getValueSchema();
  const flat = flavour.flattenLists || namingTraits(schema).xmlFlattened === 1;
  const container = flat ? node : node.children.get(namingTraits(member).xmlName ?? "member");
  return numbered(container).map(([index, child]) => readValue(flavour, member, child, `${path}.${index}`));
}

function readMap(
  flavour: QueryFlavour,
  schema: NormalizedSchema,
  node: FormNode,
  path: string,
): Record<string, unknown> {
  const keySchema = schema.getKeySchema();
  const valueSchema = schema.getValueSchema();
  const keyName = namingTraits(keySchema).xmlName ?? "key";
  const valueName = namingTraits(valueSchema).xmlName ?? "value";
  const container = namingTraits(schema).xmlFlattened === 1 ? node : node.children.get("entry");
  // fromEntries defines properties, so that a key named __proto__ stays an ordinary key.
  return Object.fromEntries(
    numbered(container).flatMap(([index, entry]) => {
      const key = entry.children.get(keyName)?.value;
      const value = entry.children.get(valueName);
      return key === undefined || !value
        ? []
        : [[key, readValue(flavour, valueSchema, value, `${path}.${index}`)]];
    }),
  );
}

/** Children named 1, 2, 3 … in numeric order; gaps close up. */
function numbered(node: FormNode | undefined): [number, FormNode][] {
  if (!node) return [];
  return [...node.children]
    .filter(([key]) => /^[0-9]{1,9}$/.test(key))
    .map(([key, child]): [number, FormNode] => [Number(key), child])
    .sort(([a], [b]) => a - b);
}

function readScalar(flavour: QueryFlavour, schema: NormalizedSchema, text: string, path: string): unknown {
  const malformed = (expected: string) =>
    new ProtocolError(flavour.malformedCode, `The value of parameter ${path} is not ${expected}.`);
  if (schema.isBooleanSchema()) {
    // IAM takes digits too; the word in other cases is what a few clients send.
    if (/^(true|1)$/i.test(text)) return true;
    if (/^(false|0)$/i.test(text)) return false;
    throw malformed("a boolean");
  }
  if (schema.isNumericSchema()) {
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(number)) throw malformed("a number");
    return number;
  }
  if (schema.isTimestampSchema()) return readTimestamp(text) ?? fail(malformed("a timestamp"));
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, "base64"));
  return text;
}

/** Botocore sends ISO 8601 with or without fraction and zone; a few clients send epoch seconds. */
function readTimestamp(text: string): Date | undefined {
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i;
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return new Date(Number(text) * 1000);
  if (!iso.test(text)) return undefined;
  const zoned = /T/i.test(text) && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text;
  const date = new Date(zoned);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function fail(error: ProtocolError): never {
  throw error;
}
