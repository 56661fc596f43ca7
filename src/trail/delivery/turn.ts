import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Kysely, Updateable } from "kysely";
import { AppError, type Clock, type Log, type Random } from "../../base/index.ts";
import type { Tables } from "../../db/index.ts";
import type { FedTrailEvent, TrailEvents, TrailFeedPlace } from "../../telemetry/index.ts";
import { type RecordOrigin, withUnknownOutcome } from "../record.ts";
import { type CompiledSelection, compileSelection, type SelectableRecord } from "../selectors/compile.ts";
import { defaultSelection } from "../selectors/selection.ts";
import { claimTrail, recordDelivery, type TrailRecord } from "../trails-queries.ts";
import type { Buckets } from "./buckets.ts";
import { objectKey } from "./object-key.ts";
import { endOf, type FeedKind, isPaused, nextStretch } from "./stretches.ts";

export interface TurnDeps {
  readonly db: { readonly kysely: Kysely<Tables> };
  readonly events: Pick<TrailEvents, "readFeed">;
  readonly buckets: Buckets;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly origin: RecordOrigin;
}

/** What one file holds at most; a page is read whole into memory. */
const recordsMax = 20_000;
const bytesMax = 10 * 2 ** 20;
/** Longer than reading, packing and writing one file takes. */
const leaseMs = 90_000;
/** After this a trail makes room for others, and goes on at its next turn. */
const turnMs = 60_000;
/** Records that are looked at before others get their turn at the processor. */
const recordsAtOnce = 500;

const pack = promisify(gzip);

/** Thrown when another process delivers, or the trail is gone. */
class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** Thrown when a bucket did not take a file. */
class NotDelivered extends Error {
  override readonly name = "NotDelivered";
}

/**
 * One turn at a trail: takes its lease, delivers what is due, remembers after each file how far it came, and gives the lease
 * back. A turn that dies loses nothing: the next one repeats its last file at most.
 */
export async function takeTurn(deps: TurnDeps, name: string): Promise<void> {
  const { db, clock, random, log } = deps;
  const holder = random.uuid();
  const nowMs = clock.now();
  const trail = await claimTrail(db.kysely, name, { holder, nowMs, untilMs: nowMs + leaseMs });
  if (!trail) return;
  const record = async (values: Updateable<Tables["trails"]>) => {
    const lease = { lease_until: new Date(clock.now() + leaseMs) };
    if (!(await recordDelivery(db.kysely, name, holder, { ...lease, ...values }))) throw new LeaseLost();
  };
  const selection = compileSelection(trail.selection ?? defaultSelection, trail);
  const turn = { ...deps, trail, selection, nowMs, endAt: clock.monotonic() + turnMs, record };
  const failure: Updateable<Tables["trails"]> = {};
  try {
    await deliverDue(turn);
  } catch (error) {
    if (error instanceof LeaseLost) return;
    log.warn("A trail could not be delivered; it is tried again.", { trail: name, error });
    if (error instanceof NotDelivered) {
      failure.attempted_at = new Date(clock.now());
      failure.delivery_error = error.message;
    }
  }
  await recordDelivery(db.kysely, name, holder, { ...failure, leased_by: null, lease_until: null });
}

interface Turn extends TurnDeps {
  readonly trail: TrailRecord;
  readonly selection: CompiledSelection;
  readonly nowMs: number;
  readonly endAt: number;
  readonly record: (values: Updateable<Tables["trails"]>) => Promise<void>;
}

async function deliverDue(turn: Turn): Promise<void> {
  if (!turn.trail.position) return;
  const position = { ...turn.trail.position };
  for (const kind of ["outcomes", "open"] as const) {
    const stretch = nextStretch(turn.trail, kind, turn.nowMs);
    if (!stretch) continue;
    let behind: TrailFeedPlace | undefined = stretch.behind;
    while (behind && turn.clock.monotonic() < turn.endAt) {
      const page = await readPage(turn, kind, { behind, upToMs: stretch.upToMs });
      const delivered = await putFile(turn, await chooseRecords(turn, kind, page.events));
      behind = page.next;
      position[kind] = behind ?? endOf(stretch.upToMs);
      await turn.record({ position: JSON.stringify(position), ...delivered });
    }
  }
}

function readPage(
  { events, selection }: Turn,
  kind: FeedKind,
  stretch: { behind: TrailFeedPlace; upToMs: number },
) {
  if (selection.categories.length === 0) return { events: [], next: undefined };
  return events.readFeed({
    kind,
    categories: selection.categories,
    ...stretch,
    rowsMax: recordsMax,
    bytesMax,
  });
}

async function chooseRecords(
  { trail, selection }: Turn,
  kind: FeedKind,
  events: readonly FedTrailEvent[],
): Promise<string[]> {
  const chosen: string[] = [];
  for (const [index, event] of events.entries()) {
    if (index % recordsAtOnce === recordsAtOnce - 1) await setImmediate();
    if (isPaused(trail.pauses, event)) continue;
    if (!selection.wants(JSON.parse(event.record) as SelectableRecord)) continue;
    chosen.push(kind === "open" ? withUnknownOutcome(event.record) : event.record);
  }
  return chosen;
}

/** The columns that tell of the delivery; none when there was nothing to deliver. */
async function putFile(turn: Turn, records: readonly string[]): Promise<Updateable<Tables["trails"]>> {
  if (records.length === 0) return {};
  const { buckets, trail, clock, random, origin } = turn;
  const key = objectKey(trail.prefix, clock.now(), origin, random);
  const body = await pack(`{"Records":[${records.join(",")}]}`);
  try {
    await buckets.put(trail.bucket, key, body);
  } catch (error) {
    throw new NotDelivered(describeFailure(error), { cause: error });
  }
  const at = new Date(clock.now());
  return { attempted_at: at, delivered_at: at, delivery_error: null };
}

/** Callers may read it, so it names no path. */
export function describeFailure(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return "The file could not be written.";
  return `${reasons[code] ?? "The file could not be written."} (${code})`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "The disk of the bucket is full.",
  EDQUOT: "The disk quota of the bucket is used up.",
  EACCES: "The folder of the bucket does not let the server write.",
  EPERM: "The folder of the bucket does not let the server write.",
  EROFS: "The disk of the bucket is read-only.",
  EIO: "The disk of the bucket fails.",
  ENOTDIR: "A part of the path in the bucket is a file, not a folder.",
};
