import type { TrailEvent } from "@nephoscope/contract";
import type { JsonPath, JsonScalar } from "../../ui/json-tree.ts";
import type { Mood } from "../../ui/status-badge.tsx";
import type { TextFilterName, TextFilters } from "./search.ts";

/** What is read off an audit record for a row, a filter or a file. */

/** How the call ended, in a word. */
export function outcomeOf({ errorCode }: Pick<TrailEvent, "errorCode">): { mood: Mood; label: string } {
  if (errorCode === null) return { mood: "good", label: "Succeeded" };
  // What the server writes when it never learned how a call ended.
  return { mood: errorCode === "OutcomeUnknown" ? "warning" : "bad", label: errorCode };
}

/** `logs` of `logs.amazonaws.com`; other sources as they are. */
export const serviceOf = (source: string) => source.replace(/\.amazonaws\.com$/, "");

/** What people call a resource: what follows its kind in an ARN, as in `log-group:NAME` or `user/NAME`. */
export function resourceNameOf(arn: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:[^:/]+[:/](.+?)(?::\*)?$/.exec(arn)?.[1] ?? arn;
}

/** The id of what proved the caller; null for a session of the console. */
export const keyOf = ({ credentialId, accessKeyId }: Pick<TrailEvent, "credentialId" | "accessKeyId">) =>
  credentialId ?? accessKeyId;

/** Members of a record, by their place in it, and the filters that find them. */
const filterPlaces: ReadonlyMap<string, TextFilterName> = new Map([
  ["eventName", "eventName"],
  ["eventSource", "eventSource"],
  ["eventID", "eventId"],
  ["sourceIPAddress", "sourceIp"],
  ["errorCode", "errorCode"],
  ["userIdentity.userName", "userName"],
  ["userIdentity.accessKeyId", "key"],
  ["userIdentity.credentialId", "key"],
  ["resources.*.ARN", "resourceName"],
  ["resources.*.type", "resourceType"],
]);

/** The filter that finds records with this value at this place; undefined where records are not looked up by it. */
export function filterOfPlace(path: JsonPath, value: JsonScalar): TextFilters | undefined {
  const name = filterPlaces.get(path.map((step) => (typeof step === "number" ? "*" : step)).join("."));
  return name === undefined || value.kind !== "string" || value.text === ""
    ? undefined
    : { [name]: value.text };
}

/** Values of the records that are shown, as suggestions for a filter: each once, in order. */
export function valuesSeen(events: readonly TrailEvent[], name: TextFilterName): string[] {
  const seen = new Set(events.flatMap((event) => valuesOf(event)[name] ?? []));
  return [...seen].sort().slice(0, suggestionsMost);
}

const suggestionsMost = 200;

function valuesOf(event: TrailEvent): { [K in TextFilterName]?: readonly string[] } {
  const known = (value: string | null) => (value === null ? [] : [value]);
  return {
    eventName: [event.name],
    userName: known(event.userName),
    key: known(keyOf(event)),
    resourceName: event.resources.map(({ arn }) => resourceNameOf(arn)),
    sourceIp: [event.sourceIp],
  };
}

/** One record on each line, as CloudTrail writes it. */
export const toNdjson = (events: readonly TrailEvent[]) =>
  events.map(({ record }) => `${JSON.stringify(record)}\n`).join("");
