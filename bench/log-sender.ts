/**
 * A process that sends prepared requests over several connections and tells how it went. It is given its plan as the first
 * message, answers `ready` when all requests are built, sends at the next message, and ends after its report.
 */
import { requestOf } from "./load/events.ts";
import type { SenderPlan, SenderReport } from "./load/sending.ts";
import { openWire } from "./load/wire.ts";

process.once("message", async (plan: SenderPlan) => {
  const requests = build(plan);
  process.send?.("ready");
  await new Promise((resolve) => process.once("message", resolve));
  process.send?.(await send(plan, requests));
  process.disconnect();
});

type Request = ReturnType<typeof requestOf>;

function build(plan: SenderPlan): Request[] {
  const { host } = new URL(plan.url);
  return Array.from({ length: plan.pool ?? plan.requests }, (_, index) =>
    requestOf({ ...plan, host, first: plan.firstEvent + index * plan.batch, count: plan.batch }),
  );
}

async function send(plan: SenderPlan, requests: readonly Request[]): Promise<SenderReport> {
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  let next = 0;
  let bytes = 0;
  let withoutRetryAfter = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + (plan.secondsMax ?? Number.POSITIVE_INFINITY) * 1000;
  const dueAt = (index: number) =>
    plan.requestsPerSecond ? startedAt + (index / plan.requestsPerSecond) * 1000 : performance.now();

  const work = async (connection: number) => {
    const open = () =>
      openWire(plan.url, plan.addresses ? `127.0.1.${1 + (connection % plan.addresses)}` : undefined);
    let wire = await open();
    while (next < plan.requests && performance.now() < endsAt) {
      const index = next++;
      const due = dueAt(index);
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      // A timer may fire a moment early; a request that leaves late counts from when it was due.
      const sentAt = Math.min(due, performance.now());
      try {
        const request = requests[index % requests.length]!;
        const { status, head } = await wire.send(request.bytes);
        latenciesMs.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
        if (status < 300) bytes += request.bodyBytes;
        else if ((status === 429 || status === 503) && !/\r\nretry-after:/i.test(head))
          withoutRetryAfter += 1;
        if (/\r\nconnection: close/i.test(head)) {
          wire.close();
          wire = await open();
        }
      } catch {
        statuses.broken = (statuses.broken ?? 0) + 1;
        wire.close();
        wire = await open();
      }
    }
    wire.close();
  };
  await Promise.all(Array.from({ length: plan.connections }, (_, connection) => work(connection)));
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? 0;
  return {
    seconds: (performance.now() - startedAt) / 1000,
    statuses,
    withoutRetryAfter,
    bytes,
    latencyMs: { p50: at(0.5), p99: at(0.99), p999: at(0.999) },
  };
}
