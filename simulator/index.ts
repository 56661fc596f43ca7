/**
 * A simulated AWS for the demo, the tests and the benchmarks: real clients speak to it over HTTP, and it checks
 * their signatures, trust policies and permissions as AWS would. It stores nothing: resources, values and costs are
 * functions of a seed and of time. It never makes a connection, and nothing of the product imports it.
 */
export type { Accounts, KeyPair, SimulatedAccount, SimulatedRole } from "./accounts.ts";
export type { NoAnswer } from "./answer.ts";
export type { Bill } from "./bill.ts";
export type { Call, Calls } from "./calls.ts";
export type { FaultKind, FaultRule, Faults } from "./faults.ts";
export { type Quotas, usualQuotas } from "./quotas.ts";
export { type RunningSimulator, startSimulator } from "./server.ts";
export { type DelayBand, type LatePoints, settledAfterMs, usualLatePoints } from "./signals/lateness.ts";
export type { Turnover } from "./signals/turnover.ts";
export {
  createSimulator,
  type Seeded,
  type Simulator,
  type SimulatorOptions,
} from "./simulator.ts";
export type { TruePoint, TrueSeries } from "./truth.ts";
