import { AppError } from "../base/index.ts";
import type { CloudIntegration } from "../contract/index.ts";
import { conflict, notFound, touched } from "./changes.ts";
import type { Caller, IntegrationsDeps } from "./dependencies.ts";
import { date, deleteIntegration, findIntegration, replaceIntegration } from "./integration-queries.ts";
import type { IntegrationRecord } from "./records.ts";
import { toWire } from "./wire.ts";

/** Changes a state unless it is so already; a change by somebody else in between is read again, five times at most. */
async function changeState(
  deps: IntegrationsDeps,
  id: string,
  caller: Caller,
  change: (stored: IntegrationRecord) => Partial<IntegrationRecord> | undefined,
): Promise<CloudIntegration> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const stored = await findIntegration(deps.db.kysely, id);
    if (!stored) throw notFound();
    const changes = change(stored);
    if (changes === undefined) return toWire(stored);
    const next = { ...stored, ...touched(stored, caller, deps.clock.now()), ...changes };
    const saved = await replaceIntegration(deps.db.kysely, stored, {
      disabled: next.disabled,
      disabled_by_error: next.disabledByError,
      trashed_at: date(next.trashedAt),
      next_run_at: date(next.nextRunAt),
      consecutive_failures: next.consecutiveFailures,
      updated_at: new Date(next.updatedAt),
      updated_by: next.updatedBy,
    });
    if (saved) return toWire(next);
  }
  throw conflict();
}

export function enable(deps: IntegrationsDeps, id: string, caller: Caller): Promise<CloudIntegration> {
  return changeState(deps, id, caller, (stored) => {
    if (stored.trashedAt !== null) throw notFound();
    if (!stored.disabled) return undefined;
    return { disabled: false, disabledByError: false, consecutiveFailures: 0, nextRunAt: deps.clock.now() };
  });
}

export function disable(deps: IntegrationsDeps, id: string, caller: Caller): Promise<CloudIntegration> {
  return changeState(deps, id, caller, (stored) => {
    if (stored.trashedAt !== null) throw notFound();
    if (stored.disabled) return undefined;
    return { disabled: true, disabledByError: false, nextRunAt: null };
  });
}

export function undelete(deps: IntegrationsDeps, id: string, caller: Caller): Promise<CloudIntegration> {
  return changeState(deps, id, caller, (stored) => {
    if (stored.trashedAt === null) {
      throw new AppError("validation_failed", { message: "The cloud integration is not in the trash." });
    }
    return { trashedAt: null, nextRunAt: stored.disabled ? null : deps.clock.now() };
  });
}

export async function remove(
  deps: IntegrationsDeps,
  id: string,
  { skipTrash }: { skipTrash: boolean },
  caller: Caller,
): Promise<CloudIntegration> {
  const stored = await findIntegration(deps.db.kysely, id);
  if (!stored) throw notFound();
  if (stored.trashedAt === null && !skipTrash) {
    const now = deps.clock.now();
    return changeState(deps, id, caller, ({ trashedAt }) =>
      trashedAt === null ? { trashedAt: now, nextRunAt: null } : undefined,
    );
  }
  await deleteIntegration(deps.db.kysely, id);
  return { ...toWire(stored), inTrash: false, deleted: true };
}
