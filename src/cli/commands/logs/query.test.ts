import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";
import { sampleEvent } from "../../testing/log-samples.ts";

const path = "GET /api/v1/logs/events";
const now = Date.parse("2026-11-21T12:00:00Z");

function parametersOf(path: string | undefined): [string, string][] {
  return [...new URLSearchParams(path?.split("?")[1])];
}

test("what is asked for goes into the question, a stream as often as it is given", async () => {
  const terminal = createFakeTerminal({ [path]: { items: [sampleEvent("hello")], nextCursor: null } });
  const args = ["logs", "query", "/shop/web", "{ $.a = 1 }", "--from", "-2h", "--order", "asc"];
  assert.equal(await runProgram([...args, "--stream", "a", "--stream", "b"], terminal), exitCodes.ok);
  assert.deepEqual(parametersOf(terminal.requests[0]?.path), [
    ["group", "/shop/web"],
    ["pattern", "{ $.a = 1 }"],
    ["stream", "a"],
    ["stream", "b"],
    ["from", String(now - 7_200_000)],
    ["to", String(now)],
    ["order", "asc"],
    ["limit", "100"],
  ]);
  assert.equal(terminal.output(), "2026-11-21T11:59:00.000Z web-1 hello\n");
  assert.equal(terminal.errors(), "");
});

test("pages are followed, empty ones too, until the limit or the end", async () => {
  const pages = [
    { items: [sampleEvent("a"), sampleEvent("b")], nextCursor: "one" },
    { items: [], nextCursor: "two" },
    { items: [sampleEvent("c")], nextCursor: "three" },
  ];
  const paged = () => {
    const left = [...pages];
    return createFakeTerminal({ [path]: () => left.shift() });
  };
  const terminal = paged();
  assert.equal(await runProgram(["logs", "query", "g", "--limit", "3", "--raw"], terminal), exitCodes.ok);
  assert.deepEqual(
    terminal.requests.map(({ path }) => {
      const parameters = new URLSearchParams(path.split("?")[1]);
      return [parameters.get("limit"), parameters.get("cursor")];
    }),
    [
      ["3", null],
      ["1", "one"],
      ["1", "two"],
    ],
  );
  assert.equal(terminal.output(), "a\nb\nc\n");
  assert.match(terminal.errors(), /may be more: raise --limit/);

  const document = paged();
  await runProgram(["logs", "query", "g", "--limit", "3", "--json"], document);
  assert.deepEqual(JSON.parse(document.output()), {
    items: [sampleEvent("a"), sampleEvent("b"), sampleEvent("c")],
    nextCursor: "three",
  });
  assert.equal(document.errors(), "");
});

test("messages cannot touch the terminal or pass for events; JSON stays readable", async () => {
  const items = [sampleEvent('{"big":12345678901234567890}'), sampleEvent("a\u001b[2J\nat b\n\u202e")];
  const terminal = createFakeTerminal({ [path]: { items, nextCursor: null } });
  await runProgram(["logs", "query", "g"], terminal);
  assert.equal(
    terminal.output(),
    [
      '2026-11-21T11:59:00.000Z web-1 {"big":12345678901234567890}',
      "2026-11-21T11:59:00.000Z web-1 a\\u{1b}[2J",
      "    at b",
      "    \\u{202e}",
      "",
    ].join("\n"),
  );
});

test("messages alone are as stored in a pipe, safe at a terminal, and one line of JSON each on request", async () => {
  const items = [
    sampleEvent('{"big":12345678901234567890,\r\n"a":"\\n"}'),
    sampleEvent("two\nlines\u001b[0m"),
  ];
  const answers = { [path]: () => Response.json({ items, nextCursor: null }) };
  const outputOf = async (flag: string, interactive: boolean) => {
    const terminal = createFakeTerminal(answers, { interactive });
    assert.equal(await runProgram(["logs", "query", "g", flag], terminal), exitCodes.ok);
    return terminal.output();
  };
  assert.equal(await outputOf("--raw", false), items.map(({ message }) => `${message}\n`).join(""));
  assert.doesNotMatch(await outputOf("--raw", true), /\u001b/);
  assert.deepEqual((await outputOf("--ndjson", false)).split("\n"), [
    '{"big":12345678901234567890, "a":"\\n"}',
    '"two\\nlines\\u001b[0m"',
    "",
  ]);
});

test("a histogram is a chart on a terminal with zeros where nothing came, and a table in a pipe", async () => {
  const start = now - 3_600_000;
  const histogram = {
    stepMs: 60_000,
    buckets: [
      { startMs: start, count: 3 },
      { startMs: start + 60_000, count: 0 },
      { startMs: start + 1_200_000, count: 9 },
    ],
    total: 12,
  };
  const answers = { "GET /api/v1/logs/histogram": () => Response.json(histogram) };
  const drawn = createFakeTerminal(answers, { interactive: true });
  const args = ["logs", "query", "/shop/web", "ERROR", "--histogram"];
  assert.equal(await runProgram(args, drawn), exitCodes.ok);
  assert.match(drawn.output(), /^\/shop\/web: 12 events, counted every 1 min\n/);
  assert.match(drawn.output(), /[\u2801-\u28ff][\s\S]*ERROR: last 0, min 0, max 9/);
  const piped = createFakeTerminal(answers);
  await runProgram(args, piped);
  assert.equal(
    piped.output(),
    "FROM                      EVENTS\n2026-11-21T11:00:00.000Z       3\n2026-11-21T11:20:00.000Z       9\n",
  );
  const machine = createFakeTerminal(answers);
  await runProgram([...args, "--json"], machine);
  assert.deepEqual(JSON.parse(machine.output()), histogram);
});

test("nothing found is said on standard error, and what excludes each other is refused unsent", async () => {
  const empty = createFakeTerminal({ [path]: { items: [], nextCursor: null } });
  assert.equal(await runProgram(["logs", "query", "g"], empty), exitCodes.ok);
  assert.deepEqual([empty.output(), empty.errors()], ["", "No event matches in this range.\n"]);
  for (const flags of [
    ["--raw", "--json"],
    ["--raw", "--ndjson"],
    ["--histogram", "--raw"],
    ["--limit", "0"],
    ["--order", "up"],
    ["--from", "yesterday"],
  ]) {
    const terminal = createFakeTerminal();
    assert.equal(await runProgram(["logs", "query", "g", ...flags], terminal), exitCodes.usage);
    assert.equal(terminal.requests.length, 0, flags.join(" "));
  }
});

test("a range that is empty or the wrong way round is refused before anything is asked", async () => {
  for (const range of [
    ["--from", "now", "--to", "-1h"],
    ["--from", "now"],
  ]) {
    const terminal = createFakeTerminal({});
    assert.equal(await runProgram(["logs", "query", "g", ...range], terminal), exitCodes.usage);
    assert.deepEqual(terminal.requests, []);
  }
});
