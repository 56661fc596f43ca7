import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { partitions } from "../contract/index.ts";

/** What the operator allows for URLs that users give. */
export interface AddressPolicy {
  /** Private and loopback addresses, any host name and plain http: for emulators and VPC endpoints. */
  readonly allowPrivate: boolean;
  /** Hosts (`name` or `*.suffix`) that may be used though they are not AWS's, on private addresses too. */
  readonly allowedHosts: readonly string[];
}

/** `forbidden` holds metadata services, link-local and everything that is not a host: no setting opens it. */
export type AddressKind = "public" | "private" | "forbidden";

const privateRanges = new Set(["loopback", "private", "uniqueLocal", "carrierGradeNat"]);
/** Metadata services outside the link-local ranges: EC2 over IPv6, Alibaba, Azure, Oracle. */
const metadataNetworks = ["fd00:ec2::/32", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"].map(
  (text) => ipaddr.parseCIDR(text),
);

export function classifyAddress(text: string): AddressKind {
  if (!ipaddr.isValid(text)) return "forbidden";
  const address = withoutTunnel(ipaddr.parse(text));
  const isMetadata = metadataNetworks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never),
  );
  if (isMetadata) return "forbidden";
  const range = address.range();
  if (range === "unicast") return "public";
  return privateRanges.has(range) ? "private" : "forbidden";
}

export function isLoopback(text: string): boolean {
  return ipaddr.isValid(text) && withoutTunnel(ipaddr.parse(text)).range() === "loopback";
}

/** IPv4 that travels inside IPv6 (mapped, NAT64, 6to4) counts as the IPv4 address it leads to. */
function withoutTunnel(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(address instanceof ipaddr.IPv6)) return address;
  const bytes = address.toByteArray();
  switch (address.range()) {
    case "ipv4Mapped":
    case "rfc6145":
    case "rfc6052":
      return new ipaddr.IPv4(bytes.slice(12));
    case "6to4":
      return new ipaddr.IPv4(bytes.slice(2, 6));
    default:
      return address;
  }
}

/** Why a URL given for an endpoint is refused; undefined when it is not. Names are checked again when they are resolved. */
export function endpointProblem(text: string, policy: AddressPolicy): string | undefined {
  const problem = urlProblem(text, policy);
  if (problem) return problem;
  const host = hostOf(new URL(text));
  const known = isAwsHost(host) || isAllowedHost(host, policy) || policy.allowPrivate;
  return known ? undefined : `${host} is not an endpoint of AWS; the operator can allow private endpoints.`;
}

/** As for endpoints, but a proxy may have any name. */
export function urlProblem(text: string, policy: AddressPolicy): string | undefined {
  if (!URL.canParse(text)) return "Not a URL.";
  const url = new URL(text);
  if (url.search) return "No user, query or fragment.";
  return receiverProblem(text, policy) ?? (url.pathname !== "/" ? "No path." : undefined);
}

/** As for a proxy, but what receives data has a path, and maybe a query. */
export function receiverProblem(text: string, policy: AddressPolicy): string | undefined {
  if (!URL.canParse(text)) return "Not a URL.";
  const url = new URL(text);
  const host = hostOf(url);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "Only https URLs.";
  if (url.protocol === "http:" && !policy.allowPrivate && !isAllowedHost(host, policy)) {
    return "Only https; plain http needs private endpoints to be allowed.";
  }
  if (url.username || url.password || url.hash) return "No user or fragment.";
  if (isIP(host)) return addressProblem(host, host, policy);
  if (/(^|\.)localhost$/.test(host) && !policy.allowPrivate && !isAllowedHost(host, policy)) {
    return "Loopback addresses are not allowed.";
  }
  return undefined;
}

/** Why a connection to `address`, found under the name `host`, is refused. */
export function addressProblem(host: string, address: string, policy: AddressPolicy): string | undefined {
  const kind = classifyAddress(address);
  if (kind === "public") return undefined;
  if (kind === "private" && (policy.allowPrivate || isAllowedHost(host, policy))) return undefined;
  return kind === "private"
    ? `${host} is on a private or loopback address, which the operator does not allow.`
    : `${host} is on an address that is never allowed.`;
}

/** Host without the brackets of IPv6 and without the root dot, as the resolver and `ipaddr.js` want it. */
export function hostOf(url: URL): string {
  return url.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
}

/**
 * Endpoints of the services we call, interface endpoints included. The suffix alone does not make a host AWS's own: behind
 * names such as `x.execute-api.us-east-1.amazonaws.com` or a bucket's, a stranger listens.
 */
const serviceHost =
  /^(?:(?:[a-z0-9-]+\.)?vpce-[a-z0-9-]+\.)?(?:monitoring|logs|ce|ec2|s3|cloudtrail|tagging|iam|sts)(?:-fips)?(?:\.dualstack)?(?:\.[a-z0-9-]+)?(?:\.vpce)?$/;

function isAwsHost(host: string): boolean {
  const suffixes = ["api.aws", ...partitions.map((partition) => partition.dnsSuffix)];
  return suffixes.some(
    (suffix) => host.endsWith(`.${suffix}`) && serviceHost.test(host.slice(0, -suffix.length - 1)),
  );
}

function isAllowedHost(host: string, policy: AddressPolicy): boolean {
  return policy.allowedHosts.some((pattern) =>
    pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern.toLowerCase(),
  );
}

/** Thrown inside a connection attempt; its code tells it from the errors of the network. */
export class AddressRefused extends Error {
  readonly code = "ENDPOINT_NOT_ALLOWED";
  override readonly name = "AddressRefused";
}

/**
 * A resolver for sockets: looks a name up once, checks every address and hands over exactly those, so that the
 * address that was checked is the one that is connected to and a second, different DNS answer has no effect.
 */
export function checkedLookup(
  problemOf: (host: string, address: string) => string | undefined,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      for (const { address } of addresses) {
        const problem = problemOf(hostname, address);
        if (problem) return callback(new AddressRefused(problem), "", 0);
      }
      const first = addresses[0];
      if (!first) return callback(new AddressRefused(`${hostname} has no address.`), "", 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
