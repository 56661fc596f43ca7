import type { Log } from "../../base/index.ts";
import type { TrailEventInput, TrailEventResult, TrailRecorder } from "../../contract/index.ts";

/** How the outcome of a call is written down. */
export interface OutcomeWords<T> {
  result(value: T): TrailEventResult;
  failure(error: unknown): TrailEventResult;
}

/**
 * Does what changes something, with its intent on disk before and its outcome after. When the intent cannot be
 * written nothing is done, and the error of the trail is thrown. An outcome that cannot be written changes nothing for
 * the caller: what happened has happened, and the record of the intent stands.
 */
export async function recordChange<T>(
  { trail, log }: { readonly trail: TrailRecorder; readonly log: Log },
  event: TrailEventInput,
  words: OutcomeWords<T>,
  change: () => Promise<T>,
): Promise<T> {
  const record = await trail.begin(event);
  const finish = (result: TrailEventResult) =>
    record.finish(result).catch((error: unknown) => {
      const { requestId, eventName } = event;
      log.error("The outcome of a call is missing in the audit trail.", { requestId, eventName, error });
    });
  try {
    const value = await change();
    await finish(words.result(value));
    return value;
  } catch (error) {
    await finish(words.failure(error));
    throw error;
  }
}

/** Does what changes nothing, and records it before anybody sees its result. */
export async function recordRead<T>(
  trail: TrailRecorder,
  event: TrailEventInput,
  words: OutcomeWords<T>,
  read: () => Promise<T>,
): Promise<T> {
  const outcome = await read().then(
    (value) => ({ ok: true, value }) as const,
    (error: unknown) => ({ ok: false, error }) as const,
  );
  await trail.write(event, outcome.ok ? words.result(outcome.value) : words.failure(outcome.error));
  if (outcome.ok) return outcome.value;
  throw outcome.error;
}
