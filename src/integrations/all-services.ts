import type { AllServicesInput, AllServicesResult } from "../contract/index.ts";
import { accountOfArn } from "./accounts/settings.ts";
import type { Caller, IntegrationsDeps } from "./dependencies.ts";
import { findIntegrations } from "./integration-queries.ts";
import { create } from "./saving.ts";
import { findType } from "./types/index.ts";
import { toWire } from "./wire.ts";

/** What the call promises to set up for an account: metrics, and inventory with its prices. */
const services = [
  { service: "CLOUDWATCH", configKey: "cloudWatch", title: "AWS CloudWatch" },
  { service: "EC2", configKey: "ec2", title: "AWS Metrics+" },
] as const;

/**
 * An integration of each of AWS's services for one role, pulled by the server's base credential. A script that repeats the
 * call after a timeout finds what the first one made and doubles nothing, calls and bill included.
 */
export async function createAllServices(
  deps: IntegrationsDeps,
  { roleArn, externalId }: AllServicesInput,
  caller: Caller,
): Promise<AllServicesResult> {
  const known = await findIntegrations(deps.db.kysely, { trashed: false });
  const items: AllServicesResult["items"] = [];
  const notCreated: AllServicesResult["notCreated"] = [];
  for (const { service, configKey, title } of services) {
    const type = findType(service);
    if (typeof type === "string") {
      notCreated.push({ service, reason: type });
      continue;
    }
    const made = known.find(
      (each) => each.service === service && each.roleArn === roleArn && each.externalId === externalId,
    );
    const name = [title, accountOfArn(roleArn)].filter(Boolean).join(" ");
    const input = { name, service, [configKey]: { baseCredentials: { roleArn, externalId } } };
    items.push(made ? toWire(made) : await create(deps, input, caller));
  }
  return { items, notCreated };
}
