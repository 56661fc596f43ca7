import type {
  CreateTrailCommandInput,
  CreateTrailCommandOutput,
  DeleteTrailCommandInput,
  DescribeTrailsCommandInput,
  DescribeTrailsCommandOutput,
  GetTrailCommandInput,
  GetTrailCommandOutput,
  ListTrailsCommandInput,
  ListTrailsCommandOutput,
  Trail,
  UpdateTrailCommandInput,
  UpdateTrailCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { ProtocolError } from "../../protocols/index.ts";
import {
  arnOf,
  checkBucketName,
  checkKeyPrefix,
  checkTrailName,
  nameOfNameOrArn,
  trailNotFound,
} from "../names.ts";
import {
  changeTrail,
  deleteTrail,
  findTrail,
  insertTrail,
  listTrails,
  lockTrails,
  type TrailRecord,
} from "../trails-queries.ts";
import { type ApiDeps, type Operations, onAll, onTrail } from "./operation.ts";
import { checkTags } from "./tags.ts";
import { refuseUnavailable } from "./unavailable.ts";

type WithoutMetadata<Output> = Omit<Output, "$metadata">;

/** AWS's quota per region. */
const trailsMax = 5;

/** The trails themselves: make, change, read, delete. */
export function trailOperations(deps: ApiDeps): Operations {
  const { db, origin, buckets, clock } = deps;

  const create = async (input: CreateTrailCommandInput): Promise<TrailRecord> => {
    const name = checkTrailName(input.Name ?? "");
    const bucket = checkBucketName(input.S3BucketName ?? "");
    const prefix = checkKeyPrefix(input.S3KeyPrefix ?? "");
    refuseUnavailable(input);
    const scope = checkScope(input.IncludeGlobalServiceEvents ?? true, input.IsMultiRegionTrail ?? false);
    const tags = checkTags(input.TagsList ?? []);
    return db.kysely.transaction().execute(async (transaction) => {
      await lockTrails(transaction);
      const trails = await listTrails(transaction);
      if (trails.some((trail) => trail.name === name))
        throw new ProtocolError(
          "TrailAlreadyExistsException",
          `Trail ${name} already exists for customer: ${origin.accountId}`,
        );
      if (trails.length >= trailsMax)
        throw new ProtocolError(
          "MaximumNumberOfTrailsExceededException",
          `User: ${origin.accountId} already has ${trails.length} trails in ${origin.region}.`,
        );
      await checkBucket(buckets, bucket);
      await insertTrail(transaction, { name, bucket, prefix, ...scope, tags, createdAtMs: clock.now() });
      return (await findTrail(transaction, name)) as TrailRecord;
    });
  };
  const update = async (input: UpdateTrailCommandInput): Promise<TrailRecord> => {
    const name = nameOfNameOrArn(input.Name ?? "", origin);
    const bucket = input.S3BucketName === undefined ? undefined : checkBucketName(input.S3BucketName);
    const prefix = input.S3KeyPrefix === undefined ? undefined : (checkKeyPrefix(input.S3KeyPrefix) ?? null);
    refuseUnavailable(input);
    if (bucket !== undefined) await checkBucket(buckets, bucket);
    const changed = await changeTrail(db.kysely, name, (trail) => {
      const scope = checkScope(
        input.IncludeGlobalServiceEvents ?? trail.includeGlobalServiceEvents,
        input.IsMultiRegionTrail ?? trail.isMultiRegion,
      );
      return {
        include_global_service_events: scope.includeGlobalServiceEvents,
        is_multi_region: scope.isMultiRegion,
        ...(bucket !== undefined && { s3_bucket_name: bucket }),
        ...(prefix !== undefined && { s3_key_prefix: prefix }),
      };
    });
    if (!changed) throw trailNotFound(input.Name ?? "", origin);
    return changed;
  };
  const describe = (trail: TrailRecord): Trail => ({
    ...summarize(trail),
    HomeRegion: origin.region,
    HasCustomEventSelectors: trail.selection !== null,
    HasInsightSelectors: false,
  });
  const summarize = (trail: TrailRecord) => ({
    Name: trail.name,
    S3BucketName: trail.bucket,
    ...(trail.prefix !== null && { S3KeyPrefix: trail.prefix }),
    IncludeGlobalServiceEvents: trail.includeGlobalServiceEvents,
    IsMultiRegionTrail: trail.isMultiRegion,
    TrailARN: arnOf(trail.name, origin),
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
  });

  return {
    CreateTrail: onTrail<CreateTrailCommandInput, WithoutMetadata<CreateTrailCommandOutput>>(
      "CreateTrail",
      origin,
      {
        readOnly: false,
        trail: ({ Name }) => Name,
        alsoNeeds: ({ TagsList = [] }) => (TagsList.length > 0 ? ["AddTags"] : []),
        handle: async (input) => summarize(await create(input)),
      },
    ),
    UpdateTrail: onTrail<UpdateTrailCommandInput, WithoutMetadata<UpdateTrailCommandOutput>>(
      "UpdateTrail",
      origin,
      {
        readOnly: false,
        trail: ({ Name }) => Name,
        handle: async (input) => summarize(await update(input)),
      },
    ),
    DeleteTrail: onTrail<DeleteTrailCommandInput, object>("DeleteTrail", origin, {
      readOnly: false,
      trail: ({ Name }) => Name,
      handle: async ({ Name = "" }) => {
        if (!(await deleteTrail(db.kysely, nameOfNameOrArn(Name, origin)))) throw trailNotFound(Name, origin);
        return {};
      },
    }),
    GetTrail: onTrail<GetTrailCommandInput, WithoutMetadata<GetTrailCommandOutput>>("GetTrail", origin, {
      readOnly: true,
      trail: ({ Name }) => Name,
      handle: async ({ Name = "" }) => ({ Trail: describe(await getTrail(deps, Name)) }),
    }),
    DescribeTrails: onAll<DescribeTrailsCommandInput, WithoutMetadata<DescribeTrailsCommandOutput>>(
      "DescribeTrails",
      async ({ trailNameList = [] }) => {
        const names = trailNameList.map((name) => nameOfNameOrArn(name, origin));
        const trails = await listTrails(db.kysely);
        const isAsked = ({ name }: TrailRecord) => names.length === 0 || names.includes(name);
        return { trailList: trails.filter(isAsked).map(describe) };
      },
    ),
    ListTrails: onAll<ListTrailsCommandInput, WithoutMetadata<ListTrailsCommandOutput>>(
      "ListTrails",
      async () => ({
        Trails: (await listTrails(db.kysely)).map(({ name }) => ({
          TrailARN: arnOf(name, origin),
          Name: name,
          HomeRegion: origin.region,
        })),
      }),
    ),
  };
}

/** Throws `TrailNotFoundException`, or what is wrong with the name. */
export async function getTrail({ db, origin }: ApiDeps, nameOrArn: string): Promise<TrailRecord> {
  const trail = await findTrail(db.kysely, nameOfNameOrArn(nameOrArn, origin));
  if (!trail) throw trailNotFound(nameOrArn, origin);
  return trail;
}

function checkScope(includeGlobalServiceEvents: boolean, isMultiRegion: boolean) {
  if (isMultiRegion && !includeGlobalServiceEvents)
    throw new ProtocolError(
      "InvalidParameterCombinationException",
      "Multi-Region trail must include global service events.",
    );
  return { includeGlobalServiceEvents, isMultiRegion };
}

async function checkBucket(buckets: ApiDeps["buckets"], bucket: string): Promise<void> {
  try {
    await buckets.check(bucket);
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    throw new ProtocolError(
      "S3BucketDoesNotExistException",
      `S3 bucket ${bucket} does not exist, and a folder could not be made for it${typeof code === "string" ? ` (${code})` : ""}.`,
    );
  }
}
