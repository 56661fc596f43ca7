import { createHash } from "node:crypto";
import type { Secret } from "../base/index.ts";
import type { AuthenticationMethod, EndpointService } from "../contract/index.ts";

/** One role to assume on the way to the identity that calls AWS. */
export interface RoleHop {
  readonly roleArn: string;
  readonly externalId?: string | undefined;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly sourceIdentity?: string | undefined;
  readonly sessionPolicy?: string | undefined;
  readonly sessionTags?: Readonly<Record<string, string>> | undefined;
}

export interface ProxySource {
  readonly type: "none" | "environment" | "url";
  readonly url?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
}

/** An opened credential: all that is needed to be someone in AWS. Which fields count depends on `method`. */
export interface AwsIdentitySource {
  readonly recordId: string;
  /** Version of the record; an edit makes another source of it. */
  readonly version: number;
  readonly method: AuthenticationMethod;
  readonly region: string;
  /** SigV4 service name for CloudWatch calls; other services have their own. */
  readonly serviceName: string;
  readonly keys?:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: Secret;
        readonly sessionToken?: Secret | undefined;
      }
    | undefined;
  readonly profile?: string | undefined;
  readonly instanceSource?: "ec2" | "container" | undefined;
  readonly webIdentityRoleArn?: string | undefined;
  readonly webIdentityTokenFile?: string | undefined;
  readonly roleChain: readonly RoleHop[];
  readonly endpoints: Readonly<Partial<Record<EndpointService, string>>>;
  readonly useFipsEndpoint: boolean;
  readonly useDualstackEndpoint: boolean;
  readonly sessionTokenHeader: "standard" | "with-x-amz-access-token";
  readonly emulatorCompatible: boolean;
  readonly proxy: ProxySource;
  readonly caBundle: string;
}

/** A source without anything special: what callers start from. */
export const plainSource = {
  serviceName: "monitoring",
  roleChain: [],
  endpoints: {},
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  sessionTokenHeader: "standard",
  emulatorCompatible: false,
  proxy: { type: "none" },
  caBundle: "",
} as const satisfies Partial<AwsIdentitySource>;

/**
 * SHA-256 over every field, each with its length in front: sources that differ in anything, secrets and session
 * tokens included, never share a session.
 */
export function cacheKeyOf(source: AwsIdentitySource): string {
  const hash = createHash("sha256");
  const add = (text: string | undefined) =>
    hash.update(text === undefined ? "-;" : `${Buffer.byteLength(text)}:${text};`);
  add(source.recordId);
  add(String(source.version));
  add(source.method);
  add(source.region);
  add(source.serviceName);
  add(source.keys?.accessKeyId);
  add(source.keys?.secretAccessKey.reveal());
  add(source.keys?.sessionToken?.reveal());
  add(source.profile);
  add(source.instanceSource);
  add(source.webIdentityRoleArn);
  add(source.webIdentityTokenFile);
  add(JSON.stringify(source.roleChain));
  add(JSON.stringify(Object.entries(source.endpoints).sort()));
  add(`${source.useFipsEndpoint} ${source.useDualstackEndpoint} ${source.emulatorCompatible}`);
  add(source.sessionTokenHeader);
  add(source.proxy.type);
  add(source.proxy.url);
  add(source.proxy.username);
  add(source.proxy.password?.reveal());
  add(source.caBundle);
  return hash.digest("hex");
}
