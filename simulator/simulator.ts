import { type Clock, type Log, type Random, systemClock, systemRandom } from "../src/base/index.ts";
import type { WireRequest, WireResponse } from "../src/protocols/index.ts";
import { type Accounts, createAccounts, type KeyPair } from "./accounts.ts";
import { answerCall, type NoAnswer, type SimulatedAws } from "./answer.ts";
import { type Bill, billOf } from "./bill.ts";
import { createCalls } from "./calls.ts";
import { createFaults } from "./faults.ts";
import { createQuotaGuard, type Quotas } from "./quotas.ts";
import { checkLatePoints, type LatePoints } from "./signals/lateness.ts";
import { checkTurnover, type Turnover } from "./signals/turnover.ts";
import { type TruePoint, type TrueSeries, truthOf } from "./truth.ts";
import { createWorld } from "./world.ts";

export interface SimulatorOptions {
  /** Decides keys, resources and every value; the same seed gives the same AWS. */
  readonly seed?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Regions in which the accounts own something; the first one also has the bill. */
  readonly regions?: readonly string[];
  /** External IDs that the production role demands at first; change them with `accounts.setExternalIds`. */
  readonly externalIds?: readonly string[];
  /** Raises the number of metrics of a full account, over all its regions, for load tests. */
  readonly metricsPerAccount?: number;
  /** Hosts that are born and die in the first region of a full account; none without it. */
  readonly turnover?: Turnover;
  /** How long after its first point a new metric is listed at the latest: 15 minutes unless given. */
  readonly listingDelayMs?: number;
  /** Lets points arrive late or too low at first, the same ones for the same seed; without it none do. */
  readonly latePoints?: LatePoints;
  /** Throttles CloudWatch by calls and estimated points a second; without it nothing is throttled. */
  readonly quotas?: Quotas;
  readonly log?: Log;
}

export interface Simulator extends SimulatedAws {
  /** What a client needs to begin: the operator's user and key, and the roles that it may assume. */
  readonly seeded: Seeded;
  /** Moves the simulated AWS's clock, and with it the Date header and the check of signatures. */
  clockOffsetMs: number;
  /** Shortens sessions that are opened from now on. */
  sessionSecondsMax: number | undefined;
  /** What CloudWatch charges for the calls since they were last reset. */
  bill(): Bill;
  /** What a series will be once every point has arrived. */
  truth(series: TrueSeries, fromMs: number, toMs: number): readonly TruePoint[];
  handle(request: WireRequest): Promise<WireResponse | NoAnswer>;
}

const usualListingDelayMs = 15 * 60_000;

export interface Seeded extends KeyPair {
  readonly userArn: string;
  readonly operatorAccountId: string;
  readonly productionAccountId: string;
  /** Demands one of `externalIds`. */
  readonly roleArn: string;
  readonly externalIds: readonly string[];
  /** Trusts the user without asking for an external ID: the confused deputy's door. */
  readonly openRoleArn: string;
  /** Takes web identity tokens with this subject and audience. */
  readonly webIdentityRoleArn: string;
  readonly webIdentity: { readonly subject: string; readonly audience: string };
}

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  if (options.latePoints) checkLatePoints(options.latePoints);
  if (options.turnover) checkTurnover(options.turnover);
  const seed = options.seed ?? 1;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const accounts = createAccounts({ seed, random });
  const seeded = seedAccounts(accounts, options.externalIds ?? ["nephoscope-demo-external-id"]);
  const calls = createCalls();
  const faults = createFaults(seed);
  const world = createWorld({
    seed,
    regions: options.regions ?? ["us-east-1", "eu-west-1"],
    accounts,
    startedAtMs: clock.now(),
    metricsPerAccount: options.metricsPerAccount,
    turnover: options.turnover,
  });
  const simulator: Simulator = {
    accounts,
    faults,
    calls,
    world,
    late: options.latePoints,
    listingDelayMs: options.listingDelayMs ?? usualListingDelayMs,
    quotas: options.quotas && createQuotaGuard(options.quotas),
    seeded,
    clockOffsetMs: 0,
    sessionSecondsMax: undefined,
    now: () => clock.now() + simulator.clockOffsetMs,
    bill: () => billOf(calls),
    truth: (series, fromMs, toMs) => truthOf(world, series, fromMs, toMs),
    handle: (request) => answerCall({ simulator, clock, random, log: options.log }, request),
  };
  return simulator;
}

const operatorAccountId = "111111111111";
const productionAccountId = "222222222222";
const carelessAccountId = "333333333333";

function seedAccounts(accounts: Accounts, externalIds: readonly string[]): Seeded {
  accounts.addAccount({ id: operatorAccountId, alias: "acme-operations", size: "small" });
  accounts.addAccount({ id: productionAccountId, alias: "acme-production", size: "full" });
  accounts.addAccount({ id: carelessAccountId, alias: "acme-sandbox", size: "small" });
  const userArn = accounts.addUser({ accountId: operatorAccountId, name: "nephoscope" });
  const webIdentity = {
    subject: "system:serviceaccount:monitoring:nephoscope",
    audience: "sts.amazonaws.com",
  };
  return {
    ...accounts.addAccessKey(userArn),
    userArn,
    operatorAccountId,
    productionAccountId,
    externalIds,
    roleArn: accounts.addRole({
      accountId: productionAccountId,
      name: "NephoscopeRead",
      principals: [userArn],
      externalIds,
      sessionSecondsMax: 43_200,
    }),
    openRoleArn: accounts.addRole({
      accountId: carelessAccountId,
      name: "OpenRead",
      principals: [`arn:aws:iam::${operatorAccountId}:root`],
    }),
    webIdentityRoleArn: accounts.addRole({
      accountId: productionAccountId,
      name: "NephoscopeWebIdentity",
      principals: [],
      webIdentity,
    }),
    webIdentity,
  };
}
