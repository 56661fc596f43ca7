import { type AwsCall, retentionDays as retentionDaysAllowed } from "../../contract/index.ts";
import { type ArnPlace, groupArn } from "../arns.ts";
import type { Groups } from "../groups.ts";
import { checkInput, rules } from "./checks.ts";
import { type Access, groupNameOfIdentifier, groupResource, logsOperation, namedGroup } from "./operation.ts";

interface GroupName {
  readonly logGroupName: string;
}

interface GroupIdentifier {
  readonly logGroupIdentifier: string;
}

/** Operations that change one setting of a group. */
export function createSettingOperations(deps: { groups: Groups; access: Access; place: ArnPlace }) {
  const { groups, access, place } = deps;
  const identified = ({ logGroupIdentifier: identifier }: GroupIdentifier, call: AwsCall) => [
    groupResource(identifier.startsWith("arn:") ? identifier : groupArn(call, identifier)),
  ];
  const nameOf = ({ logGroupIdentifier }: GroupIdentifier) =>
    groupNameOfIdentifier(place, "logGroupIdentifier", logGroupIdentifier);
  return {
    PutRetentionPolicy: logsOperation<GroupName & { readonly retentionInDays: number }, object>({
      readOnly: false,
      access: async ({ logGroupName }) => [await access.group("PutRetentionPolicy", logGroupName)],
      handle: ({ logGroupName, retentionInDays }) => {
        checkInput()
          .text("logGroupName", logGroupName, rules.groupName)
          .oneOf("retentionInDays", retentionInDays, retentionDaysAllowed)
          .done();
        return groups.setRetention(logGroupName, retentionInDays);
      },
      resources: namedGroup,
    }),
    DeleteRetentionPolicy: logsOperation<GroupName, object>({
      readOnly: false,
      access: async ({ logGroupName }) => [await access.group("DeleteRetentionPolicy", logGroupName)],
      handle: ({ logGroupName }) => {
        checkInput().text("logGroupName", logGroupName, rules.groupName).done();
        return groups.setRetention(logGroupName, null);
      },
      resources: namedGroup,
    }),
    PutBearerTokenAuthentication: logsOperation<
      GroupIdentifier & { readonly bearerTokenAuthenticationEnabled: boolean },
      object
    >({
      readOnly: false,
      access: async ({ logGroupIdentifier }) => [
        await access.identifier("PutBearerTokenAuthentication", logGroupIdentifier),
      ],
      handle: async (input) => groups.setBearer(nameOf(input), input.bearerTokenAuthenticationEnabled),
      resources: identified,
    }),
    PutLogGroupDeletionProtection: logsOperation<
      GroupIdentifier & { readonly deletionProtectionEnabled: boolean },
      object
    >({
      readOnly: false,
      access: async ({ logGroupIdentifier }) => [
        await access.identifier("PutLogGroupDeletionProtection", logGroupIdentifier),
      ],
      handle: async (input) => groups.setDeletionProtection(nameOf(input), input.deletionProtectionEnabled),
      resources: identified,
    }),
  };
}
