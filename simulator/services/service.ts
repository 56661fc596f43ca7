import type { Accounts, SimulatedPrincipal } from "../accounts.ts";
import type { Calls } from "../calls.ts";
import type { ActiveFault } from "../faults.ts";
import type { LatePoints } from "../signals/lateness.ts";
import type { World } from "../world.ts";

/** What a handler may look at. */
export interface CallContext {
  /** Undefined only for the calls that STS accepts unsigned. */
  readonly principal: SimulatedPrincipal | undefined;
  readonly region: string;
  /** Simulated wall clock in milliseconds. */
  readonly nowMs: number;
  readonly accounts: Accounts;
  readonly world: World;
  /** Undefined when every point arrives complete and on time. */
  readonly late: LatePoints | undefined;
  /** A new metric is listed so long after its first point at the latest. */
  readonly listingDelayMs: number;
  readonly calls: Calls;
  /** A fault that the handler itself acts out, such as an answer with missing data. */
  readonly fault: ActiveFault | undefined;
  /** Upper bound of session lives, to watch clients refresh; undefined for none. */
  readonly sessionSecondsMax: number | undefined;
}

/** One operation: checked input in, output out; refusals are thrown as ProtocolError. */
export type Handler = (input: Readonly<Record<string, unknown>>, context: CallContext) => object;

export interface SimulatedService {
  readonly handlers: Readonly<Record<string, Handler>>;
}

/** Gives a handler the SDK's own types for its input and output; the decoder has checked the input against the same model. */
export function handler<Input extends object, Output extends object>(
  handle: (input: Input, context: CallContext) => Omit<Output, "$metadata">,
): Handler {
  return (input, context) => handle(input as Input, context);
}

/** The account that is called: that of the signer. */
export function accountOf(context: CallContext): string {
  if (!context.principal) throw new Error("A handler without a signer asked for its account.");
  return context.principal.accountId;
}
