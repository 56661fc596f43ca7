import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { AppError } from "../../src/base/index.ts";
import type {
  AccessQuestion,
  Principal,
  TrailEventInput,
  TrailEventResult,
  TrailRecorder,
} from "../../src/contract/index.ts";
import type { Tables } from "../../src/db/index.ts";
import type { BearerOutcome } from "../../src/identity/index.ts";
import {
  type Admission,
  createIngest,
  type IngestAnswer,
  type IngestHead,
  type IngestObservation,
  type IngestOptions,
  type MissingTargets,
} from "../../src/ingest/index.ts";
import type { LogGroupEntry, LogStreamEntry } from "../../src/logs/index.ts";
import { unknownKey, verifySigV4 } from "../../src/protocols/index.ts";
import type { EncodedLogEvents, LogEvents } from "../../src/telemetry/index.ts";
import { quietLog } from "./quiet-log.ts";
import { createSettableClock } from "./settable-clock.ts";

export const now = 1_790_000_000_000;
export const goodKey = "ACWLgood";
export const otherKey = "ACWLother";
export const accessKey = { id: "AKIATESTTESTTESTTEST", secret: "secret-access-key" };

export interface StoredEvent {
  readonly timestampMs: number;
  readonly message: string;
}
export interface StoredRequest {
  readonly streamId: number;
  readonly idempotencyKey: bigint;
  readonly entity: string | undefined;
  readonly events: readonly StoredEvent[];
}

export const ingestOptions: IngestOptions = {
  memoryBytesMax: 64 * 2 ** 20,
  requestsPerSecond: 0,
  requestBytesMax: 2 ** 20,
  eventBytesMax: 2 ** 18,
  hlcMessage: "object",
  hecDefaultGroup: undefined,
  hecDefaultStream: undefined,
  hecQueryToken: false,
  strictAudit: false,
};

const principalOf = (name: string, kind: "api-key" | "sigv4", id: string): Principal => ({
  kind: "user",
  id: `AIDA${name}`,
  name,
  arn: `arn:aws:iam::000000000000:user/${name}`,
  accountId: "000000000000",
  policies: [],
  proof: { kind, id },
});

const bearerOutcomes: Readonly<Record<string, BearerOutcome>> = {
  [goodKey]: { ok: true, principal: principalOf("alice", "api-key", "ACCAGOOD"), credentialId: "ACCAGOOD" },
  [otherKey]: { ok: true, principal: principalOf("bob", "api-key", "ACCAOTHER"), credentialId: "ACCAOTHER" },
  ...Object.fromEntries(
    (["other-service", "inactive", "expired"] as const).map((reason): [string, BearerOutcome] => [
      `ACWL${reason}`,
      { ok: false, reason, principal: principalOf("alice", "api-key", "ACCABAD"), credentialId: "ACCABAD" },
    ]),
  ),
};

/** The intake with everything around it made of memory; what its parts were asked and told is in the result. */
export function createWorld(
  options: Partial<IngestOptions> & {
    /** Actions and resources that policies deny. */
    denied?: readonly string[];
    missingTargets?: boolean;
    retentionDays?: number;
    bearerEnabled?: boolean;
  } = {},
) {
  const {
    denied = [],
    missingTargets = false,
    retentionDays = null,
    bearerEnabled = true,
    ...changed
  } = options;
  const clock = createSettableClock(now);
  const stored: StoredRequest[] = [];
  const asked: string[] = [];
  const questions: AccessQuestion[] = [];
  const notes: { event: TrailEventInput; result: TrailEventResult }[] = [];
  const observed: IngestObservation[] = [];
  const arrivals: { streamId: number; first: number; last: number; ingestion: number }[] = [];
  const failures: { append?: Error; trail?: Error; directory?: Error } = {};
  /** Set to hold writes back until it resolves. */
  const gate: { open?: Promise<void> } = {};
  const lookups: bigint[][] = [];

  const group: LogGroupEntry = {
    id: 1,
    name: "/app",
    arn: "arn:aws:logs:us-east-1:000000000000:log-group:/app",
    retentionDays,
    bearerEnabled,
    class: "STANDARD",
    tags: {},
    deletedStreamIds: [],
  };
  const groups = new Map<string, LogGroupEntry>([[group.name, group]]);
  const streams = new Map<string, LogStreamEntry>([["1:main", { id: 10, name: "main" }]]);

  const pending = new Map<EncodedLogEvents, StoredRequest>();
  const logEvents: LogEvents = {
    encoder: (origin) => {
      const events: StoredEvent[] = [];
      return {
        addText: (timestampMs, message) => events.push({ timestampMs, message }),
        addBytes: (timestampMs, body, from, to) =>
          events.push({ timestampMs, message: body.toString("utf8", from, to) }),
        finish: () => {
          const encoded = { rows: Buffer.alloc(0), buffer: Buffer.alloc(0), count: events.length, origin };
          const { logStreamId: streamId, idempotencyKey = 0n, entity } = origin;
          pending.set(encoded, { streamId, idempotencyKey, entity, events });
          return encoded;
        },
      };
    },
    append: async (encoded) => {
      await gate.open;
      if (failures.append) throw failures.append;
      const request = pending.get(encoded);
      if (request) stored.push(request);
    },
    storedKeys: async (_groupId, keys) => {
      lookups.push([...keys]);
      return new Set(keys.filter((key) => stored.some((request) => request.idempotencyKey === key)));
    },
  };
  const trail: TrailRecorder = {
    begin: async (event) => {
      const note = { event, result: {} as TrailEventResult };
      notes.push(note);
      return {
        finish: async (result) => {
          note.result = result;
        },
      };
    },
    write: async (event, result) => {
      if (failures.trail) throw failures.trail;
      notes.push({ event, result });
    },
    note: (event, result) => void notes.push({ event, result }),
  };
  const makers: MissingTargets = {
    createGroup: async (name) => {
      groups.set(name, { ...group, id: groups.size + 1, name });
    },
    createStream: async (groupName, name) => {
      streams.set(`${groups.get(groupName)?.id}:${name}`, { id: 10 + streams.size, name });
    },
  };
  const ingest = createIngest({
    identity: {
      bearer: { resolve: async (token) => bearerOutcomes[token] ?? { ok: false, reason: "unknown" } },
      signatures: {
        verify: (request, { services }) =>
          verifySigV4<Principal>(request, {
            now: clock.now,
            services,
            findSecret: async (id) =>
              id === accessKey.id
                ? { secretAccessKey: accessKey.secret, principal: principalOf("carol", "sigv4", id) }
                : undefined,
          }),
        refuse: async ({ accessKeyId }) => (accessKeyId === accessKey.id ? undefined : unknownKey),
      },
      authorize: (principal, question) => {
        const { action, resource } = question;
        questions.push(question);
        asked.push(`${principal.name} ${action} ${resource}`);
        if (denied.includes(action))
          throw new AppError("access_denied", { message: `No policy allows ${action}.` });
      },
    },
    logs: {
      directory: {
        find: async (name) => {
          if (failures.directory) throw failures.directory;
          return groups.get(name);
        },
        findStream: async ({ id }, name) => streams.get(`${id}:${name}`),
        noteArrival: (streamId, arrival) => void arrivals.push({ streamId, ...arrival }),
      },
    },
    missingTargets: missingTargets ? makers : undefined,
    trail,
    telemetry: { logEvents },
    db: { kind: "embedded", kysely: silentDatabase() },
    clock,
    log: quietLog,
    accountId: "000000000000",
    region: "us-east-1",
    options: { ...ingestOptions, ...changed },
    observe: (request) => void observed.push(request),
  });
  return {
    ingest,
    clock,
    stored,
    asked,
    questions,
    notes,
    observed,
    arrivals,
    failures,
    gate,
    lookups,
    groups,
    streams,
  };
}

/** Takes every statement and finds nothing. */
function silentDatabase(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

export type World = ReturnType<typeof createWorld>;

export interface Sent {
  readonly path: string;
  readonly body?: string | Buffer;
  readonly method?: string;
  readonly query?: string;
  /** Null leaves out one of the usual headers. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** As if the body came in chunks. */
  readonly chunked?: boolean;
}

export function headOf({
  path,
  body = "",
  method = "POST",
  query = "",
  headers = {},
  chunked,
}: Sent): IngestHead {
  const usual = {
    authorization: `Bearer ${goodKey}`,
    "content-type": "application/json",
    "x-aws-log-group": "/app",
    "x-aws-log-stream": "main",
    "user-agent": "test",
  };
  const all = Object.entries({ ...usual, ...headers }).filter(([, value]) => value !== null);
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(all) as Record<string, string>,
    address: "192.0.2.7",
    secure: false,
    requestId: "request-1",
    ...(chunked ? {} : { contentLength: Buffer.byteLength(body) }),
  };
}

/** Sends as the carrier does: admits, hands over the body, gives the memory back. */
export async function send({ ingest }: Pick<World, "ingest">, sent: Sent): Promise<IngestAnswer> {
  const decision = await ingest.admit(headOf(sent));
  if (!isAdmission(decision)) return decision;
  try {
    return await decision.accept(Buffer.from(sent.body ?? ""));
  } finally {
    decision.release();
  }
}

export function isAdmission(decision: Admission | IngestAnswer): decision is Admission {
  return "needsBody" in decision;
}

export function bodyOf(answer: IngestAnswer): unknown {
  return JSON.parse(typeof answer.body === "string" ? answer.body : Buffer.from(answer.body).toString());
}
