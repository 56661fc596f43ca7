import { type ManagedPolicyName, operationNames, operations } from "../../contract/index.ts";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import { parsePolicyDocument } from "./parse-document.ts";

type NameOnBoard = ManagedPolicyName | "CloudWatchLogsAPIKeyAccess";

/** A policy that is part of the program, in the language that customers write theirs in. */
export interface ManagedPolicy {
  readonly name: NameOnBoard;
  readonly arn: string;
  /** `ANPA…`; for policies that AWS has too, AWS's. */
  readonly id: string;
  readonly description: string;
  readonly document: object;
  /** The document as clients of IAM get it. */
  readonly text: string;
  readonly compiled: CompiledPolicy;
}

const credentialActions = (...verbs: string[]) => verbs.map((verb) => `iam:${verb}ServiceSpecificCredential`);

const selfService = {
  Sid: "OwnTokens",
  Effect: "Allow",
  Action: [...credentialActions("Create", "Delete"), "iam:ListServiceSpecificCredentials"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's language.
  Resource: "arn:aws:iam::*:user/${aws:username}",
};

const reads = [
  ...operationNames.filter((name) => operations[name].access === "read"),
  "iam:GetPolicy",
  "iam:GetPolicyVersion",
  "iam:ListPolicyVersions",
  "logs:Describe*",
  "logs:Get*",
  "logs:List*",
  "logs:FilterLogEvents",
  "logs:StartLiveTail",
  "logs:StopLiveTail",
  "cloudtrail:Describe*",
  "cloudtrail:Get*",
  "cloudtrail:List*",
];
const read = { Sid: "Read", Effect: "Allow", Action: reads, Resource: "*" };

export const managedPolicies: Readonly<Record<NameOnBoard, ManagedPolicy>> = {
  AdministratorAccess: managed("AdministratorAccess", "ANPAIWMBCKSKIEE64ZLYK", "Everything.", [
    { Effect: "Allow", Action: "*", Resource: "*" },
  ]),
  CloudWatchLogsAPIKeyAccess: managed(
    "CloudWatchLogsAPIKeyAccess",
    "ANPANEPHOLOGSAPIKEY01",
    "Send log events with an API key; nothing else.",
    [
      {
        Sid: "LogsAPIs",
        Effect: "Allow",
        Action: ["logs:CallWithBearerToken", "logs:PutLogEvents"],
        Resource: "*",
      },
      {
        Sid: "KMSAPIs",
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: "arn:aws:kms:*:*:key/*",
        Condition: {
          StringLike: { "kms:ViaService": "logs.*.amazonaws.com" },
          ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:log-group:*" },
        },
      },
      {
        Sid: "KMSDescribeAPIs",
        Effect: "Allow",
        Action: "kms:DescribeKey",
        Resource: "arn:aws:kms:*:*:key/*",
        Condition: { StringLike: { "kms:ViaService": "logs.*.amazonaws.com" } },
      },
    ],
  ),
  Proxies: managed(
    "Proxies",
    "ANPANEPHOPROXIES00001",
    "Read everything that is not secret, and manage cloud integrations and external IDs.",
    [
      read,
      {
        Sid: "ManageIntegrations",
        Effect: "Allow",
        Action: ["integrations:*", "externalIds:*", "credentials:Test"],
        Resource: "*",
      },
      selfService,
    ],
  ),
  ReadOnlyAccess: managed(
    "ReadOnlyAccess",
    "ANPAILL3HVNFSB6DCOWYQ",
    "Read everything that is not secret; change nothing but one's own password, sessions and tokens.",
    [read, selfService],
  ),
};

const byArn: ReadonlyMap<string, ManagedPolicy> = new Map(
  Object.values(managedPolicies).map((policy) => [policy.arn, policy]),
);

export function findManagedPolicy(arn: string): ManagedPolicy | undefined {
  return byArn.get(arn);
}

function managed(
  name: NameOnBoard,
  id: string,
  description: string,
  statements: readonly object[],
): ManagedPolicy {
  const arn = `arn:aws:iam::aws:policy/${name}`;
  const document = { Version: "2012-10-17", Statement: statements };
  const text = JSON.stringify(document, undefined, 2);
  const compiled = compilePolicy({ name, arn, document: parsePolicyDocument(text) });
  return { name, arn, id, description, document, text, compiled };
}
