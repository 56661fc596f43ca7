import { fromHttp, fromInstanceMetadata } from "@aws-sdk/credential-providers";
import { LocalConfigError } from "../local-config-error.ts";
import type { Method } from "./method.ts";

/**
 * The role of the machine we run on. `ec2` asks the instance metadata service, version 2 only. `container` asks the
 * endpoint that ECS or EKS Pod Identity names in the environment, through `fromHttp`: the older provider refuses Pod
 * Identity's host. Both go straight to link-local addresses, never through a proxy.
 */
export const instanceMethod: Method = {
  refreshable: true,
  async load({ instanceSource = "ec2" }, { environment }) {
    if (instanceSource === "ec2") {
      const keys = await fromInstanceMetadata({
        timeout: 1000,
        maxRetries: 2,
        ec2MetadataV1Disabled: true,
      })();
      return { ...keys, origin: "the instance metadata service (EC2)" };
    }
    const relativeUri = environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
    const fullUri = environment.AWS_CONTAINER_CREDENTIALS_FULL_URI;
    if (!relativeUri && !fullUri) {
      throw new LocalConfigError(
        "The server runs in no ECS task and no EKS pod with Pod Identity: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set.",
      );
    }
    const keys = await fromHttp({ timeout: 1000, maxRetries: 3 })();
    return { ...keys, origin: "the container credentials endpoint (ECS or EKS)" };
  },
};
