/**
 * Partitions and regions of AWS: names, DNS suffixes and the region that stands for the whole partition. The list
 * serves forms and spelling checks; a region that matches its partition's pattern is accepted before we list it.
 * Source: the endpoint data that ships with the AWS command line (botocore 1.43).
 */
export interface Partition {
  /** The second part of every ARN: `arn:<id>:…`. */
  readonly id: string;
  readonly name: string;
  readonly dnsSuffix: string;
  /** Region of services that have one endpoint in the partition, Cost Explorer among them. */
  readonly globalRegion: string;
  /** Shape of region names; each is a safe host label. */
  readonly regionPattern: RegExp;
  readonly regions: readonly Region[];
}

export interface Region {
  readonly id: string;
  readonly name: string;
  /** Opt-in regions are off until the account switches them on. */
  readonly optIn?: true;
}

export const partitions: readonly Partition[] = [
  {
    id: "aws",
    name: "AWS commercial",
    dnsSuffix: "amazonaws.com",
    globalRegion: "us-east-1",
    regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d{1,2}$/,
    regions: [
      { id: "af-south-1", name: "Africa (Cape Town)", optIn: true },
      { id: "ap-east-1", name: "Asia Pacific (Hong Kong)", optIn: true },
      { id: "ap-east-2", name: "Asia Pacific (Taipei)", optIn: true },
      { id: "ap-northeast-1", name: "Asia Pacific (Tokyo)" },
      { id: "ap-northeast-2", name: "Asia Pacific (Seoul)" },
      { id: "ap-northeast-3", name: "Asia Pacific (Osaka)" },
      { id: "ap-south-1", name: "Asia Pacific (Mumbai)" },
      { id: "ap-south-2", name: "Asia Pacific (Hyderabad)", optIn: true },
      { id: "ap-southeast-1", name: "Asia Pacific (Singapore)" },
      { id: "ap-southeast-2", name: "Asia Pacific (Sydney)" },
      { id: "ap-southeast-3", name: "Asia Pacific (Jakarta)", optIn: true },
      { id: "ap-southeast-4", name: "Asia Pacific (Melbourne)", optIn: true },
      { id: "ap-southeast-5", name: "Asia Pacific (Malaysia)", optIn: true },
      { id: "ap-southeast-6", name: "Asia Pacific (New Zealand)", optIn: true },
      { id: "ap-southeast-7", name: "Asia Pacific (Thailand)", optIn: true },
      { id: "ca-central-1", name: "Canada (Central)" },
      { id: "ca-west-1", name: "Canada West (Calgary)", optIn: true },
      { id: "eu-central-1", name: "Europe (Frankfurt)" },
      { id: "eu-central-2", name: "Europe (Zurich)", optIn: true },
      { id: "eu-north-1", name: "Europe (Stockholm)" },
      { id: "eu-south-1", name: "Europe (Milan)", optIn: true },
      { id: "eu-south-2", name: "Europe (Spain)", optIn: true },
      { id: "eu-west-1", name: "Europe (Ireland)" },
      { id: "eu-west-2", name: "Europe (London)" },
      { id: "eu-west-3", name: "Europe (Paris)" },
      { id: "il-central-1", name: "Israel (Tel Aviv)", optIn: true },
      { id: "me-central-1", name: "Middle East (UAE)", optIn: true },
      { id: "me-south-1", name: "Middle East (Bahrain)", optIn: true },
      { id: "mx-central-1", name: "Mexico (Central)", optIn: true },
      { id: "sa-east-1", name: "South America (Sao Paulo)" },
      { id: "us-east-1", name: "US East (N. Virginia)" },
      { id: "us-east-2", name: "US East (Ohio)" },
      { id: "us-west-1", name: "US West (N. California)" },
      { id: "us-west-2", name: "US West (Oregon)" },
    ],
  },
  {
    id: "aws-cn",
    name: "AWS China",
    dnsSuffix: "amazonaws.com.cn",
    globalRegion: "cn-northwest-1",
    regionPattern: /^cn-[a-z]+-\d{1,2}$/,
    regions: [
      { id: "cn-north-1", name: "China (Beijing)" },
      { id: "cn-northwest-1", name: "China (Ningxia)" },
    ],
  },
  {
    id: "aws-us-gov",
    name: "AWS GovCloud (US)",
    dnsSuffix: "amazonaws.com",
    globalRegion: "us-gov-west-1",
    regionPattern: /^us-gov-[a-z]+-\d{1,2}$/,
    regions: [
      { id: "us-gov-east-1", name: "AWS GovCloud (US-East)" },
      { id: "us-gov-west-1", name: "AWS GovCloud (US-West)" },
    ],
  },
  {
    id: "aws-eusc",
    name: "AWS European Sovereign Cloud",
    dnsSuffix: "amazonaws.eu",
    globalRegion: "eusc-de-east-1",
    regionPattern: /^eusc-de-[a-z]+-\d{1,2}$/,
    regions: [{ id: "eusc-de-east-1", name: "AWS European Sovereign Cloud (Germany)" }],
  },
  {
    id: "aws-iso",
    name: "AWS ISO (US)",
    dnsSuffix: "c2s.ic.gov",
    globalRegion: "us-iso-east-1",
    regionPattern: /^us-iso-[a-z]+-\d{1,2}$/,
    regions: [
      { id: "us-iso-east-1", name: "US ISO East" },
      { id: "us-iso-west-1", name: "US ISO WEST" },
    ],
  },
  {
    id: "aws-iso-b",
    name: "AWS ISOB (US)",
    dnsSuffix: "sc2s.sgov.gov",
    globalRegion: "us-isob-east-1",
    regionPattern: /^us-isob-[a-z]+-\d{1,2}$/,
    regions: [
      { id: "us-isob-east-1", name: "US ISOB East (Ohio)" },
      { id: "us-isob-west-1", name: "US ISOB West" },
    ],
  },
  {
    id: "aws-iso-e",
    name: "AWS ISOE (Europe)",
    dnsSuffix: "cloud.adc-e.uk",
    globalRegion: "eu-isoe-west-1",
    regionPattern: /^eu-isoe-[a-z]+-\d{1,2}$/,
    regions: [{ id: "eu-isoe-west-1", name: "EU ISOE West" }],
  },
  {
    id: "aws-iso-f",
    name: "AWS ISOF",
    dnsSuffix: "csp.hci.ic.gov",
    globalRegion: "us-isof-south-1",
    regionPattern: /^us-isof-[a-z]+-\d{1,2}$/,
    regions: [
      { id: "us-isof-east-1", name: "US ISOF EAST" },
      { id: "us-isof-south-1", name: "US ISOF SOUTH" },
    ],
  },
];

/** The partition a region belongs to, by its shape; undefined for what cannot be an AWS region. */
export function partitionOfRegion(region: string): Partition | undefined {
  return partitions.find((partition) => partition.regionPattern.test(region));
}

export function partitionById(id: string): Partition | undefined {
  return partitions.find((partition) => partition.id === id);
}

/** Whether AWS has this region, as far as this version or its operator (`extra`) knows. */
export function isKnownRegion(region: string, extra: readonly string[] = []): boolean {
  const partition = partitionOfRegion(region);
  if (partition === undefined) return false;
  return partition.regions.some(({ id }) => id === region) || extra.includes(region);
}

export const unknownRegionMessage =
  "AWS has no such region that this server knows. Check the spelling; the operator can add a new region (NEPHO_EXTRA_REGIONS).";
