/**
 * The scheduler that runs integrations: turns, leases, time limits, retries, and what else is to be done now and then. It
 * never talks to AWS itself and knows no type of integration. Invariants: an integration never runs twice at a time, over any
 * number of workers; a dead worker's run is recorded as abandoned and moves on; a slow integration delays no other.
 */
export {
  type Chore,
  type Collector,
  type CollectorDeps,
  type CollectorOptions,
  createCollector,
} from "./collector.ts";
export type { Observers, RunObservation } from "./runner.ts";
