import type { BearerOutcome } from "../identity/index.ts";
import { isFailure, parseAuthorization, type SigV4Failure, sigV4Error } from "../protocols/index.ts";
import { createKeyAudit, type KeyUse } from "./audit.ts";
import { type Call, wireRequest } from "./call.ts";
import { readCredentials, type ShownCredentials } from "./credentials.ts";
import type { IngestDeps } from "./dependencies.ts";
import { type Asker, createDestinations, type Destination } from "./destination.ts";
import { IngestRefusal, type RefusalKind, toRefusal } from "./refusal.ts";
import { readTarget, type Target } from "./target.ts";

/** Who may send where it wants to. */
export interface Sender {
  readonly destination: Destination;
  /** Of the API key or the access key. */
  readonly credentialId: string;
  /** Null when a signature proved the caller. */
  readonly keyId: string | null;
}

/** A caller whose head was good; a signature is only known to be good with the body. */
export interface AdmittedSender {
  /** Whose share of memory the request takes. */
  readonly holder: string;
  /** Splunk never looks at the media type, and its own examples send that of a form. */
  readonly anyMediaType: boolean;
  /** Where a key proved the caller: what `locate` will give. */
  readonly known?: Sender;
  locate(wire: Buffer): Promise<Sender>;
}

/** Throws IngestRefusal for who may not send, in AWS's order: who it is, where to, whether it may, whether that exists. */
export type AdmitSender = (call: Call) => Promise<AdmittedSender>;

const noBody = Buffer.alloc(0);
const services = ["logs"];

export function createSenders(deps: Omit<IngestDeps, "telemetry" | "db" | "observe">): AdmitSender {
  const { identity, options, clock } = deps;
  const destinations = createDestinations(deps);
  const audit = createKeyAudit({
    recorder: deps.trail,
    now: () => clock.now(),
    groupArn: destinations.groupArn,
    strict: options.strictAudit,
  });
  const targetOf = ({ endpoint, head, query }: Call): Target =>
    readTarget(
      endpoint,
      { headers: head.headers, query },
      { group: options.hecDefaultGroup, stream: options.hecDefaultStream },
    );

  const admitKey = async (
    call: Call,
    { token, byAgentOfSplunk }: Extract<ShownCredentials, { kind: "bearer" }>,
  ): Promise<AdmittedSender> => {
    const outcome = await identity.bearer.resolve(token);
    if (!outcome.ok && outcome.reason === "unknown") throw unknownKey;
    const { principal, credentialId } = outcome;
    const asker: Asker = { principal, facts: call.facts, requestId: call.head.requestId };
    // Read before it is used, so that the record of a key that is refused names it too.
    const target = refusalOr(() => targetOf(call));
    const use: KeyUse = {
      principal,
      target: target instanceof IngestRefusal ? undefined : target,
      path: call.endpoint.path,
      sourceIp: call.facts.sourceIp,
      userAgent: call.facts.userAgent,
      requestId: call.head.requestId,
    };
    const decide = async (): Promise<Destination> => {
      if (!outcome.ok) throw unusable(outcome.reason);
      if (target instanceof IngestRefusal) throw target;
      await destinations.authorize(asker, target, ["logs:CallWithBearerToken", "logs:PutLogEvents"]);
      const destination = await destinations.find(asker, target);
      if (!destination.group.bearerEnabled)
        throw new IngestRefusal(
          "bearer_disabled",
          "API keys are not allowed for this log group: enable it with PutBearerTokenAuthentication.",
        );
      return destination;
    };
    const destination = await decide().catch(async (error) => {
      await audit.recordRefused(use, error);
      throw error;
    });
    await audit.record(use);
    const known = { destination, credentialId, keyId: credentialId };
    return { holder: credentialId, anyMediaType: byAgentOfSplunk, known, locate: async () => known };
  };

  /** The hash of the body is signed, so what can be known without it is checked before it is read. */
  const admitSigned = async (call: Call): Promise<AdmittedSender> => {
    const authorization = parseAuthorization(wireRequest(call.head, noBody));
    if (isFailure(authorization)) throw signatureRefusal(authorization);
    const failure = await identity.signatures.refuse(authorization);
    if (failure) throw signatureRefusal(failure);
    const target = targetOf(call);
    return {
      // The id of a key is no secret: whoever knows it must not take the share of its owner.
      holder: `address ${call.head.address}`,
      anyMediaType: false,
      locate: async (wire) => {
        const outcome = await identity.signatures.verify(wireRequest(call.head, wire), { services });
        if (!outcome.ok) throw signatureRefusal(outcome.failure);
        const { principal, accessKeyId } = outcome.identity;
        const asker: Asker = { principal, facts: call.facts, requestId: call.head.requestId };
        await destinations.authorize(asker, target, ["logs:PutLogEvents"]);
        const destination = await destinations.find(asker, target);
        return { destination, credentialId: accessKeyId, keyId: null };
      },
    };
  };
  return async (call) => {
    const { endpoint, head, query } = call;
    const shown = readCredentials(
      { authorization: head.headers.authorization, query },
      { hec: endpoint.hec, queryToken: options.hecQueryToken },
    );
    return shown.kind === "bearer" ? admitKey(call, shown) : admitSigned(call);
  };
}

/** Made once: it is thrown thousands of times a second when somebody floods, and a stack costs more than the look at the key. */
const unknownKey = new IngestRefusal("key_unknown", "The API key is not valid.");

function refusalOr<T>(read: () => T): T | IngestRefusal {
  try {
    return read();
  } catch (error) {
    return toRefusal(error);
  }
}

type Unusable = Exclude<Extract<BearerOutcome, { ok: false }>["reason"], "unknown">;

function unusable(reason: Unusable): IngestRefusal {
  const [kind, message] = unusableKeys[reason];
  return new IngestRefusal(kind, message);
}

const unusableKeys: Readonly<Record<Unusable, readonly [RefusalKind, string]>> = {
  "other-service": ["key_of_other_service", "The key is for another service than logs.amazonaws.com."],
  inactive: ["key_inactive", "The API key is inactive."],
  expired: ["key_expired", "The API key has expired."],
};

/** Here the status is 401 or 403, where the service's other calls answer 400. */
function signatureRefusal(failure: SigV4Failure): IngestRefusal {
  const isMalformed = failure.reason === "missing" || failure.reason === "incomplete";
  // The texts of these name what was sent, and a header that cannot be read may hold anything.
  const message = isMalformed
    ? "The Authorization header is not a complete Signature Version 4."
    : failure.message;
  return new IngestRefusal(isMalformed ? "authorization_malformed" : "signature_rejected", message, {
    aws: sigV4Error("json", failure).code,
  });
}
