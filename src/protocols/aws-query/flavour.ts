import type { NormalizedSchema } from "@smithy/core/schema";

/** What EC2 does differently from the other query services, as flags. */
export interface QueryFlavour {
  readonly id: "aws-query" | "ec2-query";
  /** EC2 never writes `.member.` into the name of a list's item. */
  readonly flattenLists: boolean;
  /** Name under which a structure's member stands in the request. */
  memberKey(name: string, schema: NormalizedSchema): string;
  /** Code of the error for a value that does not fit its type. */
  readonly malformedCode: string;
}

interface NamingTraits {
  readonly xmlName?: string;
  readonly ec2QueryName?: string;
  readonly xmlFlattened?: 1;
}

export function namingTraits(schema: NormalizedSchema): NamingTraits {
  return schema.getMergedTraits() as NamingTraits;
}

export const queryFlavour: QueryFlavour = {
  id: "aws-query",
  flattenLists: false,
  memberKey: (name, schema) => namingTraits(schema).xmlName ?? name,
  malformedCode: "MalformedInput",
};

export const ec2Flavour: QueryFlavour = {
  id: "ec2-query",
  flattenLists: true,
  memberKey: (name, schema) => {
    const traits = namingTraits(schema);
    const key = traits.xmlName ?? name;
    return traits.ec2QueryName ?? key.charAt(0).toUpperCase() + key.slice(1);
  },
  malformedCode: "InvalidParameterValue",
};
