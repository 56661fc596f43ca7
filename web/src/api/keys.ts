import type { ApiKey, CreatedApiKey, Page } from "@nephoscope/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

const root = "/api/v1/keys";
const pathOf = (id: string) => `${root}/${encodeURIComponent(id)}`;

export const keysQuery = (query: { user?: string; offset?: number; limit?: number }) =>
  queryOptions({
    queryKey: ["keys", query],
    queryFn: ({ signal }) => request<Page<ApiKey>>("GET", root, { query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 30_000,
  });

/** Null days: it never expires. */
export const createKey = (input: { userName: string; createUser: boolean; ageDays: number | null }) =>
  request<CreatedApiKey>("POST", root, { body: input });

export const setKeyStatus = (id: string, status: "Active" | "Inactive") =>
  request<ApiKey>("PUT", pathOf(id), { body: { status } });

export const resetKey = (id: string) => request<CreatedApiKey>("POST", `${pathOf(id)}/reset`);

export const deleteKey = (id: string) => request<void>("DELETE", pathOf(id));
