import type { Credential, IntegrationSummary, Overview, Page } from "../contract/index.ts";

export interface OverviewDeps {
  readonly credentials: {
    list(query: { offset: number; limit: number; sort: "name"; order: "asc" }): Promise<Page<Credential>>;
  };
  readonly integrations: {
    summaries(query: {
      offset: number;
      limit: number;
      sort: "name";
      order: "asc";
      deleted: false;
    }): Promise<Page<IntegrationSummary>>;
  };
  readonly runs: { lastDay(): Promise<Overview["runsLastDay"]> };
  readonly metrics: {
    findNamespaces(query: object): Promise<{ items: { metrics: number; series: number }[] }>;
  };
  /** What must answer for the server to work, by the name a person knows. */
  readonly stores: readonly { readonly name: string; ping(): Promise<void> }[];
}

type Problem = Overview["problems"][number];

const pageSize = 1000;

/** The state of everything at a glance; what is broken comes with its reason and the next step, worst first. */
export function createOverview(deps: OverviewDeps): { get(): Promise<Overview> } {
  return {
    get: async () => {
      const [credentials, integrations, namespaces, runsLastDay, storeProblems] = await Promise.all([
        readAll((offset) => deps.credentials.list({ offset, limit: pageSize, sort: "name", order: "asc" })),
        readAll((offset) =>
          deps.integrations.summaries({
            offset,
            limit: pageSize,
            sort: "name",
            order: "asc",
            deleted: false,
          }),
        ),
        deps.metrics.findNamespaces({}).catch(() => ({ items: [] })),
        deps.runs.lastDay(),
        pingStores(deps.stores),
      ]);
      const problems = [
        ...storeProblems,
        ...integrations.flatMap(problemOfIntegration),
        ...credentials.flatMap(problemsOfCredential),
      ];
      return {
        credentials: countCredentials(credentials),
        integrations: countIntegrations(integrations),
        metrics: {
          namespaces: namespaces.items.length,
          metrics: sum(namespaces.items, (item) => item.metrics),
          series: sum(namespaces.items, (item) => item.series),
          lastDataAt: latest(integrations.map((integration) => integration.lastDataAt)),
        },
        problems: problems.sort((a, b) => rank(a) - rank(b)),
        runsLastDay,
      };
    },
  };
}

async function readAll<T>(read: (offset: number) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (;;) {
    const page = await read(items.length);
    items.push(...page.items);
    if (!page.moreItems || page.items.length === 0) return items;
  }
}

async function pingStores(stores: OverviewDeps["stores"]): Promise<Problem[]> {
  const problems = await Promise.all(
    stores.map(async ({ name, ping }): Promise<Problem[]> => {
      try {
        await ping();
        return [];
      } catch {
        return [
          {
            kind: "store",
            id: null,
            name,
            severity: "error",
            message: `${name} does not answer.`,
            advice: ["Check that it runs and can be reached; the server's log has the cause."],
            since: null,
          },
        ];
      }
    }),
  );
  return problems.flat();
}

const brokenStates: readonly IntegrationSummary["state"][] = ["failing", "disabled-by-error", "paused"];

function problemOfIntegration(integration: IntegrationSummary): Problem[] {
  if (!brokenStates.includes(integration.state)) return [];
  return [
    {
      kind: "integration",
      id: integration.id,
      name: integration.name,
      severity: integration.state === "disabled-by-error" ? "error" : "warning",
      message: integration.stateReason,
      advice: integration.lastRun?.error?.advice ?? [],
      since: integration.lastRun?.startedAt ?? null,
    },
  ];
}

function problemsOfCredential(credential: Credential): Problem[] {
  const about = { kind: "credential" as const, id: credential.id, name: credential.name };
  const problems: Problem[] = credential.warnings.map((warning) => ({
    ...about,
    severity: "warning",
    message: warning.message,
    advice: [warning.advice],
    since: null,
  }));
  if (credential.status !== "failed" && credential.status !== "partial") return problems;
  const failed = credential.lastTest?.steps.find((step) => step.outcome === "failed");
  problems.unshift({
    ...about,
    severity: credential.status === "failed" ? "error" : "warning",
    message: failed ? `${failed.title}: ${failed.message}` : "The last connection test failed.",
    advice: failed?.advice ?? [],
    since: credential.testedAt,
  });
  return problems;
}

function rank(problem: Problem): number {
  const kinds = ["store", "integration", "credential"];
  return (problem.severity === "error" ? 0 : kinds.length) + kinds.indexOf(problem.kind);
}

function countCredentials(credentials: readonly Credential[]): Overview["credentials"] {
  const count = (status: Credential["status"]) => credentials.filter((item) => item.status === status).length;
  return {
    total: credentials.length,
    ok: count("ok"),
    partial: count("partial"),
    failed: count("failed"),
    untested: count("untested"),
  };
}

function countIntegrations(integrations: readonly IntegrationSummary[]): Overview["integrations"] {
  const count = (...states: IntegrationSummary["state"][]) =>
    integrations.filter((item) => states.includes(item.state)).length;
  return {
    total: integrations.length,
    ok: count("ok"),
    failing: count("failing"),
    disabled: count("disabled", "disabled-by-error"),
    waiting: count("waiting"),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

/** ISO 8601 in UTC sorts as text. */
function latest(times: readonly (string | null)[]): string | null {
  return times.reduce((best, time) => (time !== null && (best === null || time > best) ? time : best), null);
}
