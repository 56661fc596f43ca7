import { dirname, join, resolve, sep } from "node:path";
import { AppError, makeDirectoryDurably, writeDurably } from "../../base/index.ts";

/** Where trails deliver to. */
export interface Buckets {
  /** Throws when nothing could be put into the bucket. */
  check(bucket: string): Promise<void>;
  /** Stores an object as a whole; it has survived a power failure when this resolves. */
  put(bucket: string, key: string, body: Uint8Array): Promise<void>;
}

/** Buckets that are folders below `buckets` in the data directory, readable for its owner only. */
export function createLocalBuckets(dataDirectory: string): Buckets {
  const root = resolve(dataDirectory, "buckets");
  return {
    check: (bucket) => makeDirectoryDurably(pathWithin(root, bucket)),
    put: async (bucket, key, body) => {
      const path = pathWithin(pathWithin(root, bucket), key);
      await makeDirectoryDurably(dirname(path));
      await writeDurably(path, body);
    },
  };
}

/** Names are checked where they come in; this is the last line should one slip through. */
function pathWithin(folder: string, name: string): string {
  const path = join(folder, name);
  if (!path.startsWith(folder + sep) || name.includes("\0"))
    throw new AppError("internal", { detail: { reason: "a bucket's path leads out of its folder", name } });
  return path;
}
