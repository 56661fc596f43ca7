import { AppError, type Log } from "../../base/index.ts";
import type { TrailRecorder } from "../../contract/index.ts";
import { ProtocolError } from "../../protocols/index.ts";
import { recordChange, recordRead } from "../audit/recording.ts";
import type { EndpointIdentity } from "../endpoint-services.ts";
import type { AwsInvocation } from "./aws-invocation.ts";
import { outcomeWordsOf, trailEventOf } from "./aws-record.ts";

export interface InvocationDeps {
  readonly identity: Pick<EndpointIdentity, "authorize">;
  readonly trail: TrailRecorder;
  readonly log: Log;
}

/** Asks whether the call is allowed, makes it, and records it as its kind demands. */
export async function invoke(invocation: AwsInvocation, deps: InvocationDeps): Promise<object> {
  const { served, input, call, tlsDetails } = invocation;
  const handle = async () => served.handle(input as never, call);
  if (served.audit === "none") {
    await authorize(invocation, deps);
    return handle();
  }
  const event = await trailEventOf(invocation, tlsDetails);
  const words = outcomeWordsOf(invocation);
  try {
    await authorize(invocation, deps);
  } catch (error) {
    if (isRefusal(error)) await deps.trail.write(event, words.failure(error));
    throw error;
  }
  return served.readOnly
    ? recordRead(deps.trail, event, words, handle)
    : recordChange(deps, event, words, handle);
}

async function authorize(
  { served, input, call, facts }: AwsInvocation,
  { identity }: InvocationDeps,
): Promise<void> {
  for (const question of await served.access(input as never, call))
    await identity.authorize(call.principal, question, facts);
}

/** The caller's to know and the trail's to keep; trouble of ours is neither. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProtocolError || (error instanceof AppError && error.code === "access_denied");
}
