/**
 * What a collected series is called by Wavefront's conventions: one dotted name, one source, point tags. What is stored
 * stays CloudWatch's own namespace, name, statistic and dimensions; this tells it in the other words.
 */

/**
 * The name of an instance, taken from its own tags, is kept among a series' tags under this key: unlike all other sources it
 * does not follow from the series. No tag of a user can be called so.
 */
export const hostNameTag = "~source";

/** Bounds of the receiving side's data model. */
const nameCharactersMax = 256;
const sourceCharactersMax = 128;
const tagKeyCharactersMax = 128;
/** Key and value of a point tag together. */
const pointTagCharactersMax = 254;

export interface WireSubject {
  readonly accountId: string;
  readonly accountAlias?: string | undefined;
  readonly region: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly statistic: string;
  /** In AWS's order. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface WireSeries {
  readonly name: string;
  readonly source: string;
  readonly sourceTags: readonly string[];
  readonly pointTags: Readonly<Record<string, string>>;
}

export function wireSeries(subject: WireSubject): WireSeries {
  return {
    name: wireMetricName(subject.namespace, subject.metricName, subject.statistic),
    source: wireSource(subject),
    sourceTags: [wireSourceTag(subject.namespace)],
    pointTags: wirePointTags(subject),
  };
}

/**
 * `aws.ec2.cpuutilization.average`, and without statistic `aws.ec2.cpuutilization`. Characters that a name may not have
 * become `-`; a name that is too long loses the end of the metric's part, never the statistic.
 */
export function wireMetricName(namespace: string, metricName: string, statistic?: string): string {
  const ending = statistic === undefined ? "" : `.${toNamePart(statistic)}`;
  const name = toNamePart(`${namespace.replaceAll("/", ".")}.${metricName}`);
  return name.slice(0, nameCharactersMax - ending.length) + ending;
}

function toNamePart(text: string): string {
  return text.toLowerCase().replace(/[^\w.-]/g, "-");
}

/** What the points are about: an instance's own name, a billed service, or the value of the first dimension. */
export function wireSource(
  subject: Pick<WireSubject, "accountId" | "namespace" | "dimensions" | "tags">,
): string {
  const { accountId, namespace, dimensions, tags } = subject;
  const own = tags[hostNameTag] ?? ownSource(namespace, dimensions);
  return cut(own || Object.values(dimensions)[0] || accountId, sourceCharactersMax);
}

function ownSource(namespace: string, dimensions: Readonly<Record<string, string>>): string | undefined {
  if (namespace === "AWS/EC2") return dimensions.InstanceId;
  if (namespace === "AWS/EBS") return dimensions.VolumeId;
  // A charge without a service is the account's total.
  if (namespace === "AWS/Billing")
    return dimensions.ServiceName || (dimensions.Currency ?? "usd").toLowerCase();
  return undefined;
}

/** Tells sources apart by the service that they belong to: `~integration.aws.ec2`. */
export function wireSourceTag(namespace: string): string {
  const service = toNamePart(namespace.replaceAll("/", ".")).replace(/^\.?(aws\.)?/, "");
  return `~integration.aws.${service}`;
}

/** Dimensions win over what else is called like them, because they are what makes a series that series. */
export function wirePointTags(
  subject: Pick<WireSubject, "accountId" | "accountAlias" | "region" | "dimensions" | "tags">,
): Record<string, string> {
  const { accountId, accountAlias = "", region, dimensions, tags } = subject;
  const { [hostNameTag]: _source, ...others } = tags;
  return toPointTags({ ...others, accountId, accountAlias, Region: region, ...dimensions });
}

/**
 * Point tags in the shape stores and clients expect: keys of `[A-Za-z0-9_.-]`, no empty values, at most 254 characters a
 * pair. What does not fit is trimmed or dropped; a point is never refused for its tags.
 */
export function toPointTags(tags: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(tags).map(([rawKey, rawValue]): [string, string] => {
    const key = rawKey.replace(/[^\w.-]/g, "_").slice(0, tagKeyCharactersMax);
    return [key, cut(rawValue.trim(), pointTagCharactersMax - key.length)];
  });
  return Object.fromEntries(pairs.filter(([key, value]) => key !== "" && value !== ""));
}

/** Never cuts a character in two. */
function cut(text: string, charactersMax: number): string {
  return text.slice(0, charactersMax).replace(/[\ud800-\udbff]$/, "");
}
