import type { ServiceModel } from "./service-model.ts";

/**
 * The services whose wire protocols we can serve, by the service name of their SigV4 scope. Loaded when first
 * asked for: the schemas of EC2 alone take longer to load than those of all others together.
 */
const loaders = {
  ce: () => import("./models/ce.ts"),
  cloudtrail: () => import("./models/cloudtrail.ts"),
  ec2: () => import("./models/ec2.ts"),
  iam: () => import("./models/iam.ts"),
  logs: () => import("./models/logs.ts"),
  monitoring: () => import("./models/monitoring.ts"),
  organizations: () => import("./models/organizations.ts"),
  s3: () => import("./models/s3.ts"),
  sts: () => import("./models/sts.ts"),
  tagging: () => import("./models/tagging.ts"),
};

export type ServiceName = keyof typeof loaders;

export async function loadServiceModel(name: ServiceName): Promise<ServiceModel> {
  return (await loaders[name]()).model;
}

export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(loaders, name);
}
