import { fsyncSync } from "node:fs";
import { NodeFS } from "@electric-sql/pglite/nodefs";

type EmscriptenOptions = Parameters<NodeFS["init"]>[1];

interface NodeFileStreams {
  stream_ops: { fsync?: (stream: { nfd?: number }) => number };
}

/**
 * The file system of the embedded database with a real fsync. PGlite's own has none: a commit would
 * be answered while it is still in the page cache, and a power failure would take it back.
 */
export class SyncedFileSystem extends NodeFS {
  override async init(...args: Parameters<NodeFS["init"]>): Promise<{ emscriptenOpts: EmscriptenOptions }> {
    const { emscriptenOpts } = await super.init(...args);
    const installFsync = (module: unknown) => {
      const { NODEFS } = module as { NODEFS: NodeFileStreams };
      NODEFS.stream_ops.fsync = syncStream;
    };
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [installFsync, ...listOf(emscriptenOpts.preRun)] },
    } as { emscriptenOpts: EmscriptenOptions };
  }
}

/** WASI's errno for an input or output error: PostgreSQL must hear that a sync failed, never think it worked. */
const wasiErrnoIo = 29;

function syncStream(stream: { nfd?: number }): number {
  if (stream.nfd === undefined) return 0;
  try {
    fsyncSync(stream.nfd);
    return 0;
  } catch {
    return wasiErrnoIo;
  }
}

function listOf<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
