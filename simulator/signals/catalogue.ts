import { applications, type Inventory, type NamedResource } from "../inventory.ts";
import { dayMs, type SignalContext } from "./behaviour.ts";
import { hashText, unit } from "./hash.ts";
import { createMetric, type Dimension, metricKey, type SimulatedMetric } from "./metric.ts";
import * as templates from "./templates.ts";
import { livesOf, type Turnover } from "./turnover.ts";

/** All metrics of one account in one region. */
export interface Catalogue {
  readonly metrics: readonly SimulatedMetric[];
  find(namespace: string, name: string, dimensions: readonly Dimension[]): SimulatedMetric | undefined;
}

export interface CatalogueOptions {
  readonly inventory: Inventory;
  readonly seed: number;
  /** Billing metrics exist in the home region only. */
  readonly home: boolean;
  /** Start of the simulation; what was terminated ended some days before. */
  readonly startedAtMs: number;
  /** When given, filler metrics raise the number to this, for accounts of any size. */
  readonly metricCount: number | undefined;
  /** When given, hosts that come and go are among a full account's resources. */
  readonly turnover: Turnover | undefined;
}

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const accountSeed = hashText(`${options.seed}/${options.inventory.accountId}`);
  const metrics = collect(options, accountSeed);
  const byKey = new Map(
    metrics.map((metric) => [metricKey(metric.namespace, metric.name, metric.dimensions), metric]),
  );
  return {
    metrics,
    find: (namespace, name, dimensions) => byKey.get(metricKey(namespace, name, dimensions)),
  };
}

/** A thing that has the metrics of one template. */
interface Subject {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly application: string | undefined;
  /** How busy it is compared to others of its kind. */
  readonly scale?: number;
  readonly fromMs?: number;
  readonly untilMs?: number;
}

function collect(options: CatalogueOptions, accountSeed: number): SimulatedMetric[] {
  const { inventory } = options;
  const make = (template: templates.NamespaceTemplate, subjects: readonly Subject[]) =>
    subjects.flatMap((subject) => expand(template, subject, accountSeed, inventory.region));
  const metrics = [
    ...make(templates.ec2, instanceSubjects(options)),
    ...make(
      templates.ebs,
      inventory.volumes.map(({ id, application }) => subject({ VolumeId: id }, application)),
    ),
    ...make(templates.rds, named(inventory.databases, "DBInstanceIdentifier")),
    ...make(templates.sqs, named(inventory.queues, "QueueName")),
    ...make(templates.lambda, named(inventory.functions, "FunctionName")),
    ...make(templates.balancer, balancerSubjects(inventory)),
    ...make(templates.dynamo, named(inventory.tables, "TableName")),
    ...storageMetrics(inventory, accountSeed),
    ...(options.home && inventory.instances.length > 0 ? make(templates.billing, billingSubjects()) : []),
    ...(inventory.instances.length > 3 ? make(templates.application, applicationSubjects(inventory)) : []),
    ...make(templates.workers, workerSubjects(options)),
  ];
  const missing = Math.max(0, (options.metricCount ?? 0) - metrics.length);
  return metrics.concat(
    make(
      templates.fleet,
      Array.from({ length: missing }, (_, n) => subject({ Host: `host-${String(n).padStart(6, "0")}` })),
    ),
  );
}

function subject(dimensions: Readonly<Record<string, string>>, application?: string): Subject {
  return { dimensions, application };
}

function named(resources: readonly NamedResource[], dimension: string): Subject[] {
  return resources.map(({ name, application }) => subject({ [dimension]: name }, application));
}

function instanceSubjects({ inventory, startedAtMs }: CatalogueOptions): Subject[] {
  return inventory.instances.map(({ id, application, terminatedDaysAgo }) => ({
    ...subject({ InstanceId: id }, application),
    ...(terminatedDaysAgo === undefined ? {} : { untilMs: startedAtMs - terminatedDaysAgo * dayMs }),
  }));
}

/** Once for the balancer, once for each of its zones, as CloudWatch has them. */
function balancerSubjects({ balancers, region }: Inventory): Subject[] {
  return balancers.flatMap(({ name, application }) => [
    subject({ LoadBalancer: name }, application),
    ...["a", "b"].map((zone) => ({
      ...subject({ LoadBalancer: name, AvailabilityZone: `${region}${zone}` }, application),
      scale: 0.5,
    })),
  ]);
}

function storageMetrics(inventory: Inventory, accountSeed: number): SimulatedMetric[] {
  const [size, objects] = templates.storage.metrics;
  return inventory.buckets.flatMap(({ name, application }) =>
    [
      { template: size, storageType: "StandardStorage" },
      { template: objects, storageType: "AllStorageTypes" },
    ].flatMap(({ template, storageType }) =>
      template
        ? expand(
            { ...templates.storage, metrics: [template] },
            subject({ BucketName: name, StorageType: storageType }, application),
            accountSeed,
            inventory.region,
          )
        : [],
    ),
  );
}

/** Dollars a month per service; the account's total has no service dimension. */
export const monthlyCosts: Readonly<Record<string, number>> = {
  AmazonEC2: 1_840,
  AmazonRDS: 960,
  AmazonS3: 210,
  AmazonCloudWatch: 95,
  AWSLambda: 42,
  AmazonDynamoDB: 130,
  AWSQueueService: 18,
  AWSDataTransfer: 240,
};

function billingSubjects(): Subject[] {
  const total = Object.values(monthlyCosts).reduce((sum, cost) => sum + cost, 0);
  return [
    { ...subject({ Currency: "USD" }), scale: total },
    ...Object.entries(monthlyCosts).map(([service, cost]) => ({
      ...subject({ ServiceName: service, Currency: "USD" }),
      scale: cost,
    })),
  ];
}

function workerSubjects({ startedAtMs, turnover }: CatalogueOptions): Subject[] {
  if (!turnover) return [];
  return livesOf(turnover, startedAtMs).map(({ name, fromMs, untilMs }) => ({
    ...subject({ Host: name }),
    fromMs,
    untilMs,
  }));
}

function applicationSubjects({ region }: Inventory): Subject[] {
  return applications.map((application) => subject({ Service: application, Region: region }, application));
}

function expand(
  template: templates.NamespaceTemplate,
  { dimensions, application, scale, fromMs, untilMs }: Subject,
  accountSeed: number,
  region: string,
): SimulatedMetric[] {
  const context: SignalContext = { accountSeed, application, applications };
  const dimensionList = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const factor = scale ?? 0.6 + 0.8 * unit(hashText(JSON.stringify(dimensions)) ^ accountSeed, 0);
  return template.metrics.map(({ name, unit: metricUnit, behaviour }) =>
    createMetric(
      {
        namespace: template.namespace,
        name,
        dimensions: dimensionList,
        unit: metricUnit,
        periodSeconds: template.periodSeconds,
        lagSeconds: template.lagSeconds,
        behaviour: scaled(behaviour, factor),
        context,
        fromMs: fromMs ?? Number.NEGATIVE_INFINITY,
        untilMs: untilMs ?? Number.POSITIVE_INFINITY,
      },
      region,
    ),
  );
}

/** A percentage stays a percentage: it moves less, and never above its ceiling. */
function scaled(behaviour: Behaviour, factor: number): Behaviour {
  const base =
    behaviour.ceiling === undefined ? behaviour.base * factor : Math.min(behaviour.base * factor, 97);
  return { ...behaviour, base };
}

type Behaviour = SimulatedMetric["behaviour"];
