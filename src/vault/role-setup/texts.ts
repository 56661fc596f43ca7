import type { permissionsPolicy, TrustPolicy } from "./policies.ts";

/** What the set-up texts are written from. Every value goes through the quoting of its language. */
export interface RoleText {
  readonly roleName: string;
  readonly principalArn: string;
  readonly externalId: string;
  readonly trust: TrustPolicy;
  readonly permissions: ReturnType<typeof permissionsPolicy>;
}

const policyName = "NephoscopeRead";

/** YAML takes JSON as it is, so policies are written as JSON and need no quoting of their own. */
export function cloudFormation({ roleName, principalArn, externalId, permissions }: RoleText): string {
  return `AWSTemplateFormatVersion: "2010-09-09"
Description: Role that Nephoscope assumes to read from this account. Needs CAPABILITY_NAMED_IAM.
Parameters:
  ExternalId:
    Type: String
    Description: Shown by Nephoscope; AWS refuses whoever does not know it.
    Default: ${JSON.stringify(externalId)}
    NoEcho: true
  PrincipalArn:
    Type: String
    Description: Who may assume the role.
    Default: ${JSON.stringify(principalArn)}
  RoleName:
    Type: String
    Default: ${JSON.stringify(roleName)}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Ref PrincipalArn
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
      Policies:
        - PolicyName: ${policyName}
          PolicyDocument: ${JSON.stringify(permissions)}
Outputs:
  RoleArn:
    Description: Enter this in Nephoscope.
    Value: !GetAtt Role.Arn
`;
}

export function terraform({ roleName, principalArn, externalId, permissions }: RoleText): string {
  return `variable "nephoscope_external_id" {
  type      = string
  sensitive = true
  default   = ${hcl(externalId)}
}

variable "nephoscope_principal_arn" {
  type    = string
  default = ${hcl(principalArn)}
}

resource "aws_iam_role" "nephoscope" {
  name = ${hcl(roleName)}
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.nephoscope_principal_arn }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "sts:ExternalId" = var.nephoscope_external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "nephoscope" {
  name   = "${policyName}"
  role   = aws_iam_role.nephoscope.id
  policy = ${hcl(JSON.stringify(permissions))}
}

output "role_arn" {
  value = aws_iam_role.nephoscope.arn
}
`;
}

export function awsCli({ roleName, trust, permissions }: RoleText): string {
  const name = shell(roleName);
  return `aws iam create-role --role-name ${name} \\
  --assume-role-policy-document ${shell(JSON.stringify(trust))}
aws iam put-role-policy --role-name ${name} --policy-name ${policyName} \\
  --policy-document ${shell(JSON.stringify(permissions))}
aws iam get-role --role-name ${name} --query Role.Arn --output text
`;
}

/** A Terraform string: JSON's escapes, and no interpolation by \`\${\` or \`%{\`. */
function hcl(text: string): string {
  return JSON.stringify(text).replace(/([$%])\{/g, (_, sign: string) => `${sign}${sign}{`);
}

/** Single quotes take everything but themselves. */
function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
