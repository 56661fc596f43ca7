import type {
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  DescribeRegionsCommandInput,
  DescribeRegionsCommandOutput,
  DescribeVolumesCommandInput,
  DescribeVolumesCommandOutput,
  Filter,
  Instance as InstanceShape,
} from "@aws-sdk/client-ec2";
import { ProtocolError } from "../../src/protocols/index.ts";
import type { Instance, Tags } from "../inventory.ts";
import { regionStatus } from "../regions.ts";
import { dayMs } from "../signals/behaviour.ts";
import { hashText, unit } from "../signals/hash.ts";
import { paginate } from "./paging.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

export const ec2: SimulatedService = {
  handlers: {
    DescribeRegions: handler<DescribeRegionsCommandInput, DescribeRegionsCommandOutput>((input) => {
      endDryRun(input.DryRun);
      const unknown = input.RegionNames?.find((name) => !Object.hasOwn(regionStatus, name));
      if (unknown) throw new ProtocolError("InvalidParameterValue", `Invalid region names: ${unknown}`);
      const regions = Object.entries(regionStatus)
        .filter(
          ([name, status]) =>
            input.AllRegions || input.RegionNames?.includes(name) || status !== "not-opted-in",
        )
        .filter(([name]) => !input.RegionNames?.length || input.RegionNames.includes(name));
      return {
        Regions: regions.map(([RegionName, OptInStatus]) => ({
          RegionName,
          OptInStatus,
          Endpoint: `ec2.${RegionName}.amazonaws.com`,
        })),
      };
    }),

    DescribeInstances: handler<DescribeInstancesCommandInput, DescribeInstancesCommandOutput>(
      (input, context) => {
        endDryRun(input.DryRun);
        const accountId = accountOf(context);
        const running = context.world
          .inventory(accountId, context.region)
          .instances.filter((instance) => instance.terminatedDaysAgo === undefined);
        const asked = askedFor(running, input.InstanceIds, "InvalidInstanceID.NotFound", "instance");
        const found = asked.filter((instance) =>
          fitsFilters(input.Filters, (name) => instanceField(instance, name)),
        );
        const page = paginate(found, pageRequest(input));
        return {
          Reservations: page.items.map((instance) => ({
            ReservationId: instance.id.replace("i-", "r-"),
            OwnerId: accountId,
            Instances: [describeInstance(instance, context)],
          })),
          NextToken: page.nextToken,
        };
      },
    ),

    DescribeVolumes: handler<DescribeVolumesCommandInput, DescribeVolumesCommandOutput>((input, context) => {
      endDryRun(input.DryRun);
      const { volumes } = context.world.inventory(accountOf(context), context.region);
      const page = paginate(
        askedFor(volumes, input.VolumeIds, "InvalidVolume.NotFound", "volume"),
        pageRequest(input),
      );
      return {
        Volumes: page.items.map((volume) => ({
          VolumeId: volume.id,
          Size: volume.sizeGib,
          VolumeType: "gp3",
          State: "in-use",
          Encrypted: true,
          AvailabilityZone: volume.availabilityZone,
          CreateTime: createdAt(volume.id, context),
          Attachments: [{ VolumeId: volume.id, InstanceId: volume.instanceId, State: "attached" }],
          Tags: tagList(volume.tags),
        })),
        NextToken: page.nextToken,
      };
    }),
  },
};

/** A dry run that got this far would have succeeded; EC2 says so with an error. */
function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun)
    throw new ProtocolError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", {
      status: 412,
    });
}

function askedFor<T extends { readonly id: string }>(
  all: readonly T[],
  ids: readonly string[] | undefined,
  code: string,
  noun: string,
): readonly T[] {
  if (!ids?.length) return all;
  const unknown = ids.find((id) => !all.some((item) => item.id === id));
  if (unknown) throw new ProtocolError(code, `The ${noun} ID '${unknown}' does not exist`);
  return all.filter((item) => ids.includes(item.id));
}

function pageRequest(input: { NextToken?: string | undefined; MaxResults?: number | undefined }) {
  if (input.MaxResults !== undefined && (input.MaxResults < 5 || input.MaxResults > 1000))
    throw new ProtocolError(
      "InvalidParameterValue",
      `Value (${input.MaxResults}) for parameter maxResults is invalid.`,
    );
  return {
    token: input.NextToken,
    pageSize: input.MaxResults ?? 1000,
    scope: "ec2",
    invalidTokenCode: "InvalidParameterValue",
  };
}

/** Values of one filter are alternatives, filters all have to hold; unknown names are refused, not ignored. */
function fitsFilters(
  filters: readonly Filter[] | undefined,
  fieldOf: (name: string) => string | undefined,
): boolean {
  return (filters ?? []).every(({ Name = "", Values = [] }) => {
    const field = fieldOf(Name);
    return field !== undefined && Values.includes(field);
  });
}

function instanceField(instance: Instance, name: string): string | undefined {
  if (name.startsWith("tag:")) return ownValue(instance.tags, name.slice(4));
  const fields: Readonly<Record<string, string>> = {
    "instance-state-name": "running",
    "instance-type": instance.type,
    "availability-zone": instance.availabilityZone,
    "instance-id": instance.id,
  };
  const field = ownValue(fields, name);
  if (field === undefined)
    throw new ProtocolError("InvalidParameterValue", `The filter '${name}' is invalid`);
  return field;
}

/** Names come from callers, and `constructor` is not a tag. */
function ownValue(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function describeInstance(instance: Instance, context: CallContext): InstanceShape {
  return {
    InstanceId: instance.id,
    InstanceType: instance.type as NonNullable<InstanceShape["InstanceType"]>,
    State: { Code: 16, Name: "running" },
    Placement: { AvailabilityZone: instance.availabilityZone, Tenancy: "default" },
    PrivateIpAddress: instance.privateIp,
    LaunchTime: createdAt(instance.id, context),
    Monitoring: { State: "disabled" },
    Architecture: instance.type.includes("g.") ? "arm64" : "x86_64",
    Tags: tagList(instance.tags),
  };
}

/** Some day in 2025, at the same second for the same resource. */
function createdAt(id: string, context: CallContext): Date {
  const days = Math.floor(unit(hashText(id) ^ context.world.seed, 1) * 360);
  return new Date(Date.UTC(2025, 0, 1, 9, 30) + days * dayMs);
}

function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
