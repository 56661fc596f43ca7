import { trailEventCategories } from "../../contract/index.ts";
import type { TrailCategory } from "../../telemetry/index.ts";
import type { AdvancedSelector, BasicSelector, EventSelection, FieldConditions } from "./selection.ts";

/** The members of a record that selectors look at. */
export interface SelectableRecord {
  readonly eventCategory: string;
  readonly eventName: string;
  readonly eventSource: string;
  readonly eventType: string;
  readonly readOnly: boolean;
  readonly resources?: readonly { readonly type: string; readonly ARN: string }[];
  readonly userIdentity: { readonly arn?: string };
  readonly sessionCredentialFromConsole?: string;
}

export interface CompiledSelection {
  /** Categories of which anything can be wanted, so that others are not even read. */
  readonly categories: readonly TrailCategory[];
  wants(record: SelectableRecord): boolean;
}

/** Services that AWS calls global: their events reach a trail only when it includes them. */
const globalSources = ["iam.amazonaws.com", "sts.amazonaws.com"];

export function compileSelection(
  selection: EventSelection,
  options: { readonly includeGlobalServiceEvents: boolean },
): CompiledSelection {
  const wanted: (record: SelectableRecord) => boolean =
    selection.kind === "basic"
      ? (record) => selection.selectors.some((selector) => basicWants(selector, record))
      : (record) => selection.selectors.some((selector) => advancedWants(selector, record));
  const isLeftOut = ({ eventCategory, eventSource }: SelectableRecord) =>
    !options.includeGlobalServiceEvents &&
    eventCategory === "Management" &&
    globalSources.includes(eventSource);
  return {
    categories: trailEventCategories.filter((category) => mayWant(selection, category)),
    wants: (record) => wanted(record) && !isLeftOut(record),
  };
}

function mayWant(selection: EventSelection, category: TrailCategory): boolean {
  if (selection.kind === "basic") {
    return selection.selectors.some(({ IncludeManagementEvents, DataResources }) =>
      category === "Management" ? IncludeManagementEvents : DataResources.length > 0,
    );
  }
  return selection.selectors.some(({ FieldSelectors }) =>
    FieldSelectors.some(({ Field, Equals }) => Field === "eventCategory" && Equals?.includes(category)),
  );
}

function basicWants(selector: BasicSelector, record: SelectableRecord): boolean {
  const { ReadWriteType } = selector;
  if (ReadWriteType !== "All" && (ReadWriteType === "ReadOnly") !== record.readOnly) return false;
  if (record.eventCategory === "Management") {
    return (
      selector.IncludeManagementEvents && !selector.ExcludeManagementEventSources.includes(record.eventSource)
    );
  }
  return selector.DataResources.some(({ Type, Values }) =>
    record.resources?.some(({ type, ARN }) => type === Type && Values.some((start) => ARN.startsWith(start))),
  );
}

/** Fields are ANDed; those of resources have to hold for one and the same resource. */
function advancedWants({ FieldSelectors }: AdvancedSelector, record: SelectableRecord): boolean {
  const isOfResource = ({ Field }: { Field: string }) => Field in resourceFields;
  const ofEvent = FieldSelectors.filter((field) => !isOfResource(field));
  const ofResource = FieldSelectors.filter(isOfResource);
  return (
    ofEvent.every((field) => holds(field, eventFields[field.Field]?.(record))) &&
    (ofResource.length === 0 ||
      (record.resources ?? []).some((resource) =>
        ofResource.every((field) => holds(field, resourceFields[field.Field]?.(resource))),
      ))
  );
}

const eventFields: Readonly<Record<string, (record: SelectableRecord) => string | undefined>> = {
  eventCategory: ({ eventCategory }) => eventCategory,
  eventName: ({ eventName }) => eventName,
  eventSource: ({ eventSource }) => eventSource,
  eventType: ({ eventType }) => eventType,
  readOnly: ({ readOnly }) => String(readOnly),
  sessionCredentialFromConsole: (record) => record.sessionCredentialFromConsole ?? "false",
  "userIdentity.arn": ({ userIdentity }) => userIdentity.arn,
};

const resourceFields: Readonly<Record<string, (resource: { type: string; ARN: string }) => string>> = {
  "resources.type": ({ type }) => type,
  "resources.ARN": ({ ARN }) => ARN,
};

/** One of the positive conditions has to hold, if there are any, and none of the negative ones may be broken. */
function holds(conditions: FieldConditions, value: string | undefined): boolean {
  const { Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith } = conditions;
  const fits = (equal?: readonly string[], start?: readonly string[], end?: readonly string[]) =>
    value !== undefined &&
    (equal?.includes(value) ||
      start?.some((text) => value.startsWith(text)) ||
      end?.some((text) => value.endsWith(text)));
  if (fits(NotEquals, NotStartsWith, NotEndsWith)) return false;
  return Equals || StartsWith || EndsWith ? Boolean(fits(Equals, StartsWith, EndsWith)) : true;
}
