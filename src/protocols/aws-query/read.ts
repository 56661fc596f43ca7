import type { NormalizedSchema } from "@smithy/core/schema";
import { checkInput } from "../check-input.ts";
import type { OpenedRequest } from "../dialect.ts";
import { ProtocolError } from "../protocol-error.ts";
import { readText } from "../read-text.ts";
import { isFractional, type ServiceModel } from "../service-model.ts";
import type { WireLimits, WireRequest } from "../wire.ts";
import { namingTraits, type QueryFlavour } from "./flavour.ts";
import { type FormNode, parseForm } from "./form.ts";

const encoder = new TextEncoder();

/** `Action` names the operation; all other parameters are its input, spelt as the schema and the flavour say. */
export function openQuery(
  flavour: QueryFlavour,
  model: ServiceModel,
  request: WireRequest,
  limits: WireLimits,
): OpenedRequest {
  const form = parseForm(parameterBytes(request), limits);
  if (form.action === undefined)
    throw new ProtocolError("MissingAction", "No action was supplied with this request.");
  const operation = model.operations.get(form.action);
  if (!operation || (form.version !== undefined && form.version !== model.version))
    throw new ProtocolError(
      "InvalidAction",
      `The action ${form.action} is not valid for this web service (version ${form.version ?? model.version}).`,
    );
  return { operation, readInput: () => readInput({ flavour, model }, operation.input, form.root) };
}

interface Reading {
  readonly flavour: QueryFlavour;
  readonly model: ServiceModel;
}

function readInput(reading: Reading, schema: NormalizedSchema, root: FormNode): Record<string, unknown> {
  const input = schema.isUnitSchema() ? {} : readStructure(reading, schema, root, "");
  checkInput(reading.model, schema, input);
  return input;
}

/** Presigned calls carry the parameters in the query string, a presigned POST in both; the first of two values counts. */
function parameterBytes(request: WireRequest): Uint8Array {
  if (request.method === "GET") return encoder.encode(request.query);
  if (request.query === "") return request.body;
  return Buffer.concat([encoder.encode(`${request.query}&`), request.body]);
}

function readStructure(
  reading: Reading,
  schema: NormalizedSchema,
  node: FormNode,
  path: string,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = reading.flavour.memberKey(name, member);
    const child = node.children.get(key);
    if (child) value[name] = readValue(reading, member, child, path === "" ? key : `${path}.${key}`);
  }
  return value;
}

function readValue(reading: Reading, schema: NormalizedSchema, node: FormNode, path: string): unknown {
  if (schema.isStructSchema()) return readStructure(reading, schema, node, path);
  if (schema.isListSchema()) return readList(reading, schema, node, path);
  if (schema.isMapSchema()) return readMap(reading, schema, node, path);
  return node.value === undefined ? undefined : readScalar(reading, schema, node.value, path);
}

function readList(reading: Reading, schema: NormalizedSchema, node: FormNode, path: string): unknown[] {
  const member = schema.getValueSchema();
  const flat = reading.flavour.flattenLists || namingTraits(schema).xmlFlattened === 1;
  const container = flat ? node : node.children.get(namingTraits(member).xmlName ?? "member");
  return numbered(container).map(([index, child]) => readValue(reading, member, child, `${path}.${index}`));
}

function readMap(
  reading: Reading,
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
        : [[key, readValue(reading, valueSchema, value, `${path}.${index}`)]];
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

function readScalar(
  { flavour, model }: Reading,
  schema: NormalizedSchema,
  text: string,
  path: string,
): unknown {
  return readText(schema, text, {
    mayBeFraction: isFractional(model, path),
    dates: "iso-8601",
    malformed: (expected) =>
      new ProtocolError(flavour.malformedCode, `The value of parameter ${path} is not ${expected}.`),
  });
}
