import type {
  CloudIntegration,
  CloudIntegrationInput,
  IntegrationAccount,
  IntegrationPreview,
  IntegrationPreviewInput,
  IntegrationSummary,
  Page,
  Run,
} from "@nephoscope/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request, requestEnvelope } from "./client.ts";

const readPath = "/api/v1/integrations";
const writePath = "/api/v2/cloudintegration";
const readPathOf = (id: string) => `${readPath}/${encodeURIComponent(id)}`;
const writePathOf = (id: string) => `${writePath}/${encodeURIComponent(id)}`;

export interface IntegrationListQuery {
  text?: string | undefined;
  state?: string | undefined;
  sort?: string | undefined;
  order?: "asc" | "desc" | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
  deleted?: boolean | undefined;
}

export const integrationsQuery = (query: IntegrationListQuery) =>
  queryOptions({
    queryKey: ["integrations", "list", query],
    queryFn: ({ signal }) =>
      request<Page<IntegrationSummary>>("GET", readPath, { query: { ...query }, signal }),
    // What is in the trash is never shown for a moment as if it were not, nor the other way round.
    placeholderData: (previous, asked) => {
      const before = asked?.queryKey[2] as IntegrationListQuery | undefined;
      return before?.deleted === query.deleted ? previous : undefined;
    },
    refetchInterval: 15_000,
  });

export const integrationQuery = (id: string) =>
  queryOptions({
    queryKey: ["integrations", "summary", id],
    queryFn: ({ signal }) => request<IntegrationSummary>("GET", readPathOf(id), { signal }),
    refetchInterval: (query) => (query.state.data?.lastRun?.state === "running" ? 2_000 : 15_000),
  });

/** The wire object with its whole configuration; not there for what is in the trash. */
export const integrationConfigurationQuery = (id: string) =>
  queryOptions({
    queryKey: ["integrations", "configuration", id],
    queryFn: ({ signal }) => requestEnvelope<CloudIntegration>("GET", writePathOf(id), { signal }),
  });

export const integrationRunsQuery = (id: string, page: { offset: number; limit: number }) =>
  queryOptions({
    queryKey: ["integrations", "runs", id, page],
    queryFn: ({ signal }) => request<Page<Run>>("GET", `${readPathOf(id)}/runs`, { query: page, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.items.some((run) => run.state === "running") ? 2_000 : 15_000,
  });

/** The accounts that an integration pulls, by their ids. */
export const integrationAccountsQuery = (id: string, page: { offset: number; limit: number }) =>
  queryOptions({
    queryKey: ["integrations", "accounts", id, page],
    queryFn: ({ signal }) =>
      request<Page<IntegrationAccount>>("GET", `${readPathOf(id)}/accounts`, { query: page, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

/**
 * What these values would match and cost; nothing is stored. AWS is asked once for the same values: an answer is kept
 * for ten minutes, and nothing but other values or a person asks again.
 */
export const integrationPreviewQuery = (input: IntegrationPreviewInput) =>
  queryOptions({
    queryKey: ["integration-preview", input],
    queryFn: ({ signal }) =>
      request<IntegrationPreview>("POST", `${readPath}/preview`, { body: input, signal }),
    placeholderData: keepPreviousData,
    staleTime: 10 * 60_000,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** Runs of all integrations that did not succeed, started in a range of time. */
export const troubledRunsQuery = (range: { from: number; to: number }) =>
  queryOptions({
    queryKey: ["integrations", "troubled-runs", range],
    queryFn: ({ signal }) =>
      request<Page<Run>>("GET", "/api/v1/runs", {
        query: {
          trouble: true,
          from: new Date(range.from).toISOString(),
          to: new Date(range.to).toISOString(),
          limit: 200,
        },
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** Names of all integrations by id, for places that know only ids. */
export const integrationNamesQuery = queryOptions({
  queryKey: ["integrations", "names"],
  queryFn: async ({ signal }) => {
    const { items } = await request<Page<IntegrationSummary>>("GET", readPath, {
      query: { limit: 1000 },
      signal,
    });
    return new Map(items.map(({ id, name }) => [id, name]));
  },
  staleTime: 60_000,
});

export const createIntegration = (input: CloudIntegrationInput) =>
  requestEnvelope<CloudIntegration>("POST", writePath, { body: input });

export const updateIntegration = (id: string, input: CloudIntegrationInput) =>
  requestEnvelope<CloudIntegration>("PUT", writePathOf(id), { body: input });

export const deleteIntegration = (id: string, skipTrash: boolean) =>
  requestEnvelope<CloudIntegration>("DELETE", writePathOf(id), { query: { skipTrash } });

export type IntegrationAction = "enable" | "disable" | "undelete";
export const actOnIntegration = (id: string, action: IntegrationAction) =>
  requestEnvelope<CloudIntegration>("POST", `${writePathOf(id)}/${action}`);

export const runIntegration = (id: string) => request<unknown>("POST", `${readPathOf(id)}/run`);
