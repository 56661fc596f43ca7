/**
 * The way of log events from a request to the store: who may send them where, what they say in each format, which are too old,
 * and what the sender is told. It knows neither sockets nor SQL of events, and keeps no event after its answer. Invariants: a
 * request is stored as a whole or not at all; what is answered with 200 and not counted as rejected is on disk; what does not
 * fit into memory is refused before it is read; no answer repeats a key.
 */
export type { IngestAnswer } from "./answers/answer.ts";
export type { IngestHead } from "./call.ts";
export type {
  IngestDeps,
  IngestIdentity,
  IngestObservation,
  IngestOptions,
  MissingTargets,
} from "./dependencies.ts";
export { type Admission, createIngest, type Ingest } from "./ingest.ts";
