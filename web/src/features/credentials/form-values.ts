import type {
  AuthenticationMethod,
  Credential,
  CredentialInput,
  CredentialUpdate,
  EndpointService,
  RoleHopInput,
} from "@nephoscope/contract";
import { mapOf, type Pair, pairsOf } from "../../ui/pairs.ts";

/** One hop of the role chain while it is edited; empty text is “not given”. */
export interface HopValues {
  /** Identity of the row on screen only. */
  rowId: string;
  roleArn: string;
  externalIdSource: "generated" | "owner" | "none";
  externalId: string;
  sessionName: string;
  durationSeconds: number | string;
  sourceIdentity: string;
  sessionPolicy: string;
  sessionTags: Pair[];
}

export interface CredentialFormValues {
  name: string;
  description: string;
  method: AuthenticationMethod;
  region: string;
  serviceName: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Clears a stored session token. */
  removeSessionToken: boolean;
  profile: string;
  instanceSource: "ec2" | "container";
  webIdentityRoleArn: string;
  webIdentityTokenFile: string;
  roleChain: HopValues[];
  endpoints: { service: EndpointService; url: string }[];
  useFipsEndpoint: boolean;
  useDualstackEndpoint: boolean;
  sessionTokenHeader: "standard" | "with-x-amz-access-token";
  emulatorCompatible: boolean;
  proxy: {
    type: "none" | "environment" | "url";
    url: string;
    username: string;
    password: string;
    removePassword: boolean;
  };
  caBundle: string;
  tags: Pair[];
}

let rows = 0;

export function newHop(): HopValues {
  rows += 1;
  return {
    rowId: `hop-${rows}`,
    roleArn: "",
    externalIdSource: "generated",
    externalId: "",
    sessionName: "",
    durationSeconds: 3600,
    sourceIdentity: "",
    sessionPolicy: "",
    sessionTags: [],
  };
}

export function newCredentialValues(method: AuthenticationMethod): CredentialFormValues {
  return {
    name: "",
    description: "",
    method,
    region: "us-east-1",
    serviceName: "monitoring",
    accessKeyId: "",
    secretAccessKey: "",
    sessionToken: "",
    removeSessionToken: false,
    profile: "",
    instanceSource: "ec2",
    webIdentityRoleArn: "",
    webIdentityTokenFile: "",
    roleChain: [],
    endpoints: [],
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    sessionTokenHeader: "standard",
    emulatorCompatible: false,
    proxy: { type: "none", url: "", username: "", password: "", removePassword: false },
    caBundle: "",
    tags: [],
  };
}

/** Values of a stored credential. Secrets stay empty: they are never read, only replaced. */
export function valuesOfCredential(credential: Credential): CredentialFormValues {
  return {
    ...newCredentialValues(credential.method),
    name: credential.name,
    description: credential.description,
    region: credential.region,
    serviceName: credential.serviceName,
    profile: credential.profile ?? "",
    instanceSource: credential.instanceSource ?? "ec2",
    webIdentityRoleArn: credential.webIdentityRoleArn ?? "",
    webIdentityTokenFile: credential.webIdentityTokenFile ?? "",
    roleChain: credential.roleChain.map((hop) => ({
      ...newHop(),
      roleArn: hop.roleArn,
      externalIdSource: hop.externalIdSource,
      externalId: hop.externalId ?? "",
      sessionName: hop.sessionName,
      durationSeconds: hop.durationSeconds,
      sourceIdentity: hop.sourceIdentity ?? "",
      sessionPolicy: hop.sessionPolicy ?? "",
      sessionTags: pairsOf(hop.sessionTags),
    })),
    endpoints: Object.entries(credential.endpoints).map(([service, url]) => ({
      service: service as EndpointService,
      url,
    })),
    useFipsEndpoint: credential.useFipsEndpoint,
    useDualstackEndpoint: credential.useDualstackEndpoint,
    sessionTokenHeader: credential.sessionTokenHeader,
    emulatorCompatible: credential.emulatorCompatible,
    proxy: {
      type: credential.proxy.type,
      url: credential.proxy.url ?? "",
      username: credential.proxy.username ?? "",
      password: "",
      removePassword: false,
    },
    caBundle: credential.caBundle,
    tags: pairsOf(credential.tags),
  };
}

/** The form as the API takes it for a new credential. */
export function inputOfValues(values: CredentialFormValues): CredentialInput {
  return { ...commonFields(values), ...methodFields(values) };
}

/** The form as the API takes it for a change: secrets that were not typed again are left out and so kept. */
export function updateOfValues(values: CredentialFormValues, version: number): CredentialUpdate {
  const update: CredentialUpdate = { ...inputOfValues(values), version };
  if (values.method === "keys" && values.removeSessionToken) update.sessionToken = null;
  return update;
}

function commonFields(values: CredentialFormValues) {
  return {
    name: values.name.trim(),
    description: values.description.trim(),
    method: values.method,
    region: values.region.trim(),
    serviceName: values.serviceName.trim(),
    roleChain: values.roleChain.map(hopOf),
    endpoints: Object.fromEntries(
      values.endpoints
        .filter((endpoint) => endpoint.url.trim() !== "")
        .map((endpoint) => [endpoint.service, endpoint.url.trim()]),
    ) as CredentialInput["endpoints"],
    useFipsEndpoint: values.useFipsEndpoint,
    useDualstackEndpoint: values.useDualstackEndpoint,
    sessionTokenHeader: values.sessionTokenHeader,
    emulatorCompatible: values.emulatorCompatible,
    proxy: proxyOf(values.proxy),
    caBundle: values.caBundle.trim(),
    tags: mapOf(values.tags),
  };
}

function methodFields(values: CredentialFormValues): Partial<CredentialInput> {
  switch (values.method) {
    case "keys":
      return {
        ...given("accessKeyId", values.accessKeyId),
        ...given("secretAccessKey", values.secretAccessKey),
        ...given("sessionToken", values.sessionToken),
      };
    case "profile":
      return given("profile", values.profile);
    case "instance":
      return { instanceSource: values.instanceSource };
    case "web-identity":
      return {
        ...given("webIdentityRoleArn", values.webIdentityRoleArn),
        ...given("webIdentityTokenFile", values.webIdentityTokenFile),
      };
    case "default":
      return {};
  }
}

function hopOf(hop: HopValues): RoleHopInput {
  const sessionTags = mapOf(hop.sessionTags);
  return {
    roleArn: hop.roleArn.trim(),
    externalIdSource: hop.externalIdSource,
    ...(hop.externalIdSource === "none" ? {} : given("externalId", hop.externalId)),
    ...given("sessionName", hop.sessionName),
    durationSeconds: Number(hop.durationSeconds) || 3600,
    ...given("sourceIdentity", hop.sourceIdentity),
    ...given("sessionPolicy", hop.sessionPolicy),
    ...(Object.keys(sessionTags).length === 0 ? {} : { sessionTags }),
  };
}

function proxyOf(proxy: CredentialFormValues["proxy"]): CredentialInput["proxy"] {
  if (proxy.type !== "url") return { type: proxy.type };
  return {
    type: "url",
    ...given("url", proxy.url),
    ...given("username", proxy.username),
    ...(proxy.removePassword ? { password: null } : given("password", proxy.password)),
  };
}

/** A field of the API when something was typed, nothing otherwise. Blanks around pasted text are never meant. */
function given<K extends string>(key: K, text: string): Partial<Record<K, string>> {
  const trimmed = text.trim();
  return trimmed === "" ? {} : ({ [key]: trimmed } as Record<K, string>);
}

/** What the API's schema cannot know: which fields a method needs when nothing is stored yet. */
export function missingFields(
  values: CredentialFormValues,
  stored: Pick<Credential, "method" | "hasSecretAccessKey" | "accessKeyIdMasked"> | undefined,
): Record<string, string> {
  const missing: Record<string, string> = {};
  if (values.method === "keys") {
    const keeps = stored?.method === "keys" && stored.hasSecretAccessKey;
    const temporary = values.accessKeyId.trim().startsWith("ASIA");
    if (!keeps && values.accessKeyId.trim() === "") missing.accessKeyId = "An access key ID is needed.";
    if ((!keeps || values.accessKeyId.trim() !== "") && values.secretAccessKey === "")
      missing.secretAccessKey = keeps
        ? "A new access key ID needs its own secret."
        : "The secret access key is needed.";
    if (temporary && values.sessionToken.trim() === "")
      missing.sessionToken = "Keys that start with ASIA are temporary and need their session token.";
  }
  if (values.method === "profile" && values.profile.trim() === "") missing.profile = "Name a profile.";
  if (values.proxy.type === "url" && values.proxy.url.trim() === "")
    missing["proxy.url"] = "The proxy's address is needed.";
  values.roleChain.forEach((hop, index) => {
    if (hop.externalIdSource === "owner" && hop.externalId.trim() === "")
      missing[`roleChain.${index}.externalId`] = "Enter the external ID that the role's owner gave you.";
  });
  return missing;
}
