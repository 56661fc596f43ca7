import { compilePattern } from "../../patterns.ts";
import type { IntegrationType } from "../integration-type.ts";
import { asCloudWatchConfig, readCloudWatchConfig } from "./config.ts";
import { covers } from "./covers.ts";
import { kindOfSeries } from "./kinds.ts";
import { adviseCloudWatch, previewCloudWatch } from "./preview.ts";
import { collectCloudWatch } from "./run.ts";

/** Metrics of CloudWatch, pulled with ListMetrics and GetMetricData. */
export const cloudWatch: IntegrationType = {
  service: "CLOUDWATCH",
  configKey: "cloudWatch",
  title: "CloudWatch metrics",
  actions: [
    "cloudwatch:ListMetrics",
    "cloudwatch:GetMetricData",
    "cloudwatch:GetMetricStatistics",
    "tag:GetResources",
    "iam:ListAccountAliases",
  ],
  inputOf: (input) => input.cloudWatch,
  readConfig: (input, stored, problems) => ({
    ...readCloudWatchConfig(input, stored && asCloudWatchConfig(stored), problems),
  }),
  checkPatterns: (config) => {
    const { metricFilterRegex, pointTagFilterRegex, s3BucketNameFilterRegex } = asCloudWatchConfig(config);
    compilePattern(metricFilterRegex, "cloudWatch.metricFilterRegex");
    compilePattern(pointTagFilterRegex, "cloudWatch.pointTagFilterRegex");
    compilePattern(s3BucketNameFilterRegex ?? "", "cloudWatch.s3BucketNameFilterRegex");
  },
  configToWire: (config) => ({ ...config }),
  accountsOf: (config) => asCloudWatchConfig(config),
  regionsOf: (config) => asCloudWatchConfig(config).regions ?? [],
  kindOfSeries,
  covers,
  collect: collectCloudWatch,
  preview: previewCloudWatch,
  advise: adviseCloudWatch,
  monthlyCapOf: (config) => asCloudWatchConfig(config).monthlyCapUsd,
};
