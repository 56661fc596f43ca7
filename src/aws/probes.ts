import { LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetCostAndUsageCommand } from "@aws-sdk/client-cost-explorer";
import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { ListAccountAliasesCommand } from "@aws-sdk/client-iam";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import type { ProbeService } from "../contract/index.ts";
import type { AwsSession } from "./session.ts";

/** The cheapest call of a service that proves the permission; an empty answer is a success. */
export interface Probe {
  readonly title: string;
  /** IAM action that the call needs. */
  readonly action: string;
  /** Calls AWS once; gives one sentence about the answer. `now` is for services that want dates. */
  run(session: AwsSession, now: Date): Promise<string>;
}

export const probes: Readonly<Record<ProbeService, Probe>> = {
  monitoring: {
    title: "CloudWatch metrics",
    action: "cloudwatch:ListMetrics",
    async run(session) {
      await session
        .client("monitoring")
        .send(new ListMetricsCommand({ Namespace: "AWS/Billing", MetricName: "EstimatedCharges" }));
      return "CloudWatch metrics can be listed.";
    },
  },
  logs: {
    title: "CloudWatch Logs",
    action: "logs:DescribeLogGroups",
    async run(session) {
      await session.client("logs").send(new DescribeLogGroupsCommand({ limit: 1 }));
      return "Log groups can be listed.";
    },
  },
  ec2: {
    title: "EC2",
    action: "ec2:DescribeRegions",
    async run(session) {
      const { Regions = [] } = await session
        .client("ec2")
        .send(new DescribeRegionsCommand({ AllRegions: true }));
      const on = Regions.filter((region) => region.OptInStatus !== "not-opted-in").length;
      return `${on} of ${Regions.length} regions are enabled for the account.`;
    },
  },
  tagging: {
    title: "Resource tags",
    action: "tag:GetResources",
    async run(session) {
      await session.client("tagging").send(new GetResourcesCommand({ ResourcesPerPage: 1 }));
      return "Tagged resources can be listed.";
    },
  },
  s3: {
    title: "S3",
    action: "s3:ListAllMyBuckets",
    async run(session) {
      const { Buckets = [] } = await session.client("s3").send(new ListBucketsCommand({ MaxBuckets: 1 }));
      return Buckets.length > 0 ? "Buckets can be listed." : "Buckets can be listed; there is none.";
    },
  },
  cloudtrail: {
    title: "CloudTrail",
    action: "cloudtrail:LookupEvents",
    async run(session) {
      await session.client("cloudtrail").send(new LookupEventsCommand({ MaxResults: 1 }));
      return "Events can be looked up.";
    },
  },
  iam: {
    title: "Account alias",
    action: "iam:ListAccountAliases",
    async run(session) {
      const { AccountAliases = [] } = await session.client("iam").send(new ListAccountAliasesCommand({}));
      return AccountAliases[0] ? `The account's alias is ${AccountAliases[0]}.` : "The account has no alias.";
    },
  },
  ce: {
    title: "Cost Explorer (about US$0.01 a call)",
    action: "ce:GetCostAndUsage",
    async run(session, now) {
      const day = (offset: number) =>
        new Date(now.getTime() + offset * 86_400_000).toISOString().slice(0, 10);
      await session.client("ce").send(
        new GetCostAndUsageCommand({
          TimePeriod: { Start: day(-1), End: day(0) },
          Granularity: "DAILY",
          Metrics: ["UnblendedCost"],
        }),
      );
      return "Costs can be read.";
    },
  },
};
