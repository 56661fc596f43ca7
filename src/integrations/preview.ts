import { AppError } from "../base/index.ts";
import type { IntegrationPreview, IntegrationPreviewInput } from "../contract/index.ts";
import { previewAccounts } from "./accounts/preview.ts";
import { getLive } from "./changes.ts";
import { type AwsSession, openSession, TimeoutError, timedOut, withinTime } from "./connection.ts";
import type { IntegrationsDeps } from "./dependencies.ts";
import { validationFailed } from "./read-input.ts";
import type { IntegrationSettings } from "./records.ts";
import { checkConnection, readChecked, rejection } from "./saving.ts";
import type { SpendingLedger } from "./spending/spending.ts";
import type { PreviewContext } from "./types/integration-type.ts";

/** Clients wait for the answer. A page that hangs takes what is left after the last one was asked for. */
const previewTimeoutMs = 15_000;
const lastPageAfterMs = 10_000;

/** As a creation or a change up to the point of saving: the same checks and refusals. */
export async function preview(
  deps: IntegrationsDeps,
  spending: Pick<SpendingLedger, "noteCall">,
  { id, ...input }: IntegrationPreviewInput,
): Promise<IntegrationPreview> {
  const stored = id ? await getLive(deps.db.kysely, id) : undefined;
  const read = await readChecked(deps, { ...input, name: input.name || "Preview" }, stored);
  const unusable = await checkConnection(deps, read, false);
  if (unusable !== null) throw validationFailed([{ path: "cloudWatch.baseCredentials", message: unusable }]);
  return lookAtAws(deps, spending, read.settings, (context) =>
    read.type.preview({ ...context, integration: read.settings }),
  );
}

/** Asks AWS what there is, as long as a client would wait. What it costs is noted under the credential. */
export async function lookAtAws<T>(
  deps: IntegrationsDeps,
  spending: Pick<SpendingLedger, "noteCall">,
  settings: IntegrationSettings,
  look: (context: Omit<PreviewContext, "integration">) => Promise<T>,
): Promise<T> {
  const { clock, classify } = deps;
  const lastPageAt = clock.now() + lastPageAfterMs;
  try {
    const counted = (opened: AwsSession) => opened.withAccounting((call) => spending.noteCall(call));
    const session = counted(await openSession(deps.credentials, settings));
    return await withinTime(clock, previewTimeoutMs, async (signal) => {
      const accounts = await previewAccounts(deps, settings, { session, counted, signal });
      return look({ session, accounts, clock, signal, classify, lastPageAt });
    });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw rejection(error instanceof TimeoutError ? timedOut : classify(error));
  }
}
