import type {
  HeadBucketCommandInput,
  HeadBucketCommandOutput,
  ListBucketsCommandOutput,
} from "@aws-sdk/client-s3";
import { ProtocolError } from "../../src/protocols/index.ts";
import { accountOf, type CallContext, handler, type SimulatedService } from "./service.ts";

export const s3: SimulatedService = {
  handlers: {
    ListBuckets: handler<object, ListBucketsCommandOutput>((_input, context) => ({
      Buckets: bucketsOf(context).map(({ name, region }) => ({
        Name: name,
        BucketRegion: region,
        CreationDate: new Date(Date.UTC(2025, 1, 3)),
      })),
      Owner: { ID: accountOf(context).repeat(5) },
    })),

    HeadBucket: handler<HeadBucketCommandInput, HeadBucketCommandOutput>((input, context) => {
      const bucket = bucketsOf(context).find(({ name }) => name === input.Bucket);
      if (!bucket)
        throw new ProtocolError("NoSuchBucket", "The specified bucket does not exist", { status: 404 });
      return { BucketRegion: bucket.region };
    }),
  },
};

/** Buckets are listed whichever region is asked. */
function bucketsOf(context: CallContext): { name: string; region: string }[] {
  return context.world.regions.flatMap((region) =>
    context.world.inventory(accountOf(context), region).buckets.map(({ name }) => ({ name, region })),
  );
}
