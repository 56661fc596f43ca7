import { AppError } from "../../base/index.ts";
import { cloudWatch } from "./cloudwatch/type.ts";
import type { IntegrationType } from "./integration-type.ts";

/** All kinds of cloud integration. A new kind is a folder beside this file and a line here. */
export const integrationTypes: readonly IntegrationType[] = [cloudWatch];

/** Other names that clients may send; they are told that the name is right and we cannot do it. */
const unsupportedServices = [
  "EC2",
  "CLOUDTRAIL",
  "COSTEXPLORER",
  "GCP",
  "GCPBILLING",
  "AZURE",
  "AZUREACTIVITYLOG",
  "NEWRELIC",
  "APPDYNAMICS",
  "VROPS",
  "SNOWFLAKE",
  "DYNATRACE",
];

/** The type of a stored integration. */
export function typeOf(service: string): IntegrationType {
  const type = integrationTypes.find((candidate) => candidate.service === service);
  if (!type) throw new AppError("internal", { detail: { service } });
  return type;
}

/** The type a caller names, in any case; or a sentence on why there is none. */
export function findType(service: string): IntegrationType | string {
  const name = service.toUpperCase();
  const type = integrationTypes.find((candidate) => candidate.service === name);
  if (type) return type;
  const supported = integrationTypes.map((candidate) => candidate.service).join(", ");
  if (unsupportedServices.includes(name)) {
    return `The service ${name} is not supported yet. Supported: ${supported}.`;
  }
  return `Unknown service. Supported: ${supported}.`;
}
