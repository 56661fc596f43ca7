import {
  completenessList,
  completenessQuery,
  gapListQuery,
  gapPage,
  owedListQuery,
  owedWindowPage,
} from "../../contract/index.ts";
import { type Route, route } from "../route.ts";
import type { Services } from "../services.ts";

const tag = "Data quality";

export function collectionRoutes({ collection }: Services): Route[] {
  return [
    route({
      operation: "collection:ListOwed",
      method: "GET",
      path: "/api/v1/owed-windows",
      tag,
      query: owedListQuery,
      output: owedWindowPage,
      handle: ({ query }) => collection.owed(query),
    }),
    route({
      operation: "collection:ListGaps",
      method: "GET",
      path: "/api/v1/gaps",
      tag,
      query: gapListQuery,
      output: gapPage,
      handle: ({ query }) => collection.gaps(query),
    }),
    route({
      operation: "collection:GetCompleteness",
      method: "GET",
      path: "/api/v1/completeness",
      tag,
      query: completenessQuery,
      output: completenessList,
      handle: ({ query }) => collection.completeness(query),
    }),
  ];
}
