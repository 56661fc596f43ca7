import type { Aws } from "../../aws/index.ts";
import {
  type AuthenticationMethod,
  authenticationMethods,
  type CredentialOptions,
  partitions,
} from "../../contract/index.ts";
import { roleFeatureSpecs } from "../role-setup/permissions.ts";
import type { CredentialPolicy } from "./rules.ts";

const methodTexts: Readonly<Record<AuthenticationMethod, { title: string; help: string }>> = {
  default: {
    title: "AWS SDK default",
    help: "Searches where AWS tools search on the server: environment, AWS files, web identity, container, instance.",
  },
  profile: {
    title: "Credentials file",
    help: "A named profile of the server's shared AWS files, with plain keys or roles on top of them. Nothing else is tried.",
  },
  keys: {
    title: "Access key",
    help: "An access key ID with its secret, and the session token when the keys are temporary. Nothing else is tried.",
  },
  instance: {
    title: "Instance or container role",
    help: "The role of the machine the server runs on: EC2 through IMDSv2, or the endpoint of ECS and EKS Pod Identity.",
  },
  "web-identity": {
    title: "Web identity (IRSA)",
    help: "A role assumed with a token file, as Kubernetes projects it into a pod. The file is read anew each time.",
  },
};

/** What this server offers, for building forms. */
export async function credentialOptions(aws: Aws, policy: CredentialPolicy): Promise<CredentialOptions> {
  const isAllowed = (method: AuthenticationMethod) => policy.allowedMethods.includes(method);
  return {
    methods: authenticationMethods.map((method) => ({
      method,
      allowed: isAllowed(method),
      ...methodTexts[method],
    })),
    assumeRoleEnabled: policy.assumeRoleEnabled,
    privateEndpointsAllowed: aws.policy.allowPrivate,
    regions: partitions.flatMap((partition) =>
      partition.regions.map(({ id, name, optIn }) => ({
        id,
        name,
        partition: partition.id,
        optIn: optIn === true,
      })),
    ),
    profiles: isAllowed("profile") ? await aws.usableProfiles() : [],
    features: Object.entries(roleFeatureSpecs).map(([id, { title, help, statements }]) => ({
      id,
      title,
      help,
      actions: statements({ partition: "aws", bucketName: "BUCKET" }).flatMap(
        (statement) => statement.Action,
      ),
    })),
  };
}
