/**
 * That no job is lost or done twice at the same time: `npm run bench -- workers [--jobs 10000] [--processes 4] [--seed 1]`.
 *
 * Worker processes with the product's own scheduler share a PostgreSQL (NEPHO_TEST_DATABASE_URL, or one that is started for this)
 * and run integrations that are due once, while the processes are stopped for a while (SIGSTOP), killed (SIGKILL) and started
 * again at random, and while integrations that are just being run are made due again. Each run writes a point and moves its
 * position five times, some time apart; the database notes each move with its own time. Two runs of an integration of which one
 * moved the position after the other had begun and before it had ended were executed at the same time; an integration without a
 * run that succeeded was missed. Points are not fenced like positions: those are counted that a stopped worker still had on the
 * way and that came after the next run had begun.
 *
 * A control comes first: the same with the database's guards taken away and some jobs deleted, in which the count must find
 * both.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { createLog, systemClock } from "../src/base/index.ts";
import { openDatabase } from "../src/db/index.ts";
import { type Child, startChild } from "../test/support/child.ts";
import { startPostgres } from "./postgres.ts";
import { createRandom, type Random } from "./random.ts";

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    jobs: { type: "string", default: "10000" },
    processes: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
  },
});
const processes = Number(values.processes);
/** Longer than a lease, so that some pauses cost the worker its runs. */
const longPauseMs = [32_000, 45_000] as const;
const shortPauseMs = [1_000, 10_000] as const;
const betweenTroublesMs = [1_000, 5_000] as const;
/** So long without a run that ended means that the rest is lost: longer than any pause and the time until its jobs move on. */
const patienceMs = 90_000;

const postgres = await startPostgres();
try {
  const control = await measure({ jobs: 400, guards: false });
  print({ figure: "workers_control", ...control });
  if (control.executedTwice === 0 || control.missed === 0)
    throw new Error("The control found nothing, so the figures would prove nothing.");
  const figures = await measure({ jobs: Number(values.jobs), guards: true });
  print({ figure: "workers", ...figures });
  if (figures.executedTwice + figures.missed > 0) process.exitCode = 1;
} finally {
  await postgres.stop();
}

async function measure({ jobs, guards }: { jobs: number; guards: boolean }) {
  const url = await createScratch();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const random = createRandom(Number(values.seed));
  const workers = new Set<Child>();
  const began = performance.now();
  try {
    // One that is alone makes the tables of the queue.
    await addWorker(workers, url);
    if (!guards) await takeGuardsAway(client);
    await addIntegrations(client, jobs);
    while (workers.size < processes) await addWorker(workers, url);
    const disorder = new AbortController();
    const troubles = makeTrouble(workers, url, random, disorder.signal);
    const again = makeDueAgain(client, disorder.signal, guards ? 0 : 20);
    await allDone(client);
    disorder.abort();
    const { kills, pauses } = await troubles;
    const madeDueAgain = await again;
    const seconds = (performance.now() - began) / 1000;
    const drainMs = await drain(workers);
    return {
      ...{ processes, jobs, kills, pauses, madeDueAgain, seconds: Math.round(seconds) },
      ...(await count(client)),
      drainMs: Math.round(drainMs),
    };
  } finally {
    for (const worker of workers) await worker.end("SIGKILL");
    await client.end();
  }
}

async function createScratch(): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const name = `nepho_bench_${process.pid}_${Math.round(performance.now())}`;
  await client.query(`create database ${name}`);
  await client.end();
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  const database = await openDatabase({
    url: url.href,
    log: createLog({ level: "warn" }),
    clock: systemClock,
  });
  await database.close();
  return url.href;
}

async function addWorker(workers: Set<Child>, url: string): Promise<void> {
  const worker = startChild("run-jobs", [url]);
  await worker.line(/^ready$/);
  workers.add(worker);
}

/** Due within the first minute, and not again for a day. The product keeps times in milliseconds and compares them. */
async function addIntegrations(client: pg.Client, jobs: number): Promise<void> {
  await client.query(`
    create table bench_points (integration_id uuid not null, execution bigint not null, at timestamptz not null);
    create table bench_steps (like bench_points);
    create index on bench_steps (integration_id);
    create function note_step() returns trigger language plpgsql as $$ begin
      insert into bench_steps values
        (new.integration_id, round(extract(epoch from new.stored_to) * 1000), clock_timestamp());
      return new;
    end $$;
    create trigger note_step after insert or update on checkpoints for each row execute function note_step()`);
  await client.query(
    `insert into integrations (id, name, service, config, role_arn, external_id, additional_tags, refresh_minutes,
       disabled, disabled_by_error, created_at, created_by, updated_at, updated_by, consecutive_failures, next_run_at)
     select gen_random_uuid(), 'bench', 'CLOUDWATCH', '{}', '', '', '{}', 1440,
       false, false, now(), 'bench', now(), 'bench', 0, date_trunc('milliseconds', now() + random() * interval '60 seconds')
     from generate_series(1, $1)`,
    [jobs],
  );
}

/** What keeps an integration to one job and one run, whoever offers and takes. */
async function takeGuardsAway(client: pg.Client): Promise<void> {
  await client.query("drop index runs_one_running");
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, indexname) as name from pg_indexes
     where schemaname = 'pgboss' and indexdef like '%singleton_key%' and indexdef like '%exclusive%'`,
  );
  for (const { name } of rows) await client.query(`drop index if exists ${name} cascade`);
}

async function makeTrouble(workers: Set<Child>, url: string, random: Random, signal: AbortSignal) {
  const counts = { kills: 0, pauses: 0 };
  const pauses = new Set<Promise<void>>();
  const stopped = new Set<Child>();
  for (;;) {
    await sleep(between(random, betweenTroublesMs), undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    const running = [...workers].filter((worker) => !stopped.has(worker));
    const victim = running[Math.floor(random() * running.length)];
    if (!victim || running.length < 2) continue;
    if (random() < 0.5) {
      counts.kills++;
      workers.delete(victim);
      await victim.end("SIGKILL");
      await addWorker(workers, url);
      continue;
    }
    counts.pauses++;
    stopped.add(victim);
    const pause = async () => {
      process.kill(victim.pid, "SIGSTOP");
      const lengthMs = between(random, random() < 0.3 ? longPauseMs : shortPauseMs);
      await sleep(lengthMs, undefined, { signal }).catch(() => {});
      process.kill(victim.pid, "SIGCONT");
      stopped.delete(victim);
    };
    const paused = pause().finally(() => pauses.delete(paused));
    pauses.add(paused);
  }
  await Promise.all(pauses);
  return counts;
}

/** Twice a second up to ten integrations that are being run; deletes so many waiting jobs, for the control. */
async function makeDueAgain(client: pg.Client, signal: AbortSignal, jobsToDelete: number): Promise<number> {
  let made = 0;
  let left = jobsToDelete;
  while (!signal.aborted) {
    const { rowCount } = await client.query(
      `update integrations set next_run_at = date_trunc('milliseconds', now()) where id in
        (select integration_id from runs where state = 'running' order by random() limit 10)`,
    );
    made += rowCount ?? 0;
    if (left > 0) {
      const deleted = await client.query(
        `delete from pgboss.job where ctid in (select ctid from pgboss.job where state = 'created' and name = 'collect'
           and (data->>'integrationId')::uuid not in (select integration_id from runs) limit $1)`,
        [left],
      );
      left -= deleted.rowCount ?? 0;
    }
    await sleep(500, undefined, { signal }).catch(() => {});
  }
  return made;
}

/** Until each integration has been run, nothing is under way and nothing waits; or until nothing more happens. */
async function allDone(client: pg.Client): Promise<void> {
  let seen = -1;
  let seenAt = performance.now();
  for (;;) {
    const { ended, open } = await progress(client);
    if (open === 0) return;
    if (ended !== seen) [seen, seenAt] = [ended, performance.now()];
    if (performance.now() - seenAt > patienceMs) return;
    await sleep(1_000);
  }
}

async function progress(client: pg.Client): Promise<{ ended: number; open: number }> {
  const { rows } = await client.query<{ ended: number; open: number }>(`
    select count(*) filter (where done)::integer as ended, count(*) filter (where not done)::integer as open
    from (select exists (select from runs where integration_id = i.id and state = 'succeeded') as done
      from integrations i) as integration`);
  return rows[0] ?? { ended: 0, open: 0 };
}

/** The end that an operator asks for: no new work, runs under way end. */
async function drain(workers: ReadonlySet<Child>): Promise<number> {
  const began = performance.now();
  await Promise.all([...workers].map((worker) => worker.end("SIGTERM")));
  return performance.now() - began;
}

async function count(client: pg.Client) {
  const one = async <T extends object>(text: string): Promise<T> =>
    (await client.query<T>(text)).rows[0] as T;
  const runs = await one<{ runs: number; abandoned: number }>(`
    select count(*)::integer as runs, count(*) filter (where state = 'abandoned')::integer as abandoned from runs`);
  const twice = await one<{ executedTwice: number }>(`
    with executions as (
      select integration_id, execution, min(at) as began, max(at) as ended from bench_steps group by 1, 2)
    select count(*)::integer as "executedTwice" from executions a join executions b
      on a.integration_id = b.integration_id and a.execution < b.execution
      and a.began <= b.ended and b.began <= a.ended`);
  const late = await one<{ latePoints: number }>(`
    select count(*)::integer as "latePoints" from bench_points p
    where exists (select from bench_steps own where own.integration_id = p.integration_id
        and own.execution = p.execution and own.at < p.at)
      and exists (select from bench_steps other where other.integration_id = p.integration_id
        and other.execution <> p.execution and other.at < p.at
        and other.at > (select min(at) from bench_steps own where own.integration_id = p.integration_id
          and own.execution = p.execution))`);
  const missed = await progress(client);
  const lost = await one<{ jobsOfferedAnew: number }>(`
    select count(*)::integer as "jobsOfferedAnew" from pgboss.job where name = 'collect-lost'`);
  // A run takes less than a second, so this is the time from the death of its worker until its integration is due again.
  const givenUp = await one<{ p50: number | null; max: number | null }>(`
    select round(percentile_cont(0.5) within group (order by seconds))::integer as p50,
      round(max(seconds))::integer as max
    from (select extract(epoch from finished_at - started_at) as seconds
      from runs where state = 'abandoned') as waits`);
  return {
    ...runs,
    ...twice,
    ...late,
    missed: missed.open,
    ...lost,
    secondsUntilGivenUp: givenUp,
  };
}

function between(random: Random, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least);
}

function print(figure: object): void {
  console.log(JSON.stringify(figure));
}
