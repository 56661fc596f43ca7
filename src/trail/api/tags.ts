import type {
  AddTagsCommandInput,
  ListTagsCommandInput,
  ListTagsCommandOutput,
  RemoveTagsCommandInput,
} from "@aws-sdk/client-cloudtrail";
import type { AwsOperation } from "../../contract/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import { arnOfNameOrArn, nameOfNameOrArn } from "../names.ts";
import { changeTrail, findTrail, type Tag } from "../trails-queries.ts";
import { type ApiDeps, type Operations, onTrail } from "./operation.ts";

type TagInput = { Key: string | undefined; Value?: string | undefined };
type ListOutput = Omit<ListTagsCommandOutput, "$metadata">;

const tagsMax = 50;
const resourcesMax = 20;
const keyLengthMax = 128;
const valueLengthMax = 256;

export function tagOperations({ db, origin }: ApiDeps): Operations {
  const change = async (arn: string, toTags: (tags: readonly Tag[]) => readonly Tag[]) => {
    const trail = await changeTrail(db.kysely, nameOfArn(arn), ({ tags }) => ({
      tags: JSON.stringify(toTags(tags)),
    }));
    if (!trail) throw resourceNotFound(arn);
    return {};
  };
  const nameOfArn = (arn: string) => {
    if (!arn.startsWith("arn:"))
      throw new ProtocolError("CloudTrailARNInvalidException", `Invalid ARN: ${arn}.`);
    return nameOfNameOrArn(arn, origin);
  };
  const listTags: AwsOperation<ListTagsCommandInput, ListOutput> = {
    readOnly: true,
    audit: "management",
    access: ({ ResourceIdList = [] }) =>
      ResourceIdList.map((arn) => ({ action: "cloudtrail:ListTags", resource: arnOfNameOrArn(arn, origin) })),
    handle: async ({ ResourceIdList = [] }) => {
      if (ResourceIdList.length === 0 || ResourceIdList.length > resourcesMax)
        throw new ProtocolError("InvalidParameterException", `ResourceIdList has 1 to ${resourcesMax} ARNs.`);
      const ResourceTagList = [];
      for (const arn of ResourceIdList) {
        const trail = await findTrail(db.kysely, nameOfArn(arn));
        if (!trail) throw resourceNotFound(arn);
        ResourceTagList.push({ ResourceId: arn, TagsList: [...trail.tags] });
      }
      return { ResourceTagList };
    },
  };
  return {
    AddTags: onTrail<AddTagsCommandInput, object>("AddTags", origin, {
      readOnly: false,
      trail: ({ ResourceId }) => ResourceId,
      handle: ({ ResourceId = "", TagsList = [] }) => {
        const added = checkTags(TagsList);
        const replaced = new Set(added.map(({ Key }) => Key));
        return change(ResourceId, (tags) =>
          checkCount([...tags.filter(({ Key }) => !replaced.has(Key)), ...added]),
        );
      },
    }),
    RemoveTags: onTrail<RemoveTagsCommandInput, object>("RemoveTags", origin, {
      readOnly: false,
      trail: ({ ResourceId }) => ResourceId,
      handle: ({ ResourceId = "", TagsList = [] }) => {
        const removed = new Set(TagsList.map(({ Key }) => Key));
        return change(ResourceId, (tags) => tags.filter(({ Key }) => !removed.has(Key)));
      },
    }),
    ListTags: listTags,
  };
}

/** Throws `InvalidTagParameterException` and `TagsLimitExceededException`. */
export function checkTags(tags: readonly TagInput[]): Tag[] {
  const checked = tags.map(({ Key = "", Value = "" }) => {
    if (Key.length === 0 || Key.length > keyLengthMax || Value.length > valueLengthMax)
      throw invalidTag(
        `A tag has a key of 1 to ${keyLengthMax} characters and a value of up to ${valueLengthMax}.`,
      );
    if (/^aws:/i.test(Key)) throw invalidTag("The key of a tag must not begin with aws:.");
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Key + Value))
      throw invalidTag("Tags have letters, digits, spaces and _.:/=+-@ only.");
    return { Key, Value };
  });
  if (new Set(checked.map(({ Key }) => Key)).size < checked.length)
    throw invalidTag("The key of a tag occurs more than once.");
  return checkCount(checked);
}

function checkCount(tags: Tag[]): Tag[] {
  if (tags.length <= tagsMax) return tags;
  throw new ProtocolError("TagsLimitExceededException", `A trail can have up to ${tagsMax} tags.`);
}

function invalidTag(message: string): ProtocolError {
  return new ProtocolError("InvalidTagParameterException", message);
}

function resourceNotFound(arn: string): ProtocolError {
  return new ProtocolError("ResourceNotFoundException", `The resource ${arn} does not exist.`);
}
