import type {
  GetEventSelectorsCommandInput,
  GetEventSelectorsCommandOutput,
  PutEventSelectorsCommandInput,
  PutEventSelectorsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { arnOf, nameOfNameOrArn, trailNotFound } from "../names.ts";
import { checkSelection } from "../selectors/check.ts";
import { defaultSelection, type EventSelection } from "../selectors/selection.ts";
import { changeTrail, selectionColumns } from "../trails-queries.ts";
import { type ApiDeps, type Operations, onTrail } from "./operation.ts";
import { getTrail } from "./trails.ts";

type PutOutput = Omit<PutEventSelectorsCommandOutput, "$metadata">;
type GetOutput = Omit<GetEventSelectorsCommandOutput, "$metadata">;

/** What a trail delivers. */
export function eventSelectorOperations(deps: ApiDeps): Operations {
  const { db, origin } = deps;
  return {
    PutEventSelectors: onTrail<PutEventSelectorsCommandInput, PutOutput>("PutEventSelectors", origin, {
      readOnly: false,
      trail: ({ TrailName }) => TrailName,
      handle: async (input) => {
        const name = nameOfNameOrArn(input.TrailName ?? "", origin);
        const selection = checkSelection(input);
        const trail = await changeTrail(db.kysely, name, () => selectionColumns(selection));
        if (!trail) throw trailNotFound(input.TrailName ?? "", origin);
        return { TrailARN: arnOf(name, origin), ...membersOf(selection) };
      },
    }),
    GetEventSelectors: onTrail<GetEventSelectorsCommandInput, GetOutput>("GetEventSelectors", origin, {
      readOnly: true,
      trail: ({ TrailName }) => TrailName,
      handle: async ({ TrailName = "" }) => {
        const trail = await getTrail(deps, TrailName);
        return { TrailARN: arnOf(trail.name, origin), ...membersOf(trail.selection ?? defaultSelection) };
      },
    }),
  };
}

/** Copies, as the API's types are mutable. */
function membersOf(selection: EventSelection): Pick<GetOutput, "EventSelectors" | "AdvancedEventSelectors"> {
  return structuredClone(
    selection.kind === "basic"
      ? { EventSelectors: selection.selectors }
      : { AdvancedEventSelectors: selection.selectors },
  ) as Pick<GetOutput, "EventSelectors" | "AdvancedEventSelectors">;
}
