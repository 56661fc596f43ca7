import { IngestRefusal } from "./refusal.ts";

/** What a request shows of its caller, before anything is known to be true. */
export type ShownCredentials =
  | { readonly kind: "bearer"; readonly token: string; readonly byAgentOfSplunk: boolean }
  | { readonly kind: "signature" };

const signatureScheme = "AWS4-HMAC-SHA256";

/**
 * `Bearer <key>` and SigV4 everywhere. Where Splunk's agents send to: also `Splunk <key>`, the password of `Basic`, and with
 * `queryToken` the parameter `token`.
 */
export function readCredentials(
  request: { readonly authorization: string | undefined; readonly query: URLSearchParams },
  accepted: { readonly hec: boolean; readonly queryToken: boolean },
): ShownCredentials {
  const { authorization, query } = request;
  if (!authorization) {
    if (query.get("X-Amz-Algorithm") === signatureScheme) return { kind: "signature" };
    const token = accepted.hec && accepted.queryToken ? query.get("token") : null;
    if (token) return { kind: "bearer", token, byAgentOfSplunk: true };
    throw new IngestRefusal("credentials_missing", "Send an API key: Authorization: Bearer <key>.");
  }
  const space = authorization.indexOf(" ");
  const scheme = authorization.slice(0, space < 0 ? undefined : space).toLowerCase();
  const value = space < 0 ? "" : authorization.slice(space + 1).trim();
  if (scheme === signatureScheme.toLowerCase()) return { kind: "signature" };
  const token = bearerToken(scheme, value, accepted.hec);
  // What was sent is not repeated: it may hold a key.
  if (!token)
    throw new IngestRefusal(
      "authorization_malformed",
      `The Authorization header is none of: Bearer <key>, ${accepted.hec ? "Splunk <key>, Basic, " : ""}${signatureScheme}.`,
    );
  return { kind: "bearer", token, byAgentOfSplunk: scheme !== "bearer" };
}

function bearerToken(scheme: string, value: string, hec: boolean): string | undefined {
  if (scheme === "bearer") return value;
  if (!hec) return undefined;
  if (scheme === "splunk") return value;
  if (scheme !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : pair.slice(colon + 1);
}
