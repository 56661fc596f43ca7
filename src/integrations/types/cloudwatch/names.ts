import { wireMetricName } from "../../../contract/wire-metric.ts";

/** The metric's full name without statistic, the subject of `metricFilterRegex`: `aws.ec2.cpuutilization`. */
export function fullMetricName(namespace: string, metricName: string): string {
  return wireMetricName(namespace, metricName);
}

/**
 * AWS's own namespaces as AWS spells them. Settings compare without case, AWS does not: a name found here is asked for in the
 * right spelling at once.
 */
const knownNamespaces = [
  "AWS/ApiGateway",
  "AWS/ApplicationELB",
  "AWS/AutoScaling",
  "AWS/Backup",
  "AWS/Bedrock",
  "AWS/Billing",
  "AWS/CertificateManager",
  "AWS/CloudFront",
  "AWS/CloudSearch",
  "AWS/Cognito",
  "AWS/Config",
  "AWS/DMS",
  "AWS/DX",
  "AWS/DocDB",
  "AWS/DynamoDB",
  "AWS/EBS",
  "AWS/EC2",
  "AWS/ECR",
  "AWS/ECS",
  "AWS/EFS",
  "AWS/ES",
  "AWS/ElastiCache",
  "AWS/ElasticBeanstalk",
  "AWS/ElasticMapReduce",
  "AWS/ELB",
  "AWS/Events",
  "AWS/FSx",
  "AWS/Firehose",
  "AWS/GatewayELB",
  "AWS/GlobalAccelerator",
  "AWS/Kafka",
  "AWS/Kinesis",
  "AWS/KinesisAnalytics",
  "AWS/Lambda",
  "AWS/Logs",
  "AWS/NATGateway",
  "AWS/NetworkELB",
  "AWS/OpsWorks",
  "AWS/PrivateLinkEndpoints",
  "AWS/RDS",
  "AWS/Redshift",
  "AWS/Route53",
  "AWS/S3",
  "AWS/SES",
  "AWS/SNS",
  "AWS/SQS",
  "AWS/SSM-RunCommand",
  "AWS/SecretsManager",
  "AWS/States",
  "AWS/TransitGateway",
  "AWS/TrustedAdvisor",
  "AWS/Usage",
  "AWS/WAFV2",
  "AWS/X-Ray",
  "CWAgent",
  "ContainerInsights",
  "ECS/ContainerInsights",
  "Glue",
  "LambdaInsights",
  "WAF",
];
const spelling = new Map(knownNamespaces.map((namespace) => [namespace.toLowerCase(), namespace]));

/** AWS's spelling of a namespace, or undefined for one that is not AWS's own. */
export function knownNamespace(namespace: string): string | undefined {
  return spelling.get(namespace.toLowerCase());
}
