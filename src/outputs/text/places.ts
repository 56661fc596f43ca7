import { finished, type Readable } from "node:stream";
import { AppError, type Clock } from "../../base/index.ts";

/** Texts that are written at a time: each holds a page of points, up to about 100 MB. */
const placesMax = 8;
/** Nobody keeps a place for longer, however slowly he reads. */
const textMsMax = 15 * 60_000;

/** Bounds the memory of texts that are read slowly, or all at once. */
export interface Places {
  /** Throws `overloaded` when every place is taken. The place is free again when the stream ends, however it does. */
  take(open: () => Promise<Readable>): Promise<Readable>;
}

export function createPlaces(clock: Pick<Clock, "sleep">): Places {
  let taken = 0;
  return {
    take: async (open) => {
      if (taken >= placesMax) {
        throw new AppError("overloaded", {
          message: `${placesMax} texts are being written already; try again when one of them has ended.`,
        });
      }
      taken++;
      try {
        const stream = await open();
        const ended = new AbortController();
        finished(stream, () => {
          taken--;
          ended.abort();
        });
        clock.sleep(textMsMax, ended.signal).then(
          () => stream.destroy(new AppError("query_timed_out")),
          () => {},
        );
        return stream;
      } catch (error) {
        taken--;
        throw error;
      }
    },
  };
}
