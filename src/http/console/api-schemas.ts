import { z } from "zod";
import * as contract from "../../contract/index.ts";
import { restError, wavefrontError } from "../server/output-schema.ts";

/** Schemas that the API description names once and refers to. The form that is sent has `Input` behind its name. */
export const apiSchemas = z.registry<{ id: string }>();

const named = {
  Error: restError,
  WavefrontError: wavefrontError,
  Credential: contract.credential,
  NewCredential: contract.credentialInput,
  CredentialChange: contract.credentialUpdate,
  CredentialOptions: contract.credentialOptions,
  RoleHop: contract.roleHop,
  NewRoleHop: contract.roleHopInput,
  ConnectionTest: contract.connectionTestInput,
  ConnectionTestResult: contract.connectionTestResult,
  CloudIntegration: contract.cloudIntegration,
  NewCloudIntegration: contract.cloudIntegrationInput,
  PagedCloudIntegrations: contract.pagedCloudIntegrations,
  WavefrontEvent: contract.wireEvent,
  IntegrationSummary: contract.integrationSummary,
  Run: contract.run,
  FailureCause: contract.failureCause,
  MetricQueryResult: contract.metricQueryResult,
  Session: contract.session,
  Token: contract.token,
  User: contract.user,
  VaultStatus: contract.vaultStatus,
};
for (const [id, schema] of Object.entries(named)) apiSchemas.add(schema, { id });

/** Every named schema is written for sending and for receiving; most are used in one way only. */
export function dropUnusedSchemas<D extends { paths?: unknown; components?: { schemas?: object } }>(
  document: D,
): D {
  const all = (document.components?.schemas ?? {}) as Record<string, unknown>;
  const used = new Set<string>();
  const visit = (value: unknown) => {
    for (const [, name = ""] of JSON.stringify(value ?? {}).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(all[name]);
    }
  };
  visit(document.paths);
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas } };
}
