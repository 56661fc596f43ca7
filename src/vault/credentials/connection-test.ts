import {
  type Aws,
  type AwsFailure,
  type AwsIdentitySource,
  type AwsService,
  type AwsSession,
  classifyAwsError,
  probes,
} from "../../aws/index.ts";
import { alphanumerics, type Clock, type Random } from "../../base/index.ts";
import type {
  CallerIdentity,
  ConnectionTestInput,
  ConnectionTestResult,
  ConnectionTestStep,
  ProbeService,
} from "../../contract/index.ts";

export interface ConnectionTestDependencies {
  readonly aws: Pick<Aws, "openForTest">;
  readonly clock: Clock;
  readonly random: Random;
}

/** The whole test ends by then, whatever hangs; a single call ends after five seconds. */
const overallTimeoutMs = 20_000;

interface StepPlan {
  readonly id: string;
  readonly title: string;
  readonly service?: AwsService;
  readonly region?: string;
  /** Gives the sentence of a success, or a warning. Throws what AWS or the way to it threw. */
  run(): Promise<string | { warning: string; advice: string[] } | { skipped: string }>;
}

/**
 * Tries a credential from the bottom up: local rules, base credentials, base identity, each role, effective identity, then
 * one probe per service and the external-ID check at the same time. A step whose ground failed is skipped. Never throws
 * for what AWS answers; Cost Explorer is only asked when the input names it, because it costs money.
 */
export async function runConnectionTest(
  source: AwsIdentitySource,
  input: ConnectionTestInput,
  { aws, clock, random }: ConnectionTestDependencies,
): Promise<ConnectionTestResult> {
  const started = clock.monotonic();
  const testedAt = new Date(clock.now());
  const session = aws.openForTest(source);
  const timeout = new AbortController();
  const expired = clock.sleep(overallTimeoutMs, timeout.signal).then(
    () => "expired" as const,
    () => "stopped" as const,
  );
  const runner = createRunner(session, source, clock, expired);
  try {
    const identity = await establishIdentity(source, session, runner);
    const services = [...new Set(input.services)];
    const checks = [
      ...services.map((service) => probePlan(session, service, clock)),
      ...(input.checkExternalId ? externalIdPlans(source, session, random) : []),
    ];
    await runner.together(checks);
    return {
      overall: overallOf(runner.steps),
      testedAt: testedAt.toISOString(),
      tookMs: Math.round(clock.monotonic() - started),
      identity,
      clockOffsetMs: session.clockOffsetMs() ?? null,
      steps: runner.steps,
    };
  } finally {
    timeout.abort();
    session.close();
  }
}

type Runner = ReturnType<typeof createRunner>;

/** Base, roles, effective identity, one after the other. */
async function establishIdentity(
  source: AwsIdentitySource,
  session: AwsSession,
  runner: Runner,
): Promise<CallerIdentity | null> {
  let identity: CallerIdentity | null = null;
  const [base, ...roles] = session.stages;
  const hasRoles = roles.length > 0;
  await runner.inOrder({
    id: "validate",
    title: "Configuration",
    run: async () => "Fields, partition, method and endpoints are in order.",
  });
  await runner.inOrder({
    id: "base-credentials",
    title: "Base credentials",
    run: async () => {
      const resolved = await base?.resolve();
      return `Taken from ${resolved?.origin ?? "the credential"}${expiryText(resolved?.expiresAt)}.`;
    },
  });
  await runner.inOrder({
    id: "base-identity",
    title: "Who the base credentials are",
    service: "sts",
    run: async () => {
      identity = (await base?.identity()) ?? null;
      return rootWarning(identity) ?? `${identity?.arn} in account ${identity?.accountId}.`;
    },
  });
  for (const [index, role] of roles.entries()) {
    await runner.inOrder({
      id: `role-${index + 1}`,
      title: `Role ${source.roleChain[index]?.roleArn}`,
      service: "sts",
      run: async () => `Assumed${expiryText((await role.resolve()).expiresAt)}.`,
    });
  }
  await runner.inOrder({
    id: "effective-identity",
    title: "Who the calls are made as",
    service: "sts",
    run: async () => {
      if (!hasRoles) return { skipped: "No role is assumed; the base identity is used." };
      identity = await session.identity();
      return `${identity.arn} in account ${identity.accountId}.`;
    },
  });
  return runner.failed() ? null : identity;
}

function rootWarning(identity: CallerIdentity | null) {
  if (!identity?.arn.endsWith(":root")) return undefined;
  return {
    warning: `${identity.arn} is the root user of the account.`,
    advice: ["Delete the root access key and use a role, or a user with the generated policy."],
  };
}

function expiryText(expiresAt: Date | undefined): string {
  return expiresAt ? `; valid until ${expiresAt.toISOString()}` : "";
}

function probePlan(session: AwsSession, service: ProbeService, clock: Clock): StepPlan {
  const probe = probes[service];
  return {
    id: `probe-${service}`,
    title: probe.title,
    service,
    run: () => probe.run(session, new Date(clock.now())),
  };
}

/** Without an external ID, and with one of nobody, AWS must refuse; else anyone who can name the role can use us to enter it. */
function externalIdPlans(source: AwsIdentitySource, session: AwsSession, random: Random): StepPlan[] {
  return source.roleChain.flatMap((hop, index) =>
    hop.externalId === undefined
      ? []
      : [
          {
            id: `external-id-${index + 1}`,
            title: `External ID of ${hop.roleArn}`,
            service: "sts" as const,
            run: async () => {
              const openings = [
                { id: undefined, text: "without an external ID" },
                { id: random.text(16, alphanumerics), text: "with a wrong external ID" },
              ];
              for (const opening of openings) {
                if (await succeeds(() => session.assumeWith(index, opening.id))) {
                  return {
                    warning: `The role ${hop.roleArn} can also be assumed ${opening.text}: it is open to confused deputies.`,
                    advice: ["Add the condition on sts:ExternalId to the role's trust policy."],
                  };
                }
              }
              return "Without it, and with a wrong one, AWS refuses.";
            },
          },
        ],
  );
}

/** Only a refusal proves that the condition holds; anything else is passed on. */
async function succeeds(attempt: () => Promise<void>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    const { cause } = classifyAwsError(error);
    if (cause === "DENIED_ASSUME" || cause === "DENIED_ACTION") return false;
    throw error;
  }
}

function createRunner(
  session: AwsSession,
  source: AwsIdentitySource,
  clock: Clock,
  expired: Promise<"expired" | "stopped">,
) {
  const steps: ConnectionTestStep[] = [];
  const failed = () => steps.some((step) => step.outcome === "failed");

  async function execute(plan: StepPlan): Promise<ConnectionTestStep> {
    const started = clock.monotonic();
    const base = await describe(plan);
    const took = () => Math.round(clock.monotonic() - started);
    const attempt = plan.run().then(
      (answer) => ({ ...base, ...success(answer), tookMs: took() }),
      (error) => ({ ...base, ...failure(classifyAwsError(error, source.method)), tookMs: took() }),
    );
    const outOfTime = expired.then(() => ({
      ...base,
      outcome: "failed" as const,
      message: `No answer within ${overallTimeoutMs / 1000} seconds.`,
      cause: "NETWORK" as const,
      advice: ["Check firewall, proxy and VPC endpoint on the way from the server."],
      tookMs: took(),
    }));
    return Promise.race([attempt, outOfTime]);
  }

  async function describe(plan: StepPlan): Promise<ConnectionTestStep> {
    const { service } = plan;
    if (!service) return unasked(plan);
    const endpointHost = await session.endpointHost(service).catch(() => null);
    return { ...unasked(plan), service, region: source.region, endpointHost };
  }

  async function skip(plan: StepPlan): Promise<ConnectionTestStep> {
    return { ...(await describe(plan)), message: "Not tried, because an earlier step failed." };
  }

  return {
    steps,
    failed,
    async inOrder(plan: StepPlan): Promise<void> {
      steps.push(failed() ? await skip(plan) : await execute(plan));
    },
    async together(plans: readonly StepPlan[]): Promise<void> {
      const run = failed() ? skip : execute;
      steps.push(...(await Promise.all(plans.map(run))));
    },
  };
}

function success(answer: Awaited<ReturnType<StepPlan["run"]>>): Partial<ConnectionTestStep> & {
  outcome: ConnectionTestStep["outcome"];
  message: string;
} {
  if (typeof answer === "string") return { outcome: "ok", message: answer };
  if ("skipped" in answer) return { outcome: "skipped", message: answer.skipped };
  return { outcome: "warning", message: answer.warning, advice: answer.advice };
}

/** Throttling says that the credentials are fine. */
function failure({ cause, rawCode, message, advice, httpStatus, requestId }: AwsFailure) {
  const outcome = cause === "THROTTLED" ? ("warning" as const) : ("failed" as const);
  return { outcome, cause, rawCode, message, advice, httpStatus, requestId };
}

/** The result of a test that our own rules ended before it began. */
export function refusedResult(error: Error, nowMs: number): ConnectionTestResult {
  const validate: ConnectionTestStep = {
    ...unasked({ id: "validate", title: "Configuration" }),
    outcome: "failed",
    message: error.message,
    cause: "LOCAL_CONFIG",
    advice: ["Change the credential, or ask the operator of this server to allow what it needs."],
  };
  return {
    overall: "failed",
    testedAt: new Date(nowMs).toISOString(),
    tookMs: 0,
    identity: null,
    clockOffsetMs: null,
    steps: [validate],
  };
}

/** A test of the identity alone is no news about services and external IDs: what was found out earlier still stands. */
export function withEarlierChecks(
  result: ConnectionTestResult,
  earlier: ConnectionTestResult | null,
): ConnectionTestResult {
  if (result.overall !== "ok" || !earlier) return result;
  const kept = earlier.steps.filter((step) => (isProbe(step) || isCheck(step)) && step.outcome !== "skipped");
  const steps = [...result.steps, ...kept];
  return { ...result, steps, overall: overallOf(steps) };
}

const isProbe = (step: ConnectionTestStep) => step.id.startsWith("probe-");
const isCheck = (step: ConnectionTestStep) => step.id.startsWith("external-id-");

/** A step of which nothing is known yet. */
function unasked(plan: Pick<StepPlan, "id" | "title">): ConnectionTestStep {
  return {
    id: plan.id,
    title: plan.title,
    outcome: "skipped",
    service: null,
    region: null,
    endpointHost: null,
    message: "",
    cause: null,
    rawCode: null,
    httpStatus: null,
    requestId: null,
    advice: [],
    tookMs: 0,
  };
}

/** Without an identity nothing works; with it, some services may. */
function overallOf(steps: readonly ConnectionTestStep[]): ConnectionTestResult["overall"] {
  const broken = steps.filter((step) => step.outcome === "failed");
  if (broken.length === 0) return "ok";
  if (broken.some((step) => !isProbe(step) && !isCheck(step))) return "failed";
  const tried = steps.filter((step) => isProbe(step) && step.outcome !== "skipped");
  return tried.length > 0 && tried.every((step) => step.outcome === "failed") ? "failed" : "partial";
}
