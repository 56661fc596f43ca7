import type { IngestAnswer } from "./answers/answer.ts";
import { splunkAnswers, splunkHealth } from "./answers/splunk.ts";
import { bodyTooLarge, type ContentEncoding, type OpenBody, openBody, readContentEncoding } from "./body.ts";
import { type Call, describeCall, type IngestHead } from "./call.ts";
import type { IngestDeps } from "./dependencies.ts";
import {
  answersElsewhere,
  type BodyType,
  type Endpoint,
  endpoints,
  ingestPaths,
  mediaTypeOf,
} from "./endpoints.ts";
import { createIdempotency, type Idempotency, readIdempotencyKey } from "./idempotency.ts";
import { createIdempotencyClaims } from "./idempotency-claims.ts";
import { createMemoryBudget, type Reservation } from "./memory-budget.ts";
import { IngestRefusal, type RefusalKind, toRefusal } from "./refusal.ts";
import { createRejections, type Rejections } from "./rejections.ts";
import { createRequestRates } from "./request-rates.ts";
import { type AdmittedSender, createSenders, type Sender } from "./senders.ts";
import { createStoring } from "./storing.ts";
import { createStrangers } from "./strangers.ts";

/** Whoever carries the bytes reads the body now, at most `maxBodyBytes` of it. */
export interface Admission {
  readonly needsBody: true;
  readonly maxBodyBytes: number;
  /** Never rejects. With 200 everything that the answer does not count as rejected is on disk. */
  accept(body: Buffer): Promise<IngestAnswer>;
  /** Counts bytes of a body whose length nobody announced, as they come. Throws what `reject` is to be told when there is no room for more. */
  hold(bytes: number): void;
  /** The answer when the body cannot be had: too long, cut off, or no room. */
  reject(error: unknown): IngestAnswer;
  /** Gives back the memory; to be called once the answer is sent, or the sender is gone. Safe to call twice. */
  release(): void;
}

export interface Ingest {
  /** Every path that is answered here, whatever the method. */
  readonly paths: readonly string[];
  /** Looks at a request before its body is read. Never rejects. */
  admit(head: IngestHead): Promise<Admission | IngestAnswer>;
  /** The answer to a request that is refused before anybody looks at it, in the words of its endpoint. */
  refuse(head: IngestHead, error: unknown): IngestAnswer;
  /** What was rejected, per group, key and reason: for the console. */
  rejections: Rejections["list"];
  /** For what else stores log events: runs the work of a request once, see Idempotency-Key. */
  once: Idempotency["run"];
  /** To be run every hour: forgets old counts and claims. */
  forgetOld(): Promise<void>;
  /** Writes counts that are still in memory. */
  close(): Promise<void>;
}

/** OTLP is bounded by what is stored; what is sent may be larger by its names and repetitions. */
const otlpSentFactor = 5;
/** A request is in memory as its body, as rows for the store, and for OTLP as text in between. */
const copies = 3;
/** Room for a body of unknown length, before the first of it has come. */
const unannouncedBytes = 65_536;

export function createIngest(deps: IngestDeps): Ingest {
  const { clock, log, options, db } = deps;
  const { logEvents } = deps.telemetry;
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  /** A slash at the end, as some agents append it, changes nothing. */
  const endpointAt = (path: string) => byPath.get(path.replace(/\/$/, ""));
  const admitSender = createSenders(deps);
  const rates = createRequestRates(clock, options.requestsPerSecond);
  const strangers = createStrangers(clock);
  const budget = createMemoryBudget(options.memoryBytesMax);
  const rejections = createRejections({ kysely: db.kysely, clock, log });
  const claims = db.kind === "server" ? createIdempotencyClaims({ kysely: db.kysely, clock }) : undefined;
  const idempotency = createIdempotency({ storedKeys: logEvents.storedKeys, claims, clock, log });
  const { noteArrival } = deps.logs.directory;
  const store = createStoring({ clock, options, logEvents, noteArrival, rejections });

  const bytesMaxOf = ({ limits }: Endpoint) =>
    limits === "stored" ? options.requestBytesMax * otlpSentFactor : options.requestBytesMax;

  const refuse = (call: Call, error: unknown, sender?: Sender): IngestAnswer => {
    const refusal = toRefusal(error);
    // A server that is full says so thousands of times a second; only trouble that somebody else caused is worth a line.
    if (refusal.spec.status >= 500 && refusal.cause)
      log[refusal.kind === "internal" ? "error" : "warn"]("A request to store log events failed.", {
        requestId: call.head.requestId,
        path: call.endpoint.path,
        error: refusal.cause,
      });
    if (sender && refusal.spec.status === 400)
      rejections.note({
        group: sender.destination.group.name,
        keyId: sender.keyId,
        reason: refusal.kind,
        count: 1,
        sample: refusal.message,
      });
    const told = call.answers.refused(refusal);
    const headers = { ...told.headers, ...(refusal.kind === "method_not_allowed" && { allow: "POST" }) };
    const answer = finish(call.head, { ...told, headers }, refusal.retryAfterMs);
    observe(call, answer.status, { refusal: refusal.kind });
    return answer;
  };
  /** For refusals that may be for want of proof. */
  const refuseLater = (call: Call, error: unknown, sender: Sender | undefined): IngestAnswer => {
    const refusal = toRefusal(error);
    const answer = refuse(call, refusal, sender);
    const tellable = strangers.answerable(call.head.address, refusal.kind);
    return tellable ? { ...answer, tellable } : answer;
  };
  const observe = (
    call: Call,
    status: number,
    told: {
      refusal?: RefusalKind;
      events?: number;
      bytes?: number;
      left?: { reason: string; count: number }[];
    },
  ) =>
    deps.observe?.({
      format: call.endpoint.format,
      status,
      events: 0,
      bytes: 0,
      left: [],
      durationMs: clock.monotonic() - call.startedAt,
      ...told,
    });

  const prepare = (call: Call, sender: AdmittedSender): Prepared => {
    const { head, endpoint } = call;
    const bytesMax = bytesMaxOf(endpoint);
    const bodyType = bodyTypeOf(call, sender);
    const encoding = readContentEncoding(head.headers["content-encoding"]);
    if ((head.contentLength ?? 0) > bytesMax) throw bodyTooLarge(bytesMax);
    const idempotencyKey = readIdempotencyKey(head.headers["idempotency-key"]);
    if (sender.known) rates.take(sender.known.credentialId);
    // Who is not known yet is lent what has come of a body, not what is announced: idle connections would hold everything.
    const lent = sender.known ? Number.POSITIVE_INFINITY : unannouncedBytes;
    let room = Math.min(head.contentLength ?? unannouncedBytes, lent);
    let received = 0;
    const reservation = budget.reserve(sender.holder, room * copies);
    const hold = (bytes: number) => {
      received += bytes;
      if (received <= room) return;
      room = Math.min(bytesMax, received * 2);
      reservation.resize(room * copies);
    };
    return { sender, bodyType, encoding, idempotencyKey, bytesMax, reservation, hold };
  };

  const accept = async (call: Call, prepared: Prepared, wire: Buffer): Promise<IngestAnswer> => {
    const { bodyType, encoding, bytesMax, reservation, idempotencyKey } = prepared;
    let sender: Sender | undefined;
    let opened: OpenBody | undefined;
    try {
      sender = await prepared.sender.locate(wire);
      if (!prepared.sender.known) rates.take(sender.credentialId);
      const makeRoom = (bytes: number) => reservation.resize(wire.length + bytes * copies);
      opened = await openBody(wire, encoding, bodyType, bytesMax, makeRoom);
      const body = opened.bytes;
      reservation.resize(encoding === "gzip" ? wire.length + body.length * copies : wire.length * copies);
      const { destination, keyId, credentialId } = sender;
      const request = { endpoint: call.endpoint, bodyType, query: call.query, destination, keyId, body };
      const storeAndAnswer = async (name?: { digest: bigint; isStored: boolean }): Promise<IngestAnswer> => {
        const result = await store(request, name);
        observe(call, 200, { events: result.accepted, bytes: result.bytes, left: [...result.left] });
        return call.answers.accepted(result.rejected);
      };
      const answer =
        idempotencyKey === undefined
          ? await storeAndAnswer()
          : await idempotency.run(
              {
                credentialId,
                groupId: destination.group.id,
                streamId: destination.stream.id,
                key: idempotencyKey,
              },
              body,
              (digest, isStored) => storeAndAnswer({ digest, isStored }),
            );
      return finish(call.head, answer);
    } catch (error) {
      return refuseLater(call, error, sender);
    } finally {
      opened?.release();
    }
  };
  return {
    paths: ingestPaths,
    admit: async (head) => {
      const endpoint = endpointAt(head.path);
      if (!endpoint) return answerHealth(head, budget.hasRoom());
      if (head.method === "OPTIONS" && endpoint.answersOptions) return answerOptions(head);
      const call = describeCall(head, endpoint, clock);
      let known: Sender | undefined;
      try {
        if (head.method !== "POST") throw usePost();
        const sender = await admitSender(call);
        known = sender.known;
        const prepared = prepare(call, sender);
        return {
          needsBody: true,
          maxBodyBytes: prepared.bytesMax,
          accept: (body) => accept(call, prepared, body),
          hold: prepared.hold,
          reject: (error) => refuse(call, error, known),
          release: prepared.reservation.release,
        };
      } catch (error) {
        return refuseLater(call, error, known);
      }
    },
    refuse: (head, error) => {
      const { kind, message, retryAfterMs } = toRefusal(error);
      // Without its cause, which is logged by whoever refuses.
      const refusal = new IngestRefusal(kind, message, retryAfterMs === undefined ? {} : { retryAfterMs });
      const endpoint = endpointAt(head.path);
      if (endpoint)
        return refuse(
          describeCall(head, endpoint, clock),
          kind === "method_not_allowed" ? usePost() : refusal,
        );
      const answers = answersElsewhere(head.path, mediaTypeOf(head.headers["content-type"]));
      return finish(head, answers.refused(refusal), refusal.retryAfterMs);
    },
    rejections: rejections.list,
    once: idempotency.run,
    forgetOld: async () => {
      await rejections.forgetOld();
      await claims?.forgetOld();
    },
    close: rejections.close,
  };
}

/** What is known of a request before its body is read. */
interface Prepared {
  readonly sender: AdmittedSender;
  readonly bodyType: BodyType;
  readonly encoding: ContentEncoding;
  readonly idempotencyKey: string | undefined;
  readonly bytesMax: number;
  readonly reservation: Reservation;
  readonly hold: (bytes: number) => void;
}

function bodyTypeOf({ endpoint, mediaType }: Call, { anyMediaType }: AdmittedSender): BodyType {
  const [first] = endpoint.bodies;
  const isFirst = anyMediaType || (mediaType === undefined && !endpoint.mediaTypeRequired);
  const type = endpoint.bodies.find((body) => body.mediaType === undefined || body.mediaType === mediaType);
  const found = isFirst ? first : type;
  if (found) return found;
  const accepted = endpoint.bodies.map((body) => body.mediaType).join(" or ");
  throw new IngestRefusal("header_invalid", `The Content-Type has to be ${accepted}.`);
}

/** Every answer names its request; a 200 says how durable the events are. */
function finish(head: IngestHead, answer: IngestAnswer, retryAfterMs?: number): IngestAnswer {
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "x-amzn-requestid": head.requestId,
      ...(answer.status === 200 && { "x-nephoscope-durability": "fsync" }),
      ...(retryAfterMs !== undefined && {
        "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))),
      }),
    },
  };
}

function usePost(): IngestRefusal {
  return new IngestRefusal("method_not_allowed", "Use POST.");
}

function answerOptions(head: IngestHead): IngestAnswer {
  return { status: 200, headers: { allow: "OPTIONS, POST", "x-amzn-requestid": head.requestId }, body: "" };
}

function answerHealth(head: IngestHead, hasRoom: boolean): IngestAnswer {
  const isAsked = head.method === "GET" || head.method === "HEAD";
  const { status, headers, body } = isAsked
    ? splunkHealth(hasRoom)
    : splunkAnswers.refused(new IngestRefusal("method_not_allowed", "Use GET."));
  return {
    status,
    headers: { ...headers, ...(!isAsked && { allow: "GET, HEAD" }), "x-amzn-requestid": head.requestId },
    body,
  };
}
