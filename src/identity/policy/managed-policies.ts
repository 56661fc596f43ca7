import {
  type ManagedPolicyName,
  type OperationName,
  operationNames,
  operations,
} from "../../contract/index.ts";
import type { NamedPolicy, PolicyDocument } from "./document.ts";

export interface ManagedPolicy extends NamedPolicy {
  readonly name: ManagedPolicyName;
  readonly arn: string;
  readonly description: string;
}

const reads: readonly OperationName[] = operationNames.filter((name) => operations[name].access === "read");

export const managedPolicies: Readonly<Record<ManagedPolicyName, ManagedPolicy>> = {
  AdministratorAccess: managed(
    "AdministratorAccess",
    "Everything.",
    allow({ Sid: "Everything", Action: ["*"] }),
  ),
  Proxies: managed(
    "Proxies",
    "Read everything that is not secret, and manage cloud integrations and external IDs.",
    allow(
      { Sid: "Read", Action: reads },
      { Sid: "ManageIntegrations", Action: ["integrations:*", "externalIds:*", "credentials:Test"] },
    ),
  ),
  ReadOnlyAccess: managed(
    "ReadOnlyAccess",
    "Read everything that is not secret; change nothing but one's own password, sessions and tokens.",
    allow({ Sid: "Read", Action: reads }),
  ),
};

function managed(name: ManagedPolicyName, description: string, document: PolicyDocument): ManagedPolicy {
  return { name, arn: `arn:aws:iam::aws:policy/${name}`, description, document };
}

function allow(...statements: { Sid: string; Action: readonly string[] }[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ ...statement, Effect: "Allow", Resource: "*" })),
  };
}
