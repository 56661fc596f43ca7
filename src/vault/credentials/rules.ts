import { X509Certificate } from "node:crypto";
import { endpointProblem, urlProblem } from "../../aws/index.ts";
import { AppError, isStorable } from "../../base/index.ts";
import {
  type AuthenticationMethod,
  type FieldProblem,
  isKnownRegion,
  partitionOfRegion,
  unknownRegionMessage,
} from "../../contract/index.ts";
import type { Draft } from "./change.ts";
import type { StoredHop } from "./stored.ts";

/** What the operator allows. Checked when a credential is saved, imported and used. */
export interface CredentialPolicy {
  readonly allowedMethods: readonly AuthenticationMethod[];
  readonly assumeRoleEnabled: boolean;
  /** Regions that AWS opened after our list was made. */
  readonly extraRegions?: readonly string[] | undefined;
}

export type AddressRules = Parameters<typeof endpointProblem>[1];

/** Throws `auth_method_not_allowed` or `assume_role_disabled`. */
export function enforcePolicy(policy: CredentialPolicy, method: AuthenticationMethod, roles: number): void {
  if (!policy.allowedMethods.includes(method)) {
    throw new AppError("auth_method_not_allowed", {
      message: `The authentication method ${method} is not allowed here; allowed are ${policy.allowedMethods.join(", ")} (NEPHO_ALLOWED_AUTH_METHODS).`,
    });
  }
  if (roles > 0 && !policy.assumeRoleEnabled) throw new AppError("assume_role_disabled");
}

/** Everything wrong with a draft that its fields alone tell. */
export function draftProblems(
  draft: Draft,
  chain: readonly StoredHop[],
  policy: CredentialPolicy,
): FieldProblem[] {
  return [
    ...regionProblems(draft, policy),
    ...methodProblems(draft),
    ...partitionProblems(draft, chain),
    ...durationProblems(draft, chain),
    ...chainProblems(chain),
    ...textProblems(draft, chain),
    ...certificateProblems(draft),
  ];
}

function methodProblems({ method, settings, secrets, keyPrefix }: Draft): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const onlyFor = (path: string, owner: AuthenticationMethod, value: unknown) => {
    if (value !== undefined && method !== owner) {
      problems.push({ path, message: `Only for the method ${owner}.` });
    }
  };
  onlyFor("profile", "profile", settings.profile);
  onlyFor("instanceSource", "instance", settings.instanceSource);
  onlyFor("webIdentityRoleArn", "web-identity", settings.webIdentityRoleArn);
  onlyFor("webIdentityTokenFile", "web-identity", settings.webIdentityTokenFile);
  if (method === "profile" && settings.profile === undefined) {
    problems.push({ path: "profile", message: "The method profile needs the name of a profile." });
  }
  if (method === "keys" && keyPrefix === "ASIA" && secrets.sessionToken === "clear") {
    problems.push({
      path: "sessionToken",
      message: "Temporary access keys (ASIA…) need their session token.",
    });
  }
  if (settings.proxy.type === "url" && settings.proxy.url === undefined) {
    problems.push({ path: "proxy.url", message: "A proxy of the type url needs a URL." });
  }
  return problems;
}

/** The contract lets pass what has the shape of a region; a misspelt one would only be noticed when no host answers. */
function regionProblems({ region }: Draft, { extraRegions }: CredentialPolicy): FieldProblem[] {
  return isKnownRegion(region, extraRegions) ? [] : [{ path: "region", message: unknownRegionMessage }];
}

/** Credentials never cross partitions. */
function partitionProblems({ region, settings }: Draft, chain: readonly StoredHop[]): FieldProblem[] {
  const partition = partitionOfRegion(region)?.id;
  const check = (path: string, arn: string | undefined): FieldProblem[] => {
    const ofArn = arn?.split(":")[1];
    if (ofArn === undefined || ofArn === partition) return [];
    return [
      { path, message: `The role is in the partition ${ofArn}, the region ${region} in ${partition}.` },
    ];
  };
  return [
    ...check("webIdentityRoleArn", settings.webIdentityRoleArn),
    ...chain.flatMap((hop, index) => check(`roleChain.${index}.roleArn`, hop.roleArn)),
  ];
}

/** AWS allows a role that assumes a role one hour, whatever the role's own maximum is. */
function durationProblems({ method }: Draft, chain: readonly StoredHop[]): FieldProblem[] {
  const baseIsRole = method === "instance" || method === "web-identity";
  return chain.flatMap((hop, index) =>
    hop.durationSeconds > 3600 && (index > 0 || baseIsRole)
      ? [
          {
            path: `roleChain.${index}.durationSeconds`,
            message: "At most 3,600 seconds when a role assumes a role.",
          },
        ]
      : [],
  );
}

function chainProblems(chain: readonly StoredHop[]): FieldProblem[] {
  return chain.flatMap((hop, index) =>
    hop.sessionPolicy !== undefined && !isJsonObject(hop.sessionPolicy)
      ? [{ path: `roleChain.${index}.sessionPolicy`, message: "Not a JSON object." }]
      : [],
  );
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The database keeps no zero bytes and no halves of characters; better to say so than to fail there. */
function textProblems({ name, description, settings }: Draft, chain: readonly StoredHop[]): FieldProblem[] {
  const fields = { name, description, ...settings, roleChain: chain };
  return Object.entries(fields).flatMap(([path, value]) =>
    isStorableThroughout(value) ? [] : [{ path, message: "Contains a zero byte or half of a character." }],
  );
}

function isStorableThroughout(value: unknown): boolean {
  if (typeof value === "string") return isStorable(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorableThroughout(inner));
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Found out now rather than at the first connection. */
function certificateProblems({ settings: { caBundle } }: Draft): FieldProblem[] {
  if (caBundle === "") return [];
  const certificates = caBundle.match(pemCertificate) ?? [];
  const isReadable = certificates.length > 0 && certificates.every(isCertificate);
  return isReadable ? [] : [{ path: "caBundle", message: "Not a list of readable PEM certificates." }];
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** URLs that the server may not connect to. */
export function addressProblems({ settings }: Draft, rules: AddressRules): FieldProblem[] {
  const ofEndpoints = Object.entries(settings.endpoints).flatMap(([service, url]) => {
    const message = endpointProblem(url, rules);
    return message ? [{ path: `endpoints.${service}`, message }] : [];
  });
  const proxy = settings.proxy.type === "url" && settings.proxy.url;
  const proxyMessage = proxy && urlProblem(proxy, rules);
  return proxyMessage ? [...ofEndpoints, { path: "proxy.url", message: proxyMessage }] : ofEndpoints;
}

/** Throws `validation_failed` or `endpoint_not_allowed` with one problem per field. */
export function refuseProblems(
  problems: readonly FieldProblem[],
  code: "validation_failed" | "endpoint_not_allowed",
) {
  if (problems.length === 0) return;
  const message = problems.map((problem) => `${problem.path}: ${problem.message}`).join(" ");
  throw new AppError(code, { message, fields: problems });
}
