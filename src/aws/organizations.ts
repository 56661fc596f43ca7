import {
  ResourceGroupsTaggingAPIClient,
  type ResourceGroupsTaggingAPIClientConfig,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { Command } from "@smithy/core/client";
import { getEndpointPlugin } from "@smithy/core/endpoints";
import { partitionOfRegion } from "../contract/index.ts";

/**
 * AWS Organizations, as far as finding accounts needs it: three calls. The SDK's own client would be one more dependency; any of
 * its clients that speak AWS JSON 1.1 does the same when it is told the other service's names, and ours are such clients.
 */
export class OrganizationsClient extends ResourceGroupsTaggingAPIClient {
  constructor(configuration: ResourceGroupsTaggingAPIClientConfig) {
    super({
      ...configuration,
      serviceId: "Organizations",
      protocolSettings: {
        defaultNamespace: namespace,
        errorTypeRegistries: [],
        version: "2016-11-28",
        serviceTarget: "AWSOrganizationsV20161128",
      },
      endpointProvider: (parameters) => ({
        url: new URL(endpointOf(parameters)),
        properties: { authSchemes: [signedAs(parameters.Region)] },
      }),
    });
  }
}

const namespace = "com.amazonaws.organizations";

/** Endpoint rules decide under which name a request is signed. */
const signedAs = (signingRegion: string | undefined) => ({
  name: "sigv4",
  signingName: "organizations",
  signingRegion: signingRegion ?? "us-east-1",
  properties: {},
});

/** What the SDK hands to an endpoint provider. */
interface EndpointParameters {
  readonly Endpoint?: unknown;
  readonly Region?: string | undefined;
  readonly UseFIPS?: boolean | undefined;
  readonly UseDualStack?: boolean | undefined;
}

function endpointOf({ Endpoint, Region = "us-east-1", UseFIPS, UseDualStack }: EndpointParameters): string {
  if (typeof Endpoint === "string") return Endpoint;
  const suffix = partitionOfRegion(Region)?.dnsSuffix ?? "amazonaws.com";
  // Dual-stack names end differently, and only those of the commercial partition are settled.
  const domain = UseDualStack && suffix === "amazonaws.com" ? "api.aws" : suffix;
  return `https://organizations${UseFIPS ? "-fips" : ""}.${Region}.${domain}`;
}

export interface OrganizationAccount {
  readonly Id?: string;
  readonly Name?: string;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, `CLOSED`, `PENDING_ACTIVATION`. */
  readonly State?: string;
  /** What told the state until AWS retired it in September 2026; other servers of this API still do. */
  readonly Status?: string;
}

interface PageInput {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number;
}
interface ParentInput extends PageInput {
  readonly ParentId: string;
}
interface AccountsOutput {
  readonly Accounts?: readonly OrganizationAccount[];
  readonly NextToken?: string;
}
interface UnitsOutput {
  readonly OrganizationalUnits?: readonly { readonly Id?: string; readonly Name?: string }[];
  readonly NextToken?: string;
}

// Static schemas of smithy: 3 is a structure, 1 a list, 9 an operation, 0 a text, 1 alone a number. Members left out are skipped.
const account = [3, namespace, "Account", 0, ["Id", "Name", "State", "Status"], [0, 0, 0, 0]] as const;
const unit = [3, namespace, "OrganizationalUnit", 0, ["Id", "Name"], [0, 0]] as const;
const listOf = (name: string, member: unknown) => [1, namespace, name, 0, () => member] as const;
const page = ["NextToken", "MaxResults"] as const;

const accountsOutput = [
  3,
  namespace,
  "AccountsOutput",
  0,
  ["Accounts", "NextToken"],
  [() => listOf("Accounts", account), 0],
] as const;
const unitsOutput = [
  3,
  namespace,
  "UnitsOutput",
  0,
  ["OrganizationalUnits", "NextToken"],
  [() => listOf("OrganizationalUnits", unit), 0],
] as const;
const pageInput = [3, namespace, "PageInput", 0, page, [0, 1]] as const;
const parentInput = [3, namespace, "ParentInput", 0, ["ParentId", ...page], [0, 0, 1]] as const;

function operation<Input extends object, Output extends object>(
  name: string,
  input: unknown,
  output: unknown,
) {
  const schema = [9, namespace, name, { http: ["POST", "/", 200] }, () => input, () => output];
  return Command.classBuilder<
    Input,
    Output & { $metadata: object },
    ResourceGroupsTaggingAPIClient["config"],
    object,
    { $metadata: object }
  >()
    .ep({
      UseFIPS: { type: "builtInParams", name: "useFipsEndpoint" },
      Endpoint: { type: "builtInParams", name: "endpoint" },
      Region: { type: "builtInParams", name: "region" },
      UseDualStack: { type: "builtInParams", name: "useDualstackEndpoint" },
    })
    .m((command, _stack, config) => [getEndpointPlugin(config, command.getEndpointParameterInstructions())])
    .s("AWSOrganizationsV20161128", name, {})
    .n("OrganizationsClient", `${name}Command`)
    .sc(schema as never)
    .build();
}

/** All accounts of the organization, 20 a page. */
export const ListAccountsCommand = operation<PageInput, AccountsOutput>(
  "ListAccounts",
  pageInput,
  accountsOutput,
);
/** The accounts directly in an organizational unit, or in the root. */
export const ListAccountsForParentCommand = operation<ParentInput, AccountsOutput>(
  "ListAccountsForParent",
  parentInput,
  accountsOutput,
);
export const ListOrganizationalUnitsForParentCommand = operation<ParentInput, UnitsOutput>(
  "ListOrganizationalUnitsForParent",
  parentInput,
  unitsOutput,
);
