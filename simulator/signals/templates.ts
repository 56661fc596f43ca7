import type { Behaviour } from "./behaviour.ts";

/** One metric that every resource of a kind has. */
export interface MetricTemplate {
  readonly name: string;
  readonly unit: string;
  readonly behaviour: Behaviour;
}

type Row = readonly [name: string, unit: string, behaviour: Behaviour];

/** Facts about a namespace: how often its services report, and how late. */
export interface NamespaceTemplate {
  readonly namespace: string;
  readonly periodSeconds: number;
  readonly lagSeconds: number;
  readonly metrics: readonly MetricTemplate[];
}

function table(
  namespace: string,
  periodSeconds: number,
  lagSeconds: number,
  rows: readonly Row[],
): NamespaceTemplate {
  return {
    namespace,
    periodSeconds,
    lagSeconds,
    metrics: rows.map(([name, unit, behaviour]) => ({ name, unit, behaviour })),
  };
}

const gauge = (base: number, more: Partial<Behaviour> = {}): Behaviour => ({
  kind: "gauge",
  base,
  daily: 0.35,
  weekend: 0.7,
  noise: 0.15,
  spread: 0.3,
  ...more,
});
const flat = (base: number, more: Partial<Behaviour> = {}): Behaviour => ({
  kind: "gauge",
  base,
  noise: 0.02,
  spread: 0.01,
  ...more,
});
const tally = (base: number, more: Partial<Behaviour> = {}): Behaviour => ({
  kind: "tally",
  base,
  daily: 0.5,
  weekend: 0.6,
  noise: 0.2,
  deploy: 0.8,
  ...more,
});
const duration = (base: number, samples: number, more: Partial<Behaviour> = {}): Behaviour => ({
  kind: "duration",
  base,
  samples,
  daily: 0.1,
  noise: 0.12,
  spread: 0.6,
  incident: 5,
  deploy: 1.6,
  ...more,
});
const percent = { ceiling: 100 };
const idle = flat(0, { whole: true });

// Basic monitoring: one point in five minutes made of five samples.
const fiveSamples = { samples: 5 };

export const ec2 = table("AWS/EC2", 300, 120, [
  ["CPUUtilization", "Percent", gauge(32, { ...percent, ...fiveSamples, incident: 2.4, deploy: 1.9 })],
  ["NetworkIn", "Bytes", gauge(2.1e7, { ...fiveSamples, spread: 0.5 })],
  ["NetworkOut", "Bytes", gauge(3.4e7, { ...fiveSamples, spread: 0.5, incident: 0.6 })],
  ["NetworkPacketsIn", "Count", gauge(24_000, fiveSamples)],
  ["NetworkPacketsOut", "Count", gauge(27_000, fiveSamples)],
  ["EBSReadBytes", "Bytes", gauge(1.2e6, { ...fiveSamples, spread: 0.8 })],
  ["EBSWriteBytes", "Bytes", gauge(4.8e6, { ...fiveSamples, spread: 0.8 })],
  ["EBSReadOps", "Count", gauge(90, { ...fiveSamples, spread: 0.8 })],
  ["EBSWriteOps", "Count", gauge(410, { ...fiveSamples, spread: 0.8 })],
  ["CPUCreditBalance", "Count", flat(420, { noise: 0.2 })],
  ["StatusCheckFailed", "Count", { ...idle, samples: 5 }],
  ["StatusCheckFailed_System", "Count", { ...idle, samples: 5 }],
  ["StatusCheckFailed_Instance", "Count", { ...idle, samples: 5 }],
  ["MetadataNoToken", "Count", { ...idle, samples: 5 }],
]);

export const ebs = table("AWS/EBS", 300, 180, [
  ["VolumeReadBytes", "Bytes", gauge(1.1e6, { samples: 60, spread: 0.9 })],
  ["VolumeWriteBytes", "Bytes", gauge(4.5e6, { samples: 60, spread: 0.9, deploy: 2 })],
  ["VolumeReadOps", "Count", gauge(85, { samples: 60, spread: 0.9 })],
  ["VolumeWriteOps", "Count", gauge(400, { samples: 60, spread: 0.9 })],
  ["VolumeTotalWriteTime", "Seconds", gauge(0.9, { samples: 60, incident: 2 })],
  ["VolumeIdleTime", "Seconds", gauge(46, { ...percent, daily: -0.1, weekend: 1.1 })],
  ["VolumeQueueLength", "Count", gauge(0.4, { spread: 1, incident: 3 })],
  ["BurstBalance", "Percent", flat(96, percent)],
]);

export const rds = table("AWS/RDS", 60, 150, [
  ["CPUUtilization", "Percent", gauge(38, { ...percent, incident: 2.1, deploy: 1.3 })],
  ["DatabaseConnections", "Count", gauge(64, { whole: true, incident: 2.5, deploy: 0.5 })],
  ["FreeableMemory", "Bytes", gauge(5.2e9, { daily: -0.1, noise: 0.05 })],
  ["FreeStorageSpace", "Bytes", flat(2.1e11)],
  ["ReadIOPS", "Count/Second", gauge(220)],
  ["WriteIOPS", "Count/Second", gauge(340)],
  ["ReadLatency", "Seconds", gauge(0.0007, { incident: 6 })],
  ["WriteLatency", "Seconds", gauge(0.0016, { incident: 8 })],
  ["ReadThroughput", "Bytes/Second", gauge(3.1e6)],
  ["WriteThroughput", "Bytes/Second", gauge(5.6e6)],
  ["DiskQueueDepth", "Count", gauge(0.6, { incident: 9 })],
  ["ReplicaLag", "Seconds", gauge(0.3, { incident: 12 })],
  ["NetworkReceiveThroughput", "Bytes/Second", gauge(9.5e5)],
  ["NetworkTransmitThroughput", "Bytes/Second", gauge(2.8e6)],
]);

export const sqs = table("AWS/SQS", 60, 300, [
  ["NumberOfMessagesSent", "Count", tally(180)],
  ["NumberOfMessagesReceived", "Count", tally(180, { incident: 0.4 })],
  ["NumberOfMessagesDeleted", "Count", tally(179, { incident: 0.3 })],
  ["NumberOfEmptyReceives", "Count", tally(22, { daily: -0.3, incident: 0.2 })],
  ["SentMessageSize", "Bytes", duration(1_400, 180, { incident: 1 })],
  ["ApproximateNumberOfMessagesVisible", "Count", gauge(14, { whole: true, incident: 60, deploy: 4 })],
  ["ApproximateNumberOfMessagesNotVisible", "Count", gauge(6, { whole: true, incident: 3 })],
  ["ApproximateNumberOfMessagesDelayed", "Count", idle],
  ["ApproximateAgeOfOldestMessage", "Seconds", gauge(8, { whole: true, incident: 90, deploy: 5 })],
]);

export const lambda = table("AWS/Lambda", 60, 90, [
  ["Invocations", "Count", tally(75)],
  ["Errors", "Count", tally(0.35, { incident: 40, deploy: 8 })],
  ["Throttles", "Count", tally(0.05, { incident: 30 })],
  ["Duration", "Milliseconds", duration(240, 75)],
  ["ConcurrentExecutions", "Count", gauge(4, { whole: true, incident: 3 })],
  ["PostRuntimeExtensionsDuration", "Milliseconds", duration(3, 75, { incident: 1 })],
]);

export const balancer = table("AWS/ApplicationELB", 60, 120, [
  ["RequestCount", "Count", tally(2_400, { incident: 0.7 })],
  ["TargetResponseTime", "Seconds", duration(0.085, 2_400)],
  ["HTTPCode_Target_2XX_Count", "Count", tally(2_310, { incident: 0.6 })],
  ["HTTPCode_Target_3XX_Count", "Count", tally(40)],
  ["HTTPCode_Target_4XX_Count", "Count", tally(45)],
  ["HTTPCode_Target_5XX_Count", "Count", tally(2, { incident: 120, deploy: 15 })],
  ["HTTPCode_ELB_5XX_Count", "Count", tally(0.3, { incident: 60, deploy: 10 })],
  ["ActiveConnectionCount", "Count", tally(310)],
  ["NewConnectionCount", "Count", tally(190)],
  ["ProcessedBytes", "Bytes", gauge(4.4e7, { samples: 12 })],
  ["ConsumedLCUs", "Count", gauge(1.7)],
  ["HealthyHostCount", "Count", flat(3, { whole: true, incident: 0.67, deploy: 0.67 })],
  ["UnHealthyHostCount", "Count", flat(0, { whole: true })],
]);

export const dynamo = table("AWS/DynamoDB", 60, 120, [
  ["ConsumedReadCapacityUnits", "Count", tally(420)],
  ["ConsumedWriteCapacityUnits", "Count", tally(140)],
  ["SuccessfulRequestLatency", "Milliseconds", duration(3.4, 420, { incident: 2 })],
  ["ThrottledRequests", "Count", tally(0.1, { incident: 25 })],
  ["ReturnedItemCount", "Count", tally(900)],
]);

/** Storage metrics come once a day, with the timestamp of midnight, a day late. */
export const storage = table("AWS/S3", 86_400, 43_200, [
  ["BucketSizeBytes", "Bytes", { kind: "gauge", base: 3.7e11, noise: 0.001, spread: 0, shape: "growth" }],
  ["NumberOfObjects", "Count", { kind: "gauge", base: 1.9e6, noise: 0.001, whole: true, shape: "growth" }],
]);

/** A few times a day, in one region only. */
export const billing = table("AWS/Billing", 21_600, 7_200, [
  ["EstimatedCharges", "None", { kind: "gauge", base: 1, spread: 0, shape: "month-to-date" }],
]);

export const application = table("MyApp", 60, 30, [
  ["Orders", "Count", tally(38, { incident: 0.35 })],
  ["RequestLatency", "Milliseconds", duration(120, 600)],
  ["ErrorRate", "Percent", gauge(0.4, { ...percent, incident: 28, deploy: 4 })],
  ["CacheHitRatio", "Percent", gauge(91, { ...percent, daily: 0.02, weekend: 1, noise: 0.03, deploy: 0.6 })],
  ["QueueDepth", "Count", gauge(12, { whole: true, incident: 20 })],
  ["ActiveSessions", "Count", gauge(850, { whole: true })],
]);

/** Filler for accounts of any size: one gauge per host. */
export const fleet = table("MyApp/Fleet", 60, 30, [["Heartbeat", "Count", gauge(1, { noise: 0, daily: 0 })]]);

/** Hosts that come and go. */
export const workers = table("MyApp/Workers", 60, 30, [
  ["JobsDone", "Count", tally(20)],
  ["JobDuration", "Milliseconds", duration(900, 20)],
  ["MemoryUsed", "Percent", gauge(48, percent)],
]);
