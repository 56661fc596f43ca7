import { AppError, Secret } from "../../base/index.ts";
import type { AuthenticationMethod, FieldProblem } from "../../contract/index.ts";
import type { CredentialFields, CredentialSettings, SecretField, StoredCredential } from "./stored.ts";

/** What becomes of one secret. */
export type SecretChange = Secret | "keep" | "clear";

/** A credential as it shall be, before external IDs are settled. Pure data; nothing was stored. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly method: AuthenticationMethod;
  readonly region: string;
  readonly settings: Omit<CredentialSettings, "roleChain">;
  /** Undefined keeps the chain. */
  readonly roleChain: CredentialFields["roleChain"];
  readonly secrets: Readonly<Record<SecretField, SecretChange>>;
  /** First letters of the access key, which tell long-term from temporary keys. */
  readonly keyPrefix: string | undefined;
  /** Whether anything changed that decides who we are or whom we talk to. */
  readonly affectsAccess: boolean;
}

export interface ChangeContext {
  fingerprint(text: string): string;
}

const defaults: Omit<CredentialSettings, "roleChain"> = {
  serviceName: "monitoring",
  endpoints: {},
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  sessionTokenHeader: "standard",
  emulatorCompatible: false,
  proxy: { type: "none" },
  caBundle: "",
  tags: {},
};

/**
 * Lays a caller's fields over what is stored: absent keeps, a value replaces, null clears. Throws `secret_required` where a
 * secret may not go on living beside the change: a new access key, or a new host that would receive what it signs.
 */
export function planChange(
  current: StoredCredential | undefined,
  fields: CredentialFields,
  context: ChangeContext,
): Draft {
  const method = fields.method ?? current?.method ?? "keys";
  const sameMethod = current?.method === method;
  const settings = mergeSettings(current, fields, sameMethod);
  const missing: FieldProblem[] = [];
  const secrets = planSecrets(current, { ...fields, method }, settings, context, missing);
  if (missing.length > 0) {
    throw new AppError("secret_required", {
      message: missing.map((field) => field.message).join(" "),
      fields: missing,
    });
  }
  const { accessKeyId } = secrets;
  return {
    name: fields.name ?? current?.name ?? "",
    description: fields.description ?? current?.description ?? "",
    method,
    region: fields.region ?? current?.region ?? "",
    settings,
    roleChain: fields.roleChain,
    secrets,
    keyPrefix:
      accessKeyId instanceof Secret
        ? accessKeyId.reveal().slice(0, 4)
        : accessKeyId === "keep"
          ? current?.access_key_id_masked?.slice(0, 4)
          : undefined,
    affectsAccess: Object.keys(fields).some((field) => !descriptiveFields.has(field)),
  };
}

const descriptiveFields = new Set(["name", "description", "tags", "version"]);

function mergeSettings(
  current: StoredCredential | undefined,
  fields: CredentialFields,
  sameMethod: boolean,
): Draft["settings"] {
  const { roleChain: _, ...stored } = current?.settings ?? { ...defaults, roleChain: [] };
  const ofMethod = sameMethod ? stored : {};
  const { profile, instanceSource, webIdentityRoleArn, webIdentityTokenFile } = {
    ...ofMethod,
    ...defined(fields),
  };
  const { type, url, username } = fields.proxy ?? stored.proxy;
  return {
    serviceName: fields.serviceName ?? stored.serviceName,
    profile,
    instanceSource,
    webIdentityRoleArn: webIdentityRoleArn ?? undefined,
    webIdentityTokenFile: webIdentityTokenFile ?? undefined,
    endpoints: fields.endpoints ?? stored.endpoints,
    useFipsEndpoint: fields.useFipsEndpoint ?? stored.useFipsEndpoint,
    useDualstackEndpoint: fields.useDualstackEndpoint ?? stored.useDualstackEndpoint,
    sessionTokenHeader: fields.sessionTokenHeader ?? stored.sessionTokenHeader,
    emulatorCompatible: fields.emulatorCompatible ?? stored.emulatorCompatible,
    proxy: { type, url, username },
    caBundle: fields.caBundle ?? stored.caBundle,
    tags: fields.tags ?? stored.tags,
  };
}

/** An explicit `undefined` means absent, not cleared. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function planSecrets(
  current: StoredCredential | undefined,
  fields: CredentialFields & { method: AuthenticationMethod },
  settings: Draft["settings"],
  context: ChangeContext,
  missing: FieldProblem[],
): Draft["secrets"] {
  const proxyPassword = planProxyPassword(current, fields, settings, missing);
  if (fields.method !== "keys") {
    return { accessKeyId: "clear", secretAccessKey: "clear", sessionToken: "clear", proxyPassword };
  }
  const stored = current?.method === "keys" ? current : undefined;
  const isNewKey =
    fields.accessKeyId !== undefined && context.fingerprint(fields.accessKeyId) !== stored?.key_fingerprint;
  const sessionToken = planSessionToken(stored, fields, isNewKey);
  if (stored && fields.secretAccessKey === undefined && isNewKey) {
    missing.push({
      path: "secretAccessKey",
      message: "A new access key ID needs its secret access key.",
    });
  }
  const newHosts = stored ? addedDestinations(stored.settings, settings) : [];
  if (newHosts.length > 0 && fields.secretAccessKey === undefined) {
    missing.push({
      path: "secretAccessKey",
      message: `Requests would go to ${newHosts.join(", ")}: enter the secret access key again.`,
    });
  }
  if (newHosts.length > 0 && sessionToken === "keep" && stored?.secrets.sessionToken) {
    missing.push({
      path: "sessionToken",
      message: `Requests would go to ${newHosts.join(", ")}: enter the session token again.`,
    });
  }
  return {
    accessKeyId: fields.accessKeyId === undefined ? "keep" : new Secret(fields.accessKeyId),
    secretAccessKey: fields.secretAccessKey === undefined ? "keep" : new Secret(fields.secretAccessKey),
    sessionToken,
    proxyPassword,
  };
}

/** A session token belongs to one key; it does not outlive it. */
function planSessionToken(
  stored: StoredCredential | undefined,
  fields: CredentialFields,
  isNewKey: boolean,
): SecretChange {
  if (fields.sessionToken === null) return "clear";
  if (fields.sessionToken !== undefined) return new Secret(fields.sessionToken);
  return stored && !isNewKey ? "keep" : "clear";
}

function planProxyPassword(
  current: StoredCredential | undefined,
  fields: CredentialFields,
  settings: Draft["settings"],
  missing: FieldProblem[],
): SecretChange {
  if (settings.proxy.type !== "url") return "clear";
  const password = fields.proxy?.password;
  if (password === null) return "clear";
  if (password !== undefined) return new Secret(password);
  const hasOne = current?.secrets.proxyPassword !== undefined;
  if (hasOne && originOf(current.settings.proxy.url) !== originOf(settings.proxy.url)) {
    missing.push({
      path: "proxy.password",
      message: "The proxy is another one: enter its password again, or null.",
    });
  }
  return hasOne ? "keep" : "clear";
}

/**
 * Hosts that would see signed requests and did not before. Going back to AWS's own endpoints, or to the proxy of
 * the server's environment, needs no secret.
 */
function addedDestinations(before: Draft["settings"], after: Draft["settings"]): string[] {
  const known = new Set(destinations(before));
  return [...new Set(destinations(after))]
    .filter((destination) => !known.has(destination))
    .map((text) => text.replace(/^\w+ /, ""));
}

/** With the name of the service in front: STS must not get what was entered for another service's host. */
function destinations({ endpoints, proxy }: Draft["settings"]): string[] {
  const ofEndpoints = Object.entries(endpoints).map(([service, url]) => `${service} ${originOf(url)}`);
  return proxy.type === "url" ? [...ofEndpoints, `proxy ${originOf(proxy.url)}`] : ofEndpoints;
}

function originOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : "";
}
