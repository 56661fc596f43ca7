import type {
  createdToken,
  Overview,
  Page,
  policyList,
  serverSettings,
  Token,
  User,
  vaultStatus,
} from "@nephoscope/contract";
import { queryOptions } from "@tanstack/react-query";
import { request } from "./client.ts";

export type ServerSettings = (typeof serverSettings)["_output"];
export type VaultStatus = (typeof vaultStatus)["_output"];
export type CreatedToken = (typeof createdToken)["_output"];
export type Policy = (typeof policyList)["_output"]["items"][number];

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => request<Overview>("GET", "/api/v1/overview", { signal }),
  refetchInterval: 20_000,
});

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => request<ServerSettings>("GET", "/api/v1/settings", { signal }),
});

export const updateSettings = (baseCredentialId: string | null) =>
  request<ServerSettings>("PUT", "/api/v1/settings", { body: { baseCredentialId } });

export const vaultQuery = queryOptions({
  queryKey: ["vault"],
  queryFn: ({ signal }) => request<VaultStatus>("GET", "/api/v1/vault", { signal }),
  refetchInterval: (query) => (query.state.data?.rotation.state === "running" ? 1_000 : false),
});

export const rotateVault = () => request<VaultStatus>("POST", "/api/v1/vault/rotate");

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => request<{ items: Token[] }>("GET", "/api/v1/tokens", { signal }),
});

export const createToken = (input: { name: string; expiresInDays: number | null }) =>
  request<CreatedToken>("POST", "/api/v1/tokens", { body: input });

export const deleteToken = (id: string) =>
  request<void>("DELETE", `/api/v1/tokens/${encodeURIComponent(id)}`);

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => request<Page<User>>("GET", "/api/v1/users", { query: { limit: 1000 }, signal }),
});

export const policiesQuery = queryOptions({
  queryKey: ["policies"],
  queryFn: ({ signal }) => request<{ items: Policy[] }>("GET", "/api/v1/policies", { signal }),
});

export const createUser = (input: { name: string; password?: string; policies: string[] }) =>
  request<User>("POST", "/api/v1/users", { body: input });

export const updateUser = (name: string, input: { password?: string; policies?: string[] }) =>
  request<User>("PUT", `/api/v1/users/${encodeURIComponent(name)}`, { body: input });

export const deleteUser = (name: string) =>
  request<void>("DELETE", `/api/v1/users/${encodeURIComponent(name)}`);
