import { partitions } from "@nephoscope/contract";

/** Regions grouped by partition, as Select and MultiSelect take them. */
export const regionGroups = partitions.map((partition) => ({
  group: partition.name,
  items: partition.regions.map((region) => ({
    value: region.id,
    label: `${region.id} · ${region.name}${region.optIn ? " (opt-in)" : ""}`,
  })),
}));
