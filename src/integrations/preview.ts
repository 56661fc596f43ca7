import { AppError } from "../base/index.ts";
import type { IntegrationPreview, IntegrationPreviewInput } from "../contract/index.ts";
import { getLive } from "./changes.ts";
import { openSession, TimeoutError, timedOut, withinTime } from "./connection.ts";
import type { IntegrationsDeps } from "./dependencies.ts";
import { validationFailed } from "./read-input.ts";
import { checkConnection, readChecked, rejection } from "./saving.ts";

/** Clients wait for the answer. A page that hangs takes what is left after the last one was asked for. */
const previewTimeoutMs = 15_000;
const lastPageAfterMs = 10_000;

/** As a creation or a change up to the point of saving: the same checks and refusals. */
export async function preview(
  deps: IntegrationsDeps,
  { id, ...input }: IntegrationPreviewInput,
): Promise<IntegrationPreview> {
  const stored = id ? await getLive(deps.db.kysely, id) : undefined;
  const read = await readChecked(deps, { ...input, name: input.name || "Preview" }, stored);
  const unusable = await checkConnection(deps, read, false);
  if (unusable !== null) throw validationFailed([{ path: "cloudWatch.baseCredentials", message: unusable }]);
  const { clock, classify } = deps;
  const lastPageAt = clock.now() + lastPageAfterMs;
  try {
    const session = await openSession(deps.credentials, read.settings);
    return await withinTime(clock, previewTimeoutMs, (signal) =>
      read.type.preview({ integration: read.settings, session, clock, signal, classify, lastPageAt }),
    );
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw rejection(error instanceof TimeoutError ? timedOut : classify(error));
  }
}
