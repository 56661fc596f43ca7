import type { Kysely } from "kysely";
import type { Clock, Log } from "../base/index.ts";
import type { LogRejection } from "../contract/index.ts";
import type { Tables } from "../db/index.ts";
import type { SkipReason } from "./formats/sink.ts";
import type { RefusalKind } from "./refusal.ts";
import { addRejections, forgetRejections, listRejections, type RejectionRow } from "./rejections-queries.ts";

/** Why something that was sent is not stored; a refusal's kind when a whole request is not. */
export type RejectionReason = SkipReason | RefusalKind | "too_old" | "too_new" | "expired" | "invalid_entity";

/** What senders got wrong, per group, key and reason. Answers seldom tell, and senders seldom read them. */
export interface Rejections {
  /** `keyId` is null for callers without an API key. The sample is cut, and its control characters are escaped. */
  note(entry: {
    group: string;
    keyId: string | null;
    reason: RejectionReason;
    count: number;
    sample: string;
  }): void;
  /** Of one group, or of all; the latest first, at most 1,000. */
  list(query: { group?: string | undefined }): Promise<{ items: LogRejection[] }>;
  /** Writes what was noted. */
  flush(): Promise<void>;
  /** Forgets what did not happen again for 30 days. */
  forgetOld(): Promise<void>;
  close(): Promise<void>;
}

const flushEveryMs = 1_000;
/** In memory until the next second; what is beyond it waits for nothing and is not counted. */
const notedMax = 10_000;
const rowsPerStatement = 500;
const listMax = 1_000;
const keptMs = 30 * 86_400_000;
const sampleCharactersMax = 200;

export function createRejections(deps: { kysely: Kysely<Tables>; clock: Clock; log: Log }): Rejections {
  const { kysely, clock, log } = deps;
  const closing = new AbortController();
  let noted = new Map<string, RejectionRow>();
  let waiting = false;
  let flushing = Promise.resolve();

  const merge = (row: RejectionRow, isNewer: boolean) => {
    const key = `${row.group}\n${row.keyId}\n${row.reason}`;
    const known = noted.get(key);
    if (!known && noted.size >= notedMax) return;
    const latest = known && !isNewer ? known : row;
    noted.set(key, { ...latest, count: row.count + (known?.count ?? 0) });
  };
  const writeNoted = async () => {
    const rows = [...noted.values()];
    noted = new Map();
    for (let start = 0; start < rows.length; start += rowsPerStatement) {
      try {
        await addRejections(kysely, rows.slice(start, start + rowsPerStatement));
      } catch (error) {
        for (const row of rows.slice(start)) merge(row, false);
        throw error;
      }
    }
  };
  const flush = () => {
    flushing = flushing.catch(() => {}).then(writeNoted);
    return flushing;
  };
  const flushLater = async () => {
    if (waiting || closing.signal.aborted) return;
    waiting = true;
    // Rejects when the area closes, which flushes itself.
    await clock.sleep(flushEveryMs, closing.signal).catch(() => {});
    waiting = false;
    if (closing.signal.aborted) return;
    await flush().catch((error) =>
      log.warn("Counts of rejected events could not be written yet.", { error }),
    );
    if (noted.size > 0) void flushLater();
  };
  return {
    note: ({ group, keyId, reason, count, sample }) => {
      const lastAt = new Date(clock.now());
      merge({ group, keyId: keyId ?? "", reason, count, lastAt, lastSample: readableSample(sample) }, true);
      void flushLater();
    },
    list: async ({ group }) => {
      // What was just rejected is looked for at once.
      await flush();
      const rows = await listRejections(kysely, { group, limit: listMax });
      return {
        items: rows.map(({ keyId, lastAt, ...row }) => ({
          ...row,
          keyId: keyId === "" ? null : keyId,
          lastAt: lastAt.toISOString(),
        })),
      };
    },
    flush,
    forgetOld: () => forgetRejections(kysely, new Date(clock.now() - keptMs)),
    close: async () => {
      closing.abort();
      await flush();
    },
  };
}

/** Direction marks and controls could make a console show something else than what was sent. */
function readableSample(text: string): string {
  return text
    .slice(0, sampleCharactersMax)
    .toWellFormed()
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
