import { partitionOfRegion } from "../contract/index.ts";
import type { AwsIdentitySource } from "./source.ts";

/** Services that a session has clients for; the names are those of the endpoint map. */
export const awsServices = [
  "sts",
  "monitoring",
  "logs",
  "ce",
  "ec2",
  "s3",
  "cloudtrail",
  "tagging",
  "iam",
  "organizations",
] as const;
export type AwsService = (typeof awsServices)[number];

/** The endpoint a user gave for a service. `default` stands for all but STS: STS answers only where it is named. */
export function customEndpoint(
  source: Pick<AwsIdentitySource, "endpoints">,
  service: AwsService,
): string | undefined {
  return source.endpoints[service] ?? (service === "sts" ? undefined : source.endpoints.default);
}

const globalServices: readonly AwsService[] = ["ce", "iam", "organizations"];

/** Some services have one region per partition. STS has one per region, see `stsRegion`. */
export function regionOf(service: AwsService, source: AwsIdentitySource, region: string): string {
  if (globalServices.includes(service)) return partitionOfRegion(region)?.globalRegion ?? region;
  return service === "sts" ? stsRegion(source, region) : region;
}

/**
 * Opt-in regions may be off in the account of the role, where their STS answers RegionDisabledException. The STS of the
 * partition's main region is always on and gives tokens that every region takes. A custom endpoint belongs to the
 * region that was configured with it.
 */
function stsRegion(source: AwsIdentitySource, region: string): string {
  const partition = partitionOfRegion(region);
  const optIn = partition?.regions.find(({ id }) => id === region)?.optIn === true;
  return optIn && partition && !customEndpoint(source, "sts") ? partition.globalRegion : region;
}
