import type { AwsCall } from "../../contract/index.ts";
import type { Database, LogGroupClass } from "../../db/index.ts";
import { type ArnPlace, groupArn } from "../arns.ts";
import { type GroupFilter, type GroupRow, listGroups } from "../group-queries.ts";
import type { Groups } from "../groups.ts";
import { checkInput, groupClasses, invalidParameter, rules } from "./checks.ts";
import { type Access, groupNameOfIdentifier, logsOperation, namedGroup, requestTags } from "./operation.ts";
import { readPage, writeNextToken } from "./paging.ts";
import { parseTagFilters, type TagFilter } from "./tag-filter.ts";

interface GroupName {
  readonly logGroupName: string;
}

interface CreateLogGroup extends GroupName {
  readonly kmsKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly logGroupClass?: LogGroupClass;
  readonly deletionProtectionEnabled?: boolean;
}

interface ListFilter {
  readonly includeLinkedAccounts?: boolean;
  readonly accountIdentifiers?: readonly string[];
  readonly logGroupClass?: LogGroupClass;
  readonly logGroupNamePattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

interface DescribeLogGroups extends ListFilter {
  readonly logGroupNamePrefix?: string;
  readonly logGroupIdentifiers?: readonly string[];
}

interface ListLogGroups extends ListFilter {
  readonly dataSources?: readonly object[];
  readonly fieldIndexNames?: readonly string[];
  readonly logGroupTags?: readonly TagFilter[];
}

const pageSize = 50;
const accountsMax = 20;

export function createGroupOperations(deps: {
  db: Pick<Database, "kysely">;
  groups: Groups;
  access: Access;
  place: ArnPlace;
}) {
  const { groups, access, place } = deps;
  const { kysely } = deps.db;
  return {
    CreateLogGroup: logsOperation<CreateLogGroup, object>({
      readOnly: false,
      access: async ({ logGroupName, tags }) => [
        await access.group("CreateLogGroup", logGroupName, requestTags(tags)),
        ...(tags
          ? [await access.taggedGroup("TagResource", groupArn(place, logGroupName), requestTags(tags))]
          : []),
      ],
      handle: async (input) => {
        const { logGroupName, tags, logGroupClass, deletionProtectionEnabled } = input;
        checkInput()
          .text("logGroupName", logGroupName, rules.groupName)
          .oneOf("logGroupClass", logGroupClass, groupClasses)
          .tags("tags", tags)
          .done();
        if (input.kmsKeyId !== undefined)
          throw invalidParameter(
            "kmsKeyId is not supported: this server has no KMS keys. Leave it out to create the log group.",
          );
        await groups.create({
          name: logGroupName,
          tags,
          class: logGroupClass,
          deletionProtection: deletionProtectionEnabled,
        });
      },
      resources: namedGroup,
    }),
    DeleteLogGroup: logsOperation<GroupName, object>({
      readOnly: false,
      access: async ({ logGroupName }) => [await access.group("DeleteLogGroup", logGroupName)],
      handle: ({ logGroupName }) => {
        checkInput().text("logGroupName", logGroupName, rules.groupName).done();
        return groups.remove(logGroupName);
      },
      resources: namedGroup,
    }),
    DescribeLogGroups: logsOperation<DescribeLogGroups, object>({
      readOnly: true,
      access: () => [access.anyGroup("DescribeLogGroups")],
      handle: async (input, call) => {
        const filter = describeFilter(place, input);
        if (!includesAccount(input, call)) return { logGroups: [] };
        const list = ["DescribeLogGroups", filter];
        const page = readPage(list, input, pageSize, ["text"]);
        const rows = await listGroups(kysely, filter, {
          after: page.after?.[0],
          limit: page.limit + 1,
        });
        const logGroups = rows.slice(0, page.limit);
        return {
          logGroups: logGroups.map((row) => describeGroup(place, row)),
          ...writeNextToken(list, rows.length > page.limit, logGroups.at(-1)?.name),
        };
      },
    }),
    ListLogGroups: logsOperation<ListLogGroups, object>({
      readOnly: true,
      access: () => [access.anyGroup("ListLogGroups")],
      handle: async (input, call) => {
        const filter = listFilter(input);
        const hasTags = parseTagFilters(input.logGroupTags);
        if (!includesAccount(input, call)) return { logGroups: [] };
        const list = ["ListLogGroups", filter, input.logGroupTags ?? []];
        const page = readPage(list, input, pageSize, ["text"]);
        const found = await findTagged(
          (after) => listGroups(kysely, filter, { after, limit: scanSize }),
          page.after?.[0],
          page.limit + 1,
          hasTags,
        );
        const shown = found.slice(0, page.limit);
        return {
          logGroups: shown.map(({ name, class: logGroupClass }) => ({
            logGroupName: name,
            logGroupArn: groupArn(place, name),
            logGroupClass,
          })),
          ...writeNextToken(list, found.length > page.limit, shown.at(-1)?.name),
        };
      },
    }),
  };
}

const scanSize = 1_000;

/** Groups are few enough to read on until the page is full. */
async function findTagged(
  read: (after: string | undefined) => Promise<GroupRow[]>,
  start: string | undefined,
  limit: number,
  hasTags: (tags: Readonly<Record<string, string>>) => boolean,
): Promise<GroupRow[]> {
  const found: GroupRow[] = [];
  let after = start;
  for (;;) {
    const rows = await read(after);
    found.push(...rows.filter(({ tags }) => hasTags(tags)));
    if (rows.length < scanSize || found.length >= limit) return found.slice(0, limit);
    after = rows.at(-1)!.name;
  }
}

/** Every member that the real service sends, and no others. */
function describeGroup(place: ArnPlace, row: GroupRow): object {
  const arn = groupArn(place, row.name);
  return {
    logGroupName: row.name,
    creationTime: row.created_at.getTime(),
    ...(row.retention_days === null ? {} : { retentionInDays: row.retention_days }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: row.stored_bytes,
    logGroupClass: row.class,
    logGroupArn: arn,
    deletionProtectionEnabled: row.deletion_protection,
    bearerTokenAuthenticationEnabled: row.bearer_enabled,
  };
}

function describeFilter(place: ArnPlace, input: DescribeLogGroups): GroupFilter {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: part, logGroupIdentifiers: identifiers } = input;
  checkAccounts(input)
    .text("logGroupNamePrefix", prefix, rules.groupName)
    .text("logGroupNamePattern", part, rules.groupNamePart)
    .number("limit", input.limit, { min: 1, max: 50 })
    .size("logGroupIdentifiers", identifiers?.length, { min: 1, max: 50 })
    .done();
  if (prefix !== undefined && part !== undefined)
    throw invalidParameter(
      "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    );
  if (identifiers && (prefix !== undefined || part !== undefined || input.logGroupClass !== undefined))
    throw invalidParameter("logGroupIdentifiers cannot be combined with another filter.");
  return {
    prefix,
    part,
    class: input.logGroupClass,
    names: identifiers?.map((text, index) =>
      groupNameOfIdentifier(place, `logGroupIdentifiers.${index + 1}.member`, text),
    ),
  };
}

function listFilter(input: ListLogGroups): GroupFilter {
  checkAccounts(input)
    .text("logGroupNamePattern", input.logGroupNamePattern, rules.groupListPattern)
    .number("limit", input.limit, { min: 1, max: 1000 })
    .done();
  if (input.dataSources || input.fieldIndexNames)
    throw invalidParameter(
      "dataSources and fieldIndexNames are not supported: log groups have neither here.",
    );
  return {
    class: input.logGroupClass,
    // Its grammar leaves no more of a regular expression than beginnings, parts and alternatives.
    alternatives: input.logGroupNamePattern
      ?.split("|")
      .map((text) =>
        text.startsWith("^")
          ? { kind: "prefix" as const, text: text.slice(1) }
          : { kind: "part" as const, text },
      ),
  };
}

function checkAccounts({ accountIdentifiers, logGroupClass, nextToken }: ListFilter) {
  const checks = checkInput()
    .oneOf("logGroupClass", logGroupClass, groupClasses)
    .text("nextToken", nextToken, rules.token)
    .size("accountIdentifiers", accountIdentifiers?.length, { min: 0, max: accountsMax });
  for (const [index, account] of (accountIdentifiers ?? []).entries())
    checks.text(`accountIdentifiers.${index + 1}.member`, account, rules.accountId);
  return checks;
}

/** A server is one account: a list of others only has no groups. */
function includesAccount({ accountIdentifiers }: ListFilter, { accountId }: AwsCall): boolean {
  return !accountIdentifiers?.length || accountIdentifiers.includes(accountId);
}
