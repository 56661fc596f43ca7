import { defineService } from "../service-model.ts";

const namespace = "com.amazonaws.organizations";
const page = ["NextToken", "MaxResults"];
const output = (name: string, member: string, of: unknown) => [
  3,
  namespace,
  name,
  0,
  [member, "NextToken"],
  [() => [1, namespace, member, 0, () => of], 0],
];
const operation = (name: string, input: unknown, answer: unknown) => [
  9,
  namespace,
  name,
  { http: ["POST", "/", 200] },
  () => input,
  () => answer,
];
const failure = (name: string) => [-3, namespace, name, { error: "client" }, ["Message"], [0]];

// In the notation of the SDK's clients: 3 is a structure, 1 a list, 4 a time, 9 an operation, -3 an error, 0 a text, 1 a number.
const account = [
  3,
  namespace,
  "Account",
  0,
  ["Id", "Arn", "Email", "Name", "Status", "State", "JoinedMethod", "JoinedTimestamp"],
  [0, 0, 0, 0, 0, 0, 0, 4],
];
const unit = [3, namespace, "OrganizationalUnit", 0, ["Id", "Arn", "Name"], [0, 0, 0]];
const allRequest = [3, namespace, "ListAccountsRequest", 0, page, [0, 1]];
const parentRequest = [3, namespace, "ListForParentRequest", 0, ["ParentId", ...page], [0, 0, 1], 1];
const accounts = output("ListAccountsResponse", "Accounts", account);
const units = output("ListOrganizationalUnitsForParentResponse", "OrganizationalUnits", unit);

/**
 * AWS Organizations, as far as finding accounts needs it. The one model that is written by hand: the SDK's client for it
 * would be a dependency for three calls.
 */
export const model = defineService({
  name: "organizations",
  namespace,
  target: "AWSOrganizationsV20161128",
  version: "2016-11-28",
  xmlNamespace: "",
  dialects: ["aws-json-1.1"],
  validation: "ValidationException",
  authentication: "json",
  schemas: {
    listAccounts: operation("ListAccounts", allRequest, accounts),
    listAccountsForParent: operation("ListAccountsForParent", parentRequest, accounts),
    listUnits: operation("ListOrganizationalUnitsForParent", parentRequest, units),
    notInUse: failure("AWSOrganizationsNotInUseException"),
    denied: failure("AccessDeniedException"),
    invalid: failure("InvalidInputException"),
    parentNotFound: failure("ParentNotFoundException"),
  },
});
