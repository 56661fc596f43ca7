/** Namespaces that most accounts have, for suggestions. Any other can be typed. */
export const commonNamespaces = [
  "AWS/ApiGateway",
  "AWS/ApplicationELB",
  "AWS/AutoScaling",
  "AWS/Backup",
  "AWS/Billing",
  "AWS/CloudFront",
  "AWS/DynamoDB",
  "AWS/EBS",
  "AWS/EC2",
  "AWS/ECS",
  "AWS/EFS",
  "AWS/ELB",
  "AWS/ElastiCache",
  "AWS/ES",
  "AWS/Events",
  "AWS/Firehose",
  "AWS/Kafka",
  "AWS/Kinesis",
  "AWS/Lambda",
  "AWS/Logs",
  "AWS/NATGateway",
  "AWS/NetworkELB",
  "AWS/RDS",
  "AWS/Redshift",
  "AWS/Route53",
  "AWS/S3",
  "AWS/SNS",
  "AWS/SQS",
  "AWS/States",
  "AWS/TransitGateway",
  "AWS/Usage",
  "AWS/VPN",
  "CWAgent",
  "ContainerInsights",
];

export const namespacePresets = [
  { label: "Compute", namespaces: ["AWS/EC2", "AWS/EBS", "AWS/AutoScaling", "AWS/ECS", "AWS/Lambda"] },
  { label: "Databases", namespaces: ["AWS/RDS", "AWS/DynamoDB", "AWS/ElastiCache", "AWS/Redshift"] },
  {
    label: "Network",
    namespaces: [
      "AWS/ApplicationELB",
      "AWS/NetworkELB",
      "AWS/ApiGateway",
      "AWS/CloudFront",
      "AWS/NATGateway",
    ],
  },
  { label: "Messaging", namespaces: ["AWS/SQS", "AWS/SNS", "AWS/Kinesis", "AWS/Events", "AWS/States"] },
  { label: "Storage", namespaces: ["AWS/S3", "AWS/EFS", "AWS/EBS", "AWS/Backup"] },
];

export const commonStatistics = [
  "Average",
  "Sum",
  "Minimum",
  "Maximum",
  "SampleCount",
  "p50",
  "p90",
  "p95",
  "p99",
];

export const periodChoices = [
  { value: "60", label: "1 minute" },
  { value: "300", label: "5 minutes" },
  { value: "900", label: "15 minutes" },
  { value: "3600", label: "1 hour" },
];
