import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import type { Method } from "./method.ts";

/** What the SDK marks keys with, in words. */
const origins: Readonly<Record<string, string>> = {
  CREDENTIALS_ENV_VARS: "environment variables of the server",
  CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN: "a web identity token file named by the environment",
  CREDENTIALS_STS_ASSUME_ROLE_WEB_ID: "a web identity token",
  CREDENTIALS_PROFILE: "a profile of the server's AWS files",
  CREDENTIALS_PROFILE_SOURCE_PROFILE: "a role profile of the server's AWS files",
  CREDENTIALS_PROFILE_PROCESS: "an external process of a profile",
  CREDENTIALS_PROFILE_SSO: "an SSO profile of the server's AWS files",
  CREDENTIALS_SSO: "SSO",
  CREDENTIALS_PROCESS: "an external process",
  CREDENTIALS_HTTP: "the container credentials endpoint (ECS or EKS)",
  CREDENTIALS_IMDS: "the instance metadata service (EC2)",
};

/**
 * The SDK's chain on the server itself: environment, AWS files, web identity, container, instance. This is the one
 * method that searches, by design. A new chain each time, because the SDK's own keeps what it found first.
 */
export const defaultMethod: Method = {
  refreshable: true,
  async load(source, { handler }) {
    const chain = fromNodeProviderChain({
      clientConfig: { region: source.region, requestHandler: handler },
      ec2MetadataV1Disabled: true,
      ignoreCache: true,
      timeout: 1000,
      maxRetries: 2,
    });
    const keys = await chain();
    const marks = Object.keys((keys as { $source?: object }).$source ?? {});
    const origin = marks.map((mark) => origins[mark]).find((text) => text !== undefined);
    return { ...keys, origin: origin ?? "the SDK's default chain" };
  },
};
