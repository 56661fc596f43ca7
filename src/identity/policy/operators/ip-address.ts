import ipaddr from "ipaddr.js";
import { type Operator, pair } from "./operator.ts";

export const ipAddressOperators: readonly Operator[] = pair("IpAddress", "NotIpAddress", {
  variables: false,
  valueType: { noun: "IP address or CIDR block", accepts: (text) => readRange(text) !== undefined },
  matches: (actual, expected) => {
    const address = readRange(actual);
    const range = readRange(expected.text);
    if (!address || !range) return undefined;
    // An address of one family is in no range of the other.
    if (address.base.kind() !== range.base.kind() || address.bits < range.bits) return false;
    return address.base.match(range.base, range.bits);
  },
});

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address or a CIDR block of either family. IPv4 inside IPv6 counts as IPv4, since that is how dual-stack sockets name it. */
function readRange(text: string): { base: Address; bits: number } | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const parsed = readAddress(address);
  if (!parsed || rest.length > 0) return undefined;
  const width = parsed.kind() === "ipv4" ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined;
  const length = bits === undefined ? width : Number(bits);
  if (length > width) return undefined;
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() && length >= 96) {
    return { base: parsed.toIPv4Address(), bits: length - 96 };
  }
  return { base: parsed, bits: length };
}

/** The shorthands that ipaddr.js knows (`127.1`, `0x7f.1`) are no addresses to IAM. */
function readAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}
