import { z } from "zod";
import { externalId, region, uuid } from "./primitives.ts";

/** Features a role can be set up for; each needs its own AWS actions. */
export const roleFeatures = [
  "metrics",
  "logs",
  "ec2",
  "tags",
  "cloudtrail",
  "cloudtrail-s3",
  "costs",
  "organizations",
  "key-age",
] as const;
export const roleFeature = z.enum(roleFeatures);
export type RoleFeature = z.infer<typeof roleFeature>;

export const roleSetupInput = z.strictObject({
  features: z.array(roleFeature).min(1).default(["metrics"]),
  region: region.default("us-east-1"),
  roleName: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and _+=,.@- .")
    .default("NephoscopeRead"),
  /** ARN of whoever assumes the role; taken from `baseCredentialId` when absent. */
  principalArn: z
    .string()
    .max(2048)
    .regex(/^arn:aws(-[a-z]+)*:(iam|sts)::\d{12}:.+$/, "An IAM or STS ARN.")
    .optional(),
  baseCredentialId: uuid.optional(),
  externalId: externalId.optional(),
  /** Bucket of the trail, for the feature `cloudtrail-s3`. */
  bucketName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "An S3 bucket name.")
    .optional(),
});
export type RoleSetupInput = z.infer<typeof roleSetupInput>;

export const roleSetup = z.object({
  partition: z.string(),
  principalArn: z.string(),
  externalId: z.string(),
  roleName: z.string(),
  /** Pretty-printed JSON. */
  trustPolicy: z.string(),
  permissionsPolicy: z.string(),
  cloudFormation: z.string(),
  terraform: z.string(),
  awsCli: z.string(),
  notes: z.array(z.string()),
});
export type RoleSetup = z.infer<typeof roleSetup>;
