import type { RoleFeature } from "../../contract/index.ts";

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface FeatureContext {
  readonly partition: string;
  readonly bucketName: string;
}

export interface FeatureSpec {
  readonly title: string;
  readonly help: string;
  /** The least that the feature works with. */
  statements(context: FeatureContext): readonly Statement[];
}

const allow = (Sid: string, Action: readonly string[], Resource: Statement["Resource"] = "*"): Statement => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
});

/**
 * AWS actions that each feature needs, and no more. `ce:GetUsageReport`, which old instructions name, is no operation of
 * Cost Explorer and is left out.
 */
export const roleFeatureSpecs: Readonly<Record<RoleFeature, FeatureSpec>> = {
  metrics: {
    title: "CloudWatch metrics",
    help: "Lists and reads metrics.",
    statements: () => [
      allow("Metrics", [
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
      ]),
    ],
  },
  logs: {
    title: "CloudWatch Logs",
    help: "Lists log groups and runs queries.",
    statements: () => [
      allow("Logs", [
        "logs:DescribeLogGroups",
        "logs:GetLogEvents",
        "logs:GetLogGroupFields",
        "logs:GetQueryResults",
        "logs:StartQuery",
        "logs:StopQuery",
      ]),
    ],
  },
  ec2: {
    title: "EC2 and EBS inventory",
    help: "Describes regions, instances, volumes and their tags.",
    statements: () => [
      allow("Inventory", [
        "ec2:DescribeInstances",
        "ec2:DescribeRegions",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
      ]),
    ],
  },
  tags: {
    title: "Resource tags",
    help: "Finds resources by their tags.",
    statements: () => [allow("Tags", ["tag:GetResources"])],
  },
  cloudtrail: {
    title: "CloudTrail events",
    help: "Looks management events up through the API.",
    statements: () => [
      allow("Trail", ["cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:LookupEvents"]),
    ],
  },
  "cloudtrail-s3": {
    title: "CloudTrail from S3",
    help: "Reads the files that a trail delivers to a bucket. Needs the bucket's name.",
    statements: ({ partition, bucketName }) => [
      {
        ...allow("TrailBucket", ["s3:ListBucket"], `arn:${partition}:s3:::${bucketName}`),
        Condition: { StringLike: { "s3:prefix": "AWSLogs/*" } },
      },
      allow("TrailBucketRegion", ["s3:GetBucketLocation"], `arn:${partition}:s3:::${bucketName}`),
      allow("TrailFiles", ["s3:GetObject"], `arn:${partition}:s3:::${bucketName}/AWSLogs/*`),
    ],
  },
  costs: {
    title: "Cost Explorer",
    help: "Reads costs, usage, forecasts and recommendations. Each request costs about US$0.01.",
    statements: () => [
      allow("Costs", [
        "ce:GetAnomalies",
        "ce:GetCostAndUsage",
        "ce:GetCostAndUsageWithResources",
        "ce:GetCostCategories",
        "ce:GetCostForecast",
        "ce:GetDimensionValues",
        "ce:GetReservationCoverage",
        "ce:GetReservationPurchaseRecommendation",
        "ce:GetReservationUtilization",
        "ce:GetRightsizingRecommendation",
        "ce:GetSavingsPlansCoverage",
        "ce:GetSavingsPlansPurchaseRecommendation",
        "ce:GetSavingsPlansUtilization",
        "ce:GetTags",
        "ce:GetUsageForecast",
        "ce:ListCostAllocationTags",
        "ce:ListCostCategoryDefinitions",
      ]),
    ],
  },
  organizations: {
    title: "Accounts of the organization",
    help: "Lists the accounts of the organization and the alias of this one.",
    statements: () => [
      allow("Accounts", [
        "account:ListRegions",
        "iam:ListAccountAliases",
        "organizations:ListAccounts",
        "organizations:ListAccountsForParent",
        "organizations:ListOrganizationalUnitsForParent",
      ]),
    ],
  },
  "key-age": {
    title: "Age of access keys",
    help: "Reads when the user's own access keys were made and last used.",
    statements: ({ partition }) => [
      allow(
        "KeyAge",
        ["iam:GetAccessKeyLastUsed", "iam:ListAccessKeys"],
        `arn:${partition}:iam::*:user/\${aws:username}`,
      ),
    ],
  },
};
