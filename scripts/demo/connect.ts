import type { RunningSimulator } from "../../simulator/index.ts";
import type { ConnectionTestResult, Credential, IntegrationSummary } from "../../src/contract/index.ts";
import type { TestServer } from "../../test/support/server.ts";

export interface Demo {
  readonly integrationId: string;
  /** ARN that the connection test saw. */
  readonly identity: string;
}

const credentialName = "Simulated production account";
const integrationName = "Production metrics";
const regions = ["us-east-1", "eu-west-1"];

/**
 * Makes what a person would make in the console: a credential whose role demands the external ID that our server made, and an
 * integration on it. What an earlier start has made is used again; the simulator's address and keys are then renewed.
 */
export async function connectDemo(
  server: TestServer,
  aws: RunningSimulator,
  { refreshMinutes }: { refreshMinutes: number },
): Promise<Demo> {
  const credential = await saveCredential(server, aws);
  const externalId = credential.roleChain[0]?.externalId;
  if (!externalId) throw new Error("the server made no external ID for the role");
  // What the owner of the role would do: demand this ID in the trust policy, and no other.
  aws.simulator.accounts.setExternalIds(aws.seeded.roleArn, [externalId]);
  const identity = await testConnection(server, credential);
  return { identity, integrationId: await saveIntegration(server, credential.id, refreshMinutes) };
}

async function saveCredential(server: TestServer, aws: RunningSimulator): Promise<Credential> {
  const found = await server.api("GET", `/api/v1/credentials?text=${encodeURIComponent(credentialName)}`);
  const existing = (found.items as Credential[]).find(({ name }) => name === credentialName);
  const fields = {
    accessKeyId: aws.seeded.accessKeyId,
    secretAccessKey: aws.seeded.secretAccessKey,
    endpoints: { default: aws.url, sts: aws.url },
  };
  if (existing) {
    return server.api("PUT", `/api/v1/credentials/${existing.id}`, { ...fields, version: existing.version });
  }
  return server.api("POST", "/api/v1/credentials", {
    ...fields,
    name: credentialName,
    description: "Made by the demo. The account behind it is simulated on this machine.",
    method: "keys",
    region: regions[0],
    roleChain: [{ roleArn: aws.seeded.roleArn, externalIdSource: "generated" }],
  });
}

async function testConnection(server: TestServer, credential: Credential): Promise<string> {
  const path = `/api/v1/credentials/${credential.id}/test`;
  const result: ConnectionTestResult = await server.api("POST", path, { services: ["monitoring"] });
  if (result.overall === "ok" && result.identity !== null) return result.identity.arn;
  const problems = result.steps.filter(({ outcome }) => outcome === "failed" || outcome === "warning");
  throw new Error(
    `the connection test says ${result.overall}:\n${problems.map(({ title, message }) => `  ${title}: ${message}`).join("\n")}`,
  );
}

async function saveIntegration(
  server: TestServer,
  credentialId: string,
  refreshMinutes: number,
): Promise<string> {
  const found = await server.api("GET", "/api/v1/integrations?limit=1000");
  const existing = (found.items as IntegrationSummary[]).find(({ name }) => name === integrationName);
  if (existing) return existing.id;
  const created = await server.api("POST", "/api/v2/cloudintegration", {
    name: integrationName,
    service: "CLOUDWATCH",
    credentialId,
    cloudWatch: { regions },
    serviceRefreshRateInMins: refreshMinutes,
  });
  return created.response.id;
}
