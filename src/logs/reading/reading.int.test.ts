import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { forEachDatabase } from "../../../test/support/databases.ts";
import { createLogsClient } from "../../../test/support/logs-client.ts";
import { useLogsWorld } from "../../../test/support/logs-world.ts";
import { createSettableClock } from "../../../test/support/settable-clock.ts";
import type { AccessQuestion, LogEventQuery, LogTailQuery } from "../../contract/index.ts";
import type { Logs } from "../index.ts";

const start = Date.UTC(2026, 10, 21, 12);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

forEachDatabase((open) => {
  const clock = createSettableClock(start);
  const world = useLogsWorld(open, clock);
  let logs: Logs;
  let aws: CloudWatchLogsClient;
  let asked: AccessQuestion[];
  let number = 0;
  /** Of this test alone, with two streams. */
  let group: string;
  let now: number;

  beforeEach(async () => {
    clock.advance(60_000);
    now = clock.now();
    asked = [];
    number += 1;
    group = `/reading/${number}`;
    logs = world.openLogs();
    aws = createLogsClient(logs.api, asked);
    await aws.send(new CreateLogGroupCommand({ logGroupName: group }));
    for (const stream of ["app-1", "app-2"]) await createStream(stream);
  });

  const createStream = (logStreamName: string) =>
    aws.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  const put = async (logStreamName: string, ...events: (readonly [number, string])[]) => {
    const logEvents = events.map(([timestamp, message]) => ({ timestamp, message }));
    await aws.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));
  };
  const get = async (input: Partial<GetLogEventsCommandInput> = {}) => {
    const named = input.logGroupIdentifier === undefined ? { logGroupName: group } : {};
    const output = await aws.send(new GetLogEventsCommand({ ...named, logStreamName: "app-1", ...input }));
    return {
      messages: (output.events ?? []).map(({ message }) => message),
      forward: output.nextForwardToken,
      backward: output.nextBackwardToken,
    };
  };
  const filter = async (input: Partial<FilterLogEventsCommandInput> = {}) => {
    const named = input.logGroupIdentifier === undefined ? { logGroupName: group } : {};
    const { $metadata, ...output } = await aws.send(new FilterLogEventsCommand({ ...named, ...input }));
    return output;
  };
  const found = async (filterPattern: string) => {
    const { events } = await filter({ filterPattern });
    return (events ?? []).map(({ message }) => message);
  };
  const refusal = async (act: Promise<unknown>) => {
    const error = await act.then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    return `${error?.name}: ${error?.message}`;
  };

  test("GetLogEvents gives the newest page in ascending order, and walks back to the beginning", async () => {
    await put(
      "app-1",
      ...Array.from({ length: 7 }, (_, at) => [now - 7_000 + at * 1_000, `m${at}`] as const),
    );
    await put("app-2", [now, "of another stream"]);
    const newest = await get({ limit: 3 });
    assert.deepEqual(newest.messages, ["m4", "m5", "m6"]);
    assert.match(newest.forward!, /^f\/\d{56}\/s$/);
    assert.match(newest.backward!, /^b\/\d{56}\/s$/);
    const middle = await get({ limit: 3, nextToken: newest.backward });
    assert.deepEqual(middle.messages, ["m1", "m2", "m3"]);
    const oldest = await get({ limit: 3, nextToken: middle.backward });
    assert.deepEqual(oldest.messages, ["m0"]);
    const end = await get({ limit: 3, nextToken: oldest.backward });
    assert.deepEqual(end.messages, []);
    assert.equal(end.backward, oldest.backward);
    assert.deepEqual((await get({ nextToken: end.forward, limit: 2 })).messages, ["m0", "m1"]);
    assert.deepEqual((await get({ nextToken: middle.forward, limit: 2 })).messages, ["m4", "m5"]);
  });

  test("GetLogEvents from the head follows a stream: at its end the token stays until there is more", async () => {
    const empty = await get({ startFromHead: true });
    assert.deepEqual(empty.messages, []);
    assert.equal((await get({ startFromHead: true, nextToken: empty.forward })).forward, empty.forward);
    await put("app-1", [now - 2, "a"], [now - 1, "b"]);
    const first = await get({ startFromHead: true, nextToken: empty.forward, limit: 1 });
    assert.deepEqual(first.messages, ["a"]);
    const second = await get({ nextToken: first.forward });
    assert.deepEqual(second.messages, ["b"]);
    const end = await get({ nextToken: second.forward });
    assert.deepEqual([end.messages, end.forward], [[], second.forward]);
    await put("app-1", [now, "c"]);
    assert.deepEqual((await get({ nextToken: end.forward })).messages, ["c"]);
    assert.deepEqual((await get({ nextToken: end.backward })).messages, ["a", "b"]);
  });

  test("GetLogEvents includes its start and excludes its end, whatever names the group", async () => {
    await put("app-1", [now - 3, "a"], [now - 2, "b"], [now - 1, "c"]);
    assert.deepEqual((await get({ startTime: now - 3, endTime: now - 1 })).messages, ["a", "b"]);
    const arn = `arn:aws:logs:eu-west-1:111122223333:log-group:${group}`;
    assert.deepEqual((await get({ logGroupIdentifier: arn, startTime: now - 1 })).messages, ["c"]);
    assert.deepEqual((await get({ logGroupIdentifier: group, endTime: now - 2 })).messages, ["a"]);
    assert.deepEqual(asked.at(-1)?.resource, `${arn}:log-stream:app-1`);
    assert.equal(asked.at(-1)?.action, "logs:GetLogEvents");
  });

  test("GetLogEvents ends a page after one megabyte", async () => {
    const long = "x".repeat(400_000);
    for (let at = 0; at < 4; at++) await put("app-1", [now + at, `${at}${long}`]);
    const page = await get({ startFromHead: true });
    assert.deepEqual(
      page.messages.map((message) => message?.[0]),
      ["0", "1"],
    );
    const next = await get({ nextToken: page.forward });
    assert.deepEqual(
      next.messages.map((message) => message?.[0]),
      ["2", "3"],
    );
  });

  test("tokens of another stream, another operation or made up are refused", async () => {
    await put("app-1", [now - 1, "a"], [now, "b"]);
    const { forward } = await get();
    const { nextToken } = await filter({ limit: 1 });
    assert.ok(nextToken);
    const invalid = "InvalidParameterException: The specified nextToken is invalid.";
    const altered = forward!.replace(/\d(?=\/s$)/, (digit) => String((Number(digit) + 1) % 10));
    for (const token of ["x", "f/1/s", altered, nextToken]) {
      assert.equal(await refusal(get({ nextToken: token })), invalid, token);
    }
    assert.equal(await refusal(get({ logStreamName: "app-2", nextToken: forward })), invalid);
    for (const token of ["x", forward, `${nextToken}A`]) {
      assert.equal(await refusal(filter({ nextToken: token })), invalid, token);
    }
    assert.equal(await refusal(filter({ nextToken, filterPattern: "other" })), invalid);
  });

  test("what does not exist or is out of bounds is refused in AWS's words", async () => {
    const noGroup = "ResourceNotFoundException: The specified log group does not exist.";
    const noStream = "ResourceNotFoundException: The specified log stream does not exist.";
    assert.equal(await refusal(get({ logGroupIdentifier: "/none" })), noGroup);
    assert.equal(await refusal(filter({ logGroupIdentifier: "/none" })), noGroup);
    assert.equal(await refusal(get({ logStreamName: "none" })), noStream);
    assert.equal(await refusal(filter({ logStreamNames: ["app-1", "none"] })), noStream);
    const detected = /^InvalidParameterException: 1 validation error detected: Value '.*' at '(\w+)' failed/;
    for (const [act, member] of [
      [get({ limit: 0 }), "limit"],
      [get({ limit: 10_001 }), "limit"],
      [filter({ limit: 10_001 }), "limit"],
      [get({ startTime: -1 }), "startTime"],
      [filter({ endTime: -1 }), "endTime"],
      [filter({ logStreamNames: [] }), "logStreamNames"],
      [filter({ filterPattern: "x".repeat(1025) }), "filterPattern"],
      [get({ logStreamName: "a:b" }), "logStreamName"],
    ] as const) {
      assert.equal(detected.exec(await refusal(act))?.[1], member);
    }
    assert.match(
      await refusal(filter({ logStreamNames: ["app-1"], logStreamNamePrefix: "app" })),
      /^InvalidParameterException: /,
    );
    assert.match(
      await refusal(filter({ logGroupName: group, logGroupIdentifier: group })),
      /^InvalidParameterException: /,
    );
  });

  test("FilterLogEvents answers with the members of the real service, over all streams and in order", async () => {
    await put("app-2", [now - 2, "second"], [now + hourMs, "last"]);
    await put("app-1", [now - 3, "first"], [now - 2, "third"]);
    const { events, ...rest } = await filter();
    assert.deepEqual(rest, { searchedLogStreams: [] });
    assert.deepEqual(
      events?.map(({ eventId, ...event }) => event),
      [
        { logStreamName: "app-1", timestamp: now - 3, message: "first", ingestionTime: now },
        { logStreamName: "app-2", timestamp: now - 2, message: "second", ingestionTime: now },
        { logStreamName: "app-1", timestamp: now - 2, message: "third", ingestionTime: now },
        { logStreamName: "app-2", timestamp: now + hourMs, message: "last", ingestionTime: now },
      ],
    );
    const ids = events?.map(({ eventId }) => eventId ?? "") ?? [];
    for (const id of ids) assert.match(id, /^\d{56}$/);
    assert.deepEqual(ids, [...new Set(ids)].sort());
    assert.equal(
      asked.at(-1)?.resource,
      `arn:aws:logs:eu-west-1:111122223333:log-group:${group}:log-stream:`,
    );
  });

  test("FilterLogEvents includes both ends, takes names or a prefix of streams, and pages to the end", async () => {
    await put("app-1", ...Array.from({ length: 25 }, (_, at) => [now + at, `m${at}`] as const));
    await put("app-2", [now, "other"]);
    const messages = async (input: Partial<FilterLogEventsCommandInput>) => {
      const all: (string | undefined)[] = [];
      const pages = paginateFilterLogEvents({ client: aws, pageSize: 7 }, { logGroupName: group, ...input });
      for await (const { events } of pages) all.push(...(events ?? []).map(({ message }) => message));
      return all;
    };
    assert.deepEqual(await messages({ startTime: now + 3, endTime: now + 5 }), ["m3", "m4", "m5"]);
    assert.deepEqual(
      await messages({ logStreamNames: ["app-1"] }),
      Array.from({ length: 25 }, (_, at) => `m${at}`),
    );
    assert.equal((await messages({})).length, 26);
    assert.equal((await messages({ logStreamNamePrefix: "app-" })).length, 26);
    assert.deepEqual(await messages({ logStreamNamePrefix: "app-2" }), ["other"]);
    assert.deepEqual(await messages({ logStreamNamePrefix: "b" }), []);
    assert.deepEqual(await messages({ filterPattern: "m1" }), [
      "m1",
      ...Array.from({ length: 10 }, (_, at) => `m1${at}`),
    ]);
  });

  test("patterns select, and bad ones are refused", async () => {
    await put(
      "app-1",
      [now, '{"level":"ERROR","ms":12}'],
      [now + 1, '{"level":"INFO","ms":300}'],
      [now + 2, "ERROR GET 404"],
    );
    assert.deepEqual(await found("ERROR"), ['{"level":"ERROR","ms":12}', "ERROR GET 404"]);
    assert.deepEqual(await found('{ $.level = "ERROR" }'), ['{"level":"ERROR","ms":12}']);
    assert.deepEqual(await found("{ $.ms > 100 }"), ['{"level":"INFO","ms":300}']);
    assert.deepEqual(await found("[level, method, status = 4*]"), ["ERROR GET 404"]);
    assert.equal(await refusal(found("{ $.level = }")), "InvalidParameterException: Invalid filter pattern");
    assert.equal(
      await refusal(found("user.id")),
      "InvalidParameterException: Invalid character(s) in term 'user.id'",
    );
  });

  test("what is past retention, or of a deleted stream, is not shown any more", async () => {
    await put("app-1", [now - 2 * dayMs, "old"]);
    await put("app-1", [now, "new"]);
    await put("app-2", [now, "deleted"]);
    assert.deepEqual(await found(""), ["old", "new", "deleted"]);
    await aws.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 1 }));
    await aws.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: "app-2" }));
    clock.advance(1_000);
    assert.deepEqual(await found(""), ["new"]);
    assert.deepEqual((await get({ startFromHead: true })).messages, ["new"]);
    await createStream("app-2");
    assert.deepEqual((await get({ logStreamName: "app-2" })).messages, []);
    const histogram = await logs.service.histogram({ ...asking(), buckets: 60 });
    assert.equal(histogram.total, 1);
  });

  const asking = (query: Partial<LogEventQuery> = {}): LogEventQuery => ({
    group,
    stream: [],
    pattern: "",
    from: now - 3 * dayMs,
    to: now + dayMs,
    order: "desc",
    limit: 100,
    ...query,
  });
  const tailing = (query: Partial<LogTailQuery> = {}): LogTailQuery => ({
    group,
    stream: [],
    pattern: "",
    limit: 500,
    ...query,
  });

  test("the console pages through events in both orders, each with an id of its own", async () => {
    await put(
      "app-1",
      ...Array.from({ length: 30 }, (_, at) => [now + Math.floor(at / 4), `m${at}`] as const),
    );
    for (const order of ["asc", "desc"] as const) {
      const seen: string[] = [];
      const ids = new Set<string>();
      let cursor: string | undefined;
      do {
        const page = await logs.service.events(
          asking({ order, limit: 7, ...(cursor === undefined ? {} : { cursor }) }),
        );
        for (const { id, message, stream, timestamp, timestampMs, ingestionTime } of page.items) {
          seen.push(message);
          ids.add(id);
          assert.equal(stream, "app-1");
          assert.equal(Date.parse(timestamp), timestampMs);
          assert.equal(Date.parse(ingestionTime), now);
        }
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const expected = Array.from({ length: 30 }, (_, at) => `m${at}`);
      assert.deepEqual(seen, order === "asc" ? expected : expected.reverse());
      assert.equal(ids.size, 30);
    }
    await assert.rejects(logs.service.events(asking({ cursor: "x" })), { code: "validation_failed" });
  });

  test("the console is told where a pattern goes wrong, and of names that do not exist", async () => {
    await assert.rejects(
      logs.service.events(asking({ pattern: "{ $.a == 1 }" })),
      (error: Error & { fields?: unknown; code?: string }) => {
        assert.equal(error.code, "filter_pattern_invalid");
        assert.match(error.message, /^Character 8 of the filter pattern: A value is missing\.$/);
        assert.deepEqual(error.fields, [{ path: "pattern.7", message: "A value is missing." }]);
        return true;
      },
    );
    await assert.rejects(logs.service.tail(tailing({ group: "/none" })), { code: "log_group_not_found" });
    await assert.rejects(logs.service.histogram({ ...asking({ stream: ["none"] }), buckets: 5 }), {
      code: "log_stream_not_found",
    });
  });

  test("a histogram counts what the pattern selects in round steps", async () => {
    await put("app-1", [now - 120_000, "a"], [now - 60_000, "a b"], [now - 59_999, "b"], [now, "b"]);
    const query = { ...asking({ from: now - 3_600_000, to: now + 1, pattern: "b" }), buckets: 61 };
    const { stepMs, buckets, total } = await logs.service.histogram(query);
    assert.equal(stepMs, 60_000);
    assert.equal(total, 3);
    assert.deepEqual(
      buckets.map(({ startMs, count }) => [startMs - (now - (now % 60_000)), count]),
      [
        [-60_000, 2],
        [0, 1],
      ],
    );
    const nothing = await logs.service.histogram({ ...query, from: now, to: now - 1 });
    assert.deepEqual([nothing.buckets, nothing.total], [[], 0]);
  });

  test("a tail starts with the newest of the last minutes and shows each later event once, in whatever process", async () => {
    await put("app-1", [now - 6 * 60_000, "too old"]);
    await put("app-1", ...Array.from({ length: 60 }, (_, at) => [now - 60_000 + at, `m${at}`] as const));
    const first = await logs.service.tail(tailing());
    assert.deepEqual(
      first.items.map(({ message }) => message),
      Array.from({ length: 50 }, (_, at) => `m${at + 10}`),
    );
    clock.advance(500);
    await put("app-1", [now - hourMs, "backfilled"], [now, "next"]);
    const second = await logs.service.tail(tailing({ cursor: first.cursor }));
    assert.deepEqual(
      second.items.map(({ message }) => message),
      ["backfilled", "next"],
    );
    assert.deepEqual((await logs.service.tail(tailing({ cursor: second.cursor }))).items, []);
    // The answer was lost, so it is asked for again.
    assert.equal((await logs.service.tail(tailing({ cursor: first.cursor }))).items.length, 2);
    const elsewhere = world.openLogs();
    assert.deepEqual((await elsewhere.service.tail(tailing({ cursor: second.cursor }))).items, []);
    assert.equal((await elsewhere.service.tail(tailing({ cursor: first.cursor }))).items.length, 2);
    await assert.rejects(logs.service.tail(tailing({ cursor: second.cursor, pattern: "x" })), {
      code: "validation_failed",
    });
  });

  test("a tail shows what became visible after events that came in later", async () => {
    const { cursor: beginning } = await logs.service.tail(tailing());
    const { id } = (await logs.directory.find(group))!;
    const stream = (await logs.directory.findStream({ id }, "app-1"))!;
    const append = (ingestionTimeMs: number, message: string) => {
      const rows = world.telemetry.logEvents.encoder({
        logGroupId: id,
        logStreamId: stream.id,
        ingestionTimeMs,
      });
      rows.addText(now, message);
      return world.telemetry.logEvents.append(rows.finish());
    };
    await append(now + 2, "quick");
    const one = await logs.service.tail(tailing({ cursor: beginning }));
    await append(now + 1, "slow");
    const two = await logs.service.tail(tailing({ cursor: one.cursor }));
    clock.advance(60_000);
    await append(now + 60_000, "later");
    const three = await logs.service.tail(tailing({ cursor: two.cursor }));
    const four = await logs.service.tail(tailing({ cursor: three.cursor }));
    assert.deepEqual(
      [one, two, three, four].map(({ items }) => items.map(({ message }) => message)),
      [["quick"], ["slow"], ["later"], []],
    );
  });

  test("a tail in small portions shows everything once", async () => {
    let { cursor } = await logs.service.tail(tailing());
    for (let request = 0; request < 5; request++) {
      await put("app-1", ...Array.from({ length: 600 }, (_, at) => [now, `r${request}e${at}`] as const));
      clock.advance(1);
    }
    const seen: string[] = [];
    for (;;) {
      const { items, cursor: next } = await logs.service.tail(tailing({ cursor, limit: 170 }));
      if (items.length === 0) break;
      seen.push(...items.map(({ message }) => message));
      cursor = next;
    }
    assert.deepEqual([seen.length, new Set(seen).size], [3_000, 3_000]);
  });
});
