import type {
  ConnectionTestHistory,
  ConnectionTestInput,
  ConnectionTestResult,
  Credential,
  CredentialInput,
  CredentialOptions,
  CredentialUpdate,
  Page,
  RoleSetup,
  RoleSetupInput,
} from "@nephoscope/contract";
import { queryOptions } from "@tanstack/react-query";
import { request, requestEnvelope } from "./client.ts";

const path = "/api/v1/credentials";
const pathOf = (id: string) => `${path}/${encodeURIComponent(id)}`;

/** All credentials at once: there are hundreds at most, and searching them in the browser is instant. */
export const credentialsQuery = queryOptions({
  queryKey: ["credentials", "list"],
  queryFn: ({ signal }) => request<Page<Credential>>("GET", path, { query: { limit: 1000 }, signal }),
});

export const credentialOptionsQuery = queryOptions({
  queryKey: ["credential-options"],
  queryFn: ({ signal }) => request<CredentialOptions>("GET", "/api/v1/credential-options", { signal }),
  staleTime: 5 * 60_000,
});

export const createCredential = (input: CredentialInput) =>
  request<Credential>("POST", path, { body: input });

export const updateCredential = (id: string, input: CredentialUpdate) =>
  request<Credential>("PUT", pathOf(id), { body: input });

export const deleteCredential = (id: string) => request<void>("DELETE", pathOf(id));

export const testCredential = (id: string, test: ConnectionTestInput) =>
  request<ConnectionTestResult>("POST", `${pathOf(id)}/test`, { body: test });

/** Under the key of the credentials, so that a test which refreshes them refreshes this. */
export const credentialTestsQuery = (id: string) =>
  queryOptions({
    queryKey: ["credentials", "tests", id],
    queryFn: ({ signal }) => request<ConnectionTestHistory>("GET", `${pathOf(id)}/tests`, { signal }),
  });

/** Tests values that are not stored; with an id, secrets that are left out come from that credential. */
export const testUnsavedCredential = (
  credential: CredentialInput | ({ id: string } & CredentialUpdate),
  test: ConnectionTestInput,
) => request<ConnectionTestResult>("POST", `${path}/test`, { body: { credential, test } });

export const generateRoleSetup = (input: RoleSetupInput) =>
  request<RoleSetup>("POST", "/api/v1/role-setup", { body: input });

export const createExternalId = () =>
  requestEnvelope<string>("POST", "/api/v2/cloudintegration/awsExternalId");
