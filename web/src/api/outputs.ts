import type { Outputs, OutputsInput } from "@nephoscope/contract";
import { queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

const pathOf = (integrationId: string) => `/api/v1/integrations/${encodeURIComponent(integrationId)}/outputs`;

/** Where the metrics of an integration go besides the own store, and how far the sending is. */
export const outputsQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ["integrations", "outputs", integrationId],
    queryFn: ({ signal }) => request<Outputs>("GET", pathOf(integrationId), { signal }),
    refetchInterval: 15_000,
  });

/** What is absent stays, null removes. */
export const updateOutputs = (integrationId: string, input: OutputsInput) =>
  request<Outputs>("PUT", pathOf(integrationId), { body: input });
