import type { ServiceName } from "../../src/protocols/index.ts";
import { cloudtrail } from "./cloudtrail.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { costExplorer } from "./cost-explorer.ts";
import { ec2 } from "./ec2.ts";
import { iam } from "./iam.ts";
import { logs } from "./logs.ts";
import { organizations } from "./organizations.ts";
import { s3 } from "./s3.ts";
import type { SimulatedService } from "./service.ts";
import { sts } from "./sts.ts";
import { tagging } from "./tagging.ts";

/** The simulated services by the service name of their SigV4 scope. */
export const services: Readonly<Record<ServiceName, SimulatedService>> = {
  ce: costExplorer,
  cloudtrail,
  ec2,
  iam,
  logs,
  monitoring: cloudwatch,
  organizations,
  s3,
  sts,
  tagging,
};
