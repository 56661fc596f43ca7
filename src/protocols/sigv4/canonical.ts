import { createHash, createHmac } from "node:crypto";
import type { WireRequest } from "../wire.ts";
import { type Authorization, algorithm } from "./authorization.ts";

export const unsignedPayload = "UNSIGNED-PAYLOAD";

/** The signature that the holder of the secret would have made for this request, as raw bytes. */
export function computeSignature(
  request: WireRequest,
  authorization: Authorization,
  payloadHash: string,
  secretAccessKey: string,
): Buffer {
  const { date, region, service, timestamp } = authorization;
  const canonical = canonicalRequest(request, authorization, payloadHash);
  const stringToSign = [
    algorithm,
    timestamp,
    `${date}/${region}/${service}/aws4_request`,
    sha256Hex(canonical),
  ];
  const key = [date, region, service, "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, stringToSign.join("\n"));
}

/** Signature Version 4, "Create a canonical request". */
export function canonicalRequest(
  request: WireRequest,
  { signedHeaders, service }: Pick<Authorization, "signedHeaders" | "service">,
  payloadHash: string,
): string {
  return [
    request.method,
    canonicalPath(request.path, service),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${canonicalHeaderValue(request.headers[name] ?? "")}`),
    "",
    signedHeaders.join(";"),
    payloadHash,
  ].join("\n");
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** S3 signs the path as it was sent; all others normalise it and encode it a second time. */
function canonicalPath(path: string, service: string): string {
  if (service === "s3") return encodeSegments(path.split("/").map(decodeLeniently));
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const trailing = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${encodeSegments(segments)}${trailing}`;
}

function encodeSegments(segments: readonly string[]): string {
  return segments.map(encodeStrictly).join("/");
}

/** Sorted by encoded name, then value; the signature itself is left out. */
function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair): [string, string] => {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      const value = at < 0 ? "" : pair.slice(at + 1);
      return [encodeStrictly(decodeLeniently(name)), encodeStrictly(decodeLeniently(value))];
    })
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function canonicalHeaderValue(value: string): string {
  return value.trim().replace(/ +/g, " ");
}

/** RFC 3986: encodeURIComponent leaves five characters alone that AWS encodes. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What is not valid percent-encoding stays as it is: the signature then decides. */
function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
