import type {
  GetResourcesCommandInput,
  GetResourcesCommandOutput,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { ProtocolError } from "../../src/protocols/index.ts";
import type { Inventory, Tags } from "../inventory.ts";
import { paginate } from "./paging.ts";
import { accountOf, handler, type SimulatedService } from "./service.ts";

export const tagging: SimulatedService = {
  handlers: {
    GetResources: handler<GetResourcesCommandInput, GetResourcesCommandOutput>((input, context) => {
      const pageSize = input.ResourcesPerPage ?? 50;
      if (pageSize < 1 || pageSize > 100)
        throw new ProtocolError("InvalidParameterException", "ResourcesPerPage must be between 1 and 100.");
      const found = resourcesOf(context.world.inventory(accountOf(context), context.region)).filter(
        ({ arn, tags }) => fitsTypes(arn, input.ResourceTypeFilters) && fitsTags(tags, input.TagFilters),
      );
      const { PaginationToken, ...question } = input;
      const page = paginate(found, {
        token: PaginationToken,
        pageSize,
        scope: JSON.stringify(question),
        invalidTokenCode: "PaginationTokenExpiredException",
      });
      return {
        // The service gives an empty text, not nothing, on the last page.
        PaginationToken: page.nextToken ?? "",
        ResourceTagMappingList: page.items.map(({ arn, tags }) => ({
          ResourceARN: arn,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    }),
  },
};

interface TaggedResource {
  readonly arn: string;
  readonly tags: Tags;
}

function resourcesOf(inventory: Inventory): TaggedResource[] {
  const { accountId, region } = inventory;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const all = <T extends { readonly tags: Tags }>(items: readonly T[], arnOf: (item: T) => string) =>
    items.map((item) => ({ arn: arnOf(item), tags: item.tags }));
  return [
    ...all(inventory.instances, ({ id }) => arn("ec2", `instance/${id}`)),
    ...all(inventory.volumes, ({ id }) => arn("ec2", `volume/${id}`)),
    ...all(inventory.databases, ({ name }) => arn("rds", `db:${name}`)),
    ...all(inventory.queues, ({ name }) => arn("sqs", name)),
    ...all(inventory.functions, ({ name }) => arn("lambda", `function:${name}`)),
    ...all(inventory.balancers, ({ name }) => arn("elasticloadbalancing", `loadbalancer/${name}`)),
    ...all(inventory.tables, ({ name }) => arn("dynamodb", `table/${name}`)),
    ...all(inventory.buckets, ({ name }) => `arn:aws:s3:::${name}`),
  ];
}

/** `ec2` takes all of a service, `ec2:instance` one type. */
function fitsTypes(arn: string, types: readonly string[] | undefined): boolean {
  if (!types?.length) return true;
  const [, , service, , , ...resource] = arn.split(":");
  return types.some((type) => {
    const [wantedService, wantedType] = type.split(":");
    return (
      wantedService === service && (wantedType === undefined || resource.join(":").startsWith(wantedType))
    );
  });
}

function fitsTags(tags: Tags, filters: GetResourcesCommandInput["TagFilters"]): boolean {
  return (filters ?? []).every(({ Key = "", Values = [] }) => {
    const value = Object.hasOwn(tags, Key) ? tags[Key] : undefined;
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  });
}
