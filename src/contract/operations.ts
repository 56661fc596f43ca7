/**
 * Every operation has one name: it is the route id, the policy action, the audit event, the metric label and the anchor
 * in the manual. `access` says what kind of thing it does; the managed policies are written in these names.
 */
export type Access = "read" | "write" | "admin";

export interface OperationSpec {
  readonly access: Access;
  readonly summary: string;
}

export const operations = {
  "credentials:List": { access: "read", summary: "List credentials" },
  "credentials:Get": { access: "read", summary: "Read one credential" },
  "credentials:Create": { access: "admin", summary: "Create a credential" },
  "credentials:Update": { access: "admin", summary: "Change a credential" },
  "credentials:Delete": { access: "admin", summary: "Delete a credential" },
  "credentials:Test": { access: "write", summary: "Test the connection of a credential" },
  "credentials:ListTests": { access: "read", summary: "List the last connection tests of a credential" },
  "credentials:Import": { access: "admin", summary: "Import credentials from a declaration" },
  "credentials:GetOptions": {
    access: "read",
    summary: "What the server offers for credentials: methods, regions, services",
  },
  "credentials:GenerateRoleSetup": {
    access: "read",
    summary: "Generate trust policy, permissions and set-up commands for a role",
  },
  "externalIds:Create": { access: "write", summary: "Create an AWS external ID" },
  "externalIds:Get": { access: "read", summary: "Confirm an AWS external ID" },
  "externalIds:Delete": { access: "write", summary: "Delete an AWS external ID" },
  "integrations:List": { access: "read", summary: "List cloud integrations" },
  "integrations:Get": { access: "read", summary: "Read one cloud integration" },
  "integrations:Search": { access: "read", summary: "Search cloud integrations" },
  "integrations:Create": { access: "write", summary: "Create a cloud integration" },
  "integrations:Update": { access: "write", summary: "Change a cloud integration" },
  "integrations:Delete": { access: "write", summary: "Delete a cloud integration" },
  "integrations:Undelete": { access: "write", summary: "Take a cloud integration out of the trash" },
  "integrations:Enable": { access: "write", summary: "Enable a cloud integration" },
  "integrations:Disable": { access: "write", summary: "Disable a cloud integration" },
  "integrations:Run": { access: "write", summary: "Start a run of a cloud integration now" },
  "integrations:Preview": {
    access: "write",
    summary: "What a cloud integration would match and cost, before it is saved",
  },
  "runs:List": { access: "read", summary: "List runs" },
  "runs:Get": { access: "read", summary: "Read one run" },
  "collection:ListOwed": { access: "read", summary: "List windows of time that are still to be read" },
  "collection:ListGaps": { access: "read", summary: "List windows of time that can no longer be had" },
  "collection:GetCompleteness": { access: "read", summary: "How complete the data of integrations is" },
  "metrics:FindChanges": { access: "read", summary: "Find values that a later reading replaced" },
  "metrics:FindDelays": { access: "read", summary: "How late points come and how long they change" },
  "spending:Get": { access: "read", summary: "What calls to AWS have cost" },
  "integrations:ListAccounts": {
    access: "read",
    summary: "List the accounts of a cloud integration and how they are doing",
  },
  "integrations:GetAdvice": { access: "read", summary: "How a cloud integration could cost less" },
  "metrics:Find": { access: "read", summary: "Find namespaces, metrics, dimensions and series" },
  "metrics:Query": { access: "read", summary: "Query metric series" },
  "logs:DescribeLogGroups": { access: "read", summary: "List log groups" },
  "logs:CreateLogGroup": { access: "write", summary: "Create a log group" },
  "logs:DeleteLogGroup": { access: "write", summary: "Delete a log group with all its events" },
  "logs:PutRetentionPolicy": { access: "write", summary: "Say for how long a log group keeps its events" },
  "logs:DeleteRetentionPolicy": { access: "write", summary: "Let a log group keep its events for ever" },
  "logs:PutBearerTokenAuthentication": {
    access: "write",
    summary: "Say whether API keys may send to a log group",
  },
  "logs:PutLogGroupDeletionProtection": {
    access: "write",
    summary: "Protect a log group against deletion, or stop doing so",
  },
  "logs:DescribeLogStreams": { access: "read", summary: "List the streams of a log group" },
  "logs:CreateLogStream": { access: "write", summary: "Create a log stream" },
  "logs:DeleteLogStream": { access: "write", summary: "Delete a log stream with all its events" },
  "logs:FilterLogEvents": { access: "read", summary: "Search and count log events" },
  "logs:StartLiveTail": { access: "read", summary: "Follow log events as they come in" },
  "logs:PutLogEvents": { access: "write", summary: "Send log events" },
  "cloudtrail:LookupEvents": { access: "read", summary: "Look up audit records" },
  "outputs:Get": { access: "read", summary: "Where the metrics of a cloud integration are sent" },
  "outputs:Update": { access: "write", summary: "Change where the metrics of a cloud integration are sent" },
  "overview:Get": { access: "read", summary: "What is connected, what is broken, how fresh the data is" },
  "session:Create": { access: "read", summary: "Sign in" },
  "session:Get": { access: "read", summary: "Who am I" },
  "session:Delete": { access: "read", summary: "Sign out" },
  "session:ChangePassword": { access: "read", summary: "Change one's own password" },
  "iam:ListServiceSpecificCredentials": { access: "admin", summary: "List API keys and REST tokens" },
  "iam:CreateServiceSpecificCredential": { access: "admin", summary: "Create an API key or a REST token" },
  "iam:UpdateServiceSpecificCredential": { access: "admin", summary: "Activate or deactivate an API key" },
  "iam:ResetServiceSpecificCredential": { access: "admin", summary: "Give an API key a new value" },
  "iam:DeleteServiceSpecificCredential": { access: "admin", summary: "Delete an API key or a REST token" },
  "iam:ListUsers": { access: "admin", summary: "List users" },
  "iam:CreateUser": { access: "admin", summary: "Create a user" },
  "iam:UpdateUser": { access: "admin", summary: "Change a user's policies or password" },
  "iam:DeleteUser": { access: "admin", summary: "Delete a user" },
  "iam:ListPolicies": { access: "read", summary: "List managed policies" },
  "settings:Get": { access: "read", summary: "Read the server's settings" },
  "settings:Update": { access: "admin", summary: "Change the server's settings" },
  "vault:GetStatus": { access: "admin", summary: "Read master keys, data keys and rotation progress" },
  "vault:Rotate": { access: "admin", summary: "Rotate the vault's keys" },
  "server:GetMetrics": { access: "read", summary: "Prometheus metrics of the server itself" },
} as const satisfies Record<string, OperationSpec>;

export type OperationName = keyof typeof operations;

export const operationNames = Object.keys(operations) as OperationName[];
