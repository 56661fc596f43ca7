import { ProtocolError } from "../../protocols/index.ts";
import { type ArnPlace, groupNameOfArn } from "../arns.ts";
import type { Groups } from "../groups.ts";
import { checkInput, invalidParameter, rules } from "./checks.ts";
import { type Access, groupResource, logsOperation, namedGroup, requestTags } from "./operation.ts";

type Tags = Readonly<Record<string, string>>;

interface ResourceArn {
  readonly resourceArn: string;
}

interface GroupName {
  readonly logGroupName: string;
}

const tagsMax = 50;

export function createTagOperations(deps: { groups: Groups; access: Access; place: ArnPlace }) {
  const { groups, access, place } = deps;
  const resources = ({ resourceArn }: ResourceArn) => [groupResource(resourceArn)];
  const nameOf = ({ resourceArn }: ResourceArn): string => {
    checkInput().text("resourceArn", resourceArn, rules.resourceArn).done();
    const name = groupNameOfArn(place, resourceArn);
    if (name === undefined)
      throw invalidParameter(
        `The resourceArn '${resourceArn}' does not name a log group of this account and region.`,
      );
    return name;
  };
  const nameIn = ({ logGroupName }: GroupName): string => {
    checkInput().text("logGroupName", logGroupName, rules.groupName).done();
    return logGroupName;
  };
  const add = (name: string, tags: Tags, tooMany: (count: number) => ProtocolError) => {
    checkInput().tags("tags", tags).done();
    return groups.changeTags(name, (known) => {
      const merged = { ...known, ...tags };
      const count = Object.keys(merged).length;
      if (count > tagsMax) throw tooMany(count);
      return merged;
    });
  };
  const remove = (name: string, keys: readonly string[]) =>
    groups.changeTags(name, (known) =>
      Object.fromEntries(Object.entries(known).filter(([key]) => !keys.includes(key))),
    );
  return {
    TagResource: logsOperation<ResourceArn & { readonly tags: Tags }, object>({
      readOnly: false,
      access: async ({ resourceArn, tags }) => [
        await access.taggedGroup("TagResource", resourceArn, requestTags(tags)),
      ],
      handle: async (input) =>
        add(
          nameOf(input),
          input.tags,
          (count) =>
            new ProtocolError("TooManyTagsException", tooManyText(count), {
              members: { resourceName: input.resourceArn },
            }),
        ),
      resources,
    }),
    UntagResource: logsOperation<ResourceArn & { readonly tagKeys: readonly string[] }, object>({
      readOnly: false,
      access: async ({ resourceArn, tagKeys }) => [
        await access.taggedGroup("UntagResource", resourceArn, { "aws:TagKeys": tagKeys }),
      ],
      handle: async (input) => {
        const name = nameOf(input);
        checkInput().tagKeys("tagKeys", input.tagKeys, 0).done();
        return remove(name, input.tagKeys);
      },
      resources,
    }),
    ListTagsForResource: logsOperation<ResourceArn, object>({
      readOnly: true,
      access: async ({ resourceArn }) => [await access.taggedGroup("ListTagsForResource", resourceArn)],
      handle: async (input) => ({ tags: (await groups.get(nameOf(input))).tags }),
    }),
    TagLogGroup: logsOperation<GroupName & { readonly tags: Tags }, object>({
      readOnly: false,
      access: async ({ logGroupName, tags }) => [
        await access.group("TagLogGroup", logGroupName, requestTags(tags)),
      ],
      handle: async (input) =>
        add(nameIn(input), input.tags, (count) => invalidParameter(tooManyText(count))),
      resources: namedGroup,
    }),
    UntagLogGroup: logsOperation<GroupName & { readonly tags: readonly string[] }, object>({
      readOnly: false,
      access: async ({ logGroupName, tags }) => [
        await access.group("UntagLogGroup", logGroupName, { "aws:TagKeys": tags }),
      ],
      handle: async (input) => {
        const name = nameIn(input);
        checkInput().tagKeys("tags", input.tags, 1).done();
        return remove(name, input.tags);
      },
      resources: namedGroup,
    }),
    ListTagsLogGroup: logsOperation<GroupName, object>({
      readOnly: true,
      access: async ({ logGroupName }) => [await access.group("ListTagsLogGroup", logGroupName)],
      handle: async (input) => ({ tags: (await groups.get(nameIn(input))).tags }),
    }),
  };
}

function tooManyText(count: number): string {
  return `The resource can have at most ${tagsMax} tags, and would have ${count}.`;
}
