import type { EventSelector, PutEventSelectorsCommandInput } from "@aws-sdk/client-cloudtrail";
import { isStorable } from "../../base/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import {
  type AdvancedSelector,
  type BasicSelector,
  type EventSelection,
  type FieldSelector,
  fieldOperators,
} from "./selection.ts";

const basicMax = 5;
const dataResourcesMax = 250;
const valuesMax = 500;
const valueLengthMax = 2_048;
const nameLengthMax = 1_000;

/** The selection of a request by AWS's rules, with defaults filled in. Throws `InvalidEventSelectorsException`. */
export function checkSelection(input: PutEventSelectorsCommandInput): EventSelection {
  const { EventSelectors: basic = [], AdvancedEventSelectors: advanced = [] } = input;
  if (basic.length > 0 && advanced.length > 0)
    throw invalid("A trail has either event selectors or advanced event selectors, not both.");
  if (advanced.length > 0) return { kind: "advanced", selectors: checkAdvanced(advanced) };
  if (basic.length > 0) return { kind: "basic", selectors: checkBasic(basic) };
  throw invalid("At least one event selector or advanced event selector is required.");
}

function checkBasic(selectors: readonly EventSelector[]): BasicSelector[] {
  if (selectors.length > basicMax) throw invalid(`A trail can have up to ${basicMax} event selectors.`);
  const checked = selectors.map(checkBasicSelector);
  const resources = checked.flatMap(({ DataResources }) => DataResources.flatMap(({ Values }) => Values));
  if (resources.length > dataResourcesMax)
    throw invalid(`A trail is limited to ${dataResourcesMax} data resources over all event selectors.`);
  return checked;
}

const readWriteTypes = ["All", "ReadOnly", "WriteOnly"] as const;
const basicResourceTypes = ["AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"];
const excludableSources = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

function checkBasicSelector(selector: EventSelector): BasicSelector {
  const { DataResources = [], ExcludeManagementEventSources = [], IncludeManagementEvents = true } = selector;
  const readWriteType = readWriteTypes.find((type) => type === (selector.ReadWriteType ?? "All"));
  if (!readWriteType) throw invalid(`ReadWriteType is one of ${readWriteTypes.join(", ")}.`);
  const source = ExcludeManagementEventSources.find((name) => !excludableSources.includes(name));
  if (source !== undefined)
    throw invalid(`${source} cannot be excluded; only ${excludableSources.join(" and ")} can.`);
  return {
    ReadWriteType: readWriteType,
    IncludeManagementEvents,
    DataResources: DataResources.map(({ Type = "", Values = [] }) => {
      if (!basicResourceTypes.includes(Type))
        throw invalid(
          `${Type} is not a data resource of event selectors, which know ${basicResourceTypes.join(", ")}. Use an advanced event selector.`,
        );
      if (!Values.every(isValue))
        throw invalid(`A data resource has 1 to ${valueLengthMax} characters, none of them NUL.`);
      return { Type, Values };
    }),
    ExcludeManagementEventSources,
  };
}

type AdvancedInput = NonNullable<PutEventSelectorsCommandInput["AdvancedEventSelectors"]>[number];

function checkAdvanced(selectors: readonly AdvancedInput[]): AdvancedSelector[] {
  const checked = selectors.map(checkAdvancedSelector);
  const values = checked
    .flatMap(({ FieldSelectors }) => FieldSelectors)
    .reduce((sum, field) => sum + valuesOf(field).length, 0);
  if (values > valuesMax)
    throw invalid(
      `A trail can have up to ${valuesMax} values over all conditions of its advanced event selectors; these have ${values}.`,
    );
  return checked;
}

const commonFields = [
  "eventCategory",
  "eventName",
  "eventSource",
  "eventType",
  "readOnly",
  "sessionCredentialFromConsole",
  "userIdentity.arn",
];
/** By category; the events of others do not happen here. */
const fieldsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["Management", commonFields],
  ["Data", [...commonFields, "resources.type", "resources.ARN"]],
]);
/** Fields that take one value, and no operator but Equals. */
const equalsOnly = ["eventCategory", "readOnly", "resources.type", "sessionCredentialFromConsole"];
const flags = ["readOnly", "sessionCredentialFromConsole"];

function checkAdvancedSelector({ Name, FieldSelectors = [] }: AdvancedInput): AdvancedSelector {
  if (Name !== undefined && (Name.length > nameLengthMax || !isStorable(Name)))
    throw invalid(
      `The name of an advanced event selector has up to ${nameLengthMax} characters, none of them NUL.`,
    );
  const fields = FieldSelectors.map(checkFieldSelector);
  const category = onlyValue(fields, "eventCategory");
  if (category === undefined)
    throw invalid("An advanced event selector needs a field selector for eventCategory.");
  const allowed = fieldsOf.get(category);
  if (!allowed) throw invalid(`The event category ${category} is not available; use Management or Data.`);
  const stranger = fields.find(({ Field }) => !allowed.includes(Field));
  if (stranger)
    throw invalid(
      `The field ${stranger.Field} is not valid for ${category} events, which know ${allowed.join(", ")}.`,
    );
  if (category === "Data" && onlyValue(fields, "resources.type") === undefined)
    throw invalid("An advanced event selector for Data events needs a field selector for resources.type.");
  return { ...(Name !== undefined && { Name }), FieldSelectors: fields };
}

function checkFieldSelector(input: NonNullable<AdvancedInput["FieldSelectors"]>[number]): FieldSelector {
  const Field = input.Field ?? "";
  const selector = {
    Field,
    ...Object.fromEntries(
      fieldOperators.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
    ),
  } as FieldSelector;
  const used = fieldOperators.filter((name) => selector[name] !== undefined);
  if (used.length === 0) throw invalid(`The field selector for ${Field} needs at least one operator.`);
  const empty = used.find((name) => selector[name]!.length === 0);
  if (empty) throw invalid(`The operator ${empty} of the field ${Field} needs at least one value.`);
  if (!valuesOf(selector).every(isValue))
    throw invalid(`A value of the field ${Field} has 1 to ${valueLengthMax} characters, none of them NUL.`);
  if (!equalsOnly.includes(Field)) return selector;
  if (used.some((name) => name !== "Equals"))
    throw invalid(`Equals is the only valid operator for the field ${Field}.`);
  if (selector.Equals!.length > 1) throw invalid(`The field ${Field} takes one value only.`);
  if (flags.includes(Field) && !["true", "false"].includes(selector.Equals![0]!))
    throw invalid(`The value of the field ${Field} is true or false.`);
  return selector;
}

/** The value of a field that may be given once. */
function onlyValue(fields: readonly FieldSelector[], name: string): string | undefined {
  const found = fields.filter(({ Field }) => Field === name);
  if (found.length > 1) throw invalid(`An advanced event selector names the field ${name} once.`);
  return found[0]?.Equals?.[0];
}

function valuesOf(field: FieldSelector): string[] {
  return fieldOperators.flatMap((name) => field[name] ?? []);
}

function isValue(text: string): boolean {
  return text.length > 0 && text.length <= valueLengthMax && isStorable(text);
}

function invalid(message: string): ProtocolError {
  return new ProtocolError("InvalidEventSelectorsException", message);
}
