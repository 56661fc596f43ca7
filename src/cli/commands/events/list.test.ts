import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrailEvent } from "../../../contract/index.ts";
import { exitCodes } from "../../cli-error.ts";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";

const path = "GET /api/v1/events";
const now = Date.parse("2026-11-21T12:00:00Z");

const use = (more: Partial<TrailEvent> = {}): TrailEvent => ({
  id: "44444444-4444-4444-8444-444444444444",
  timestamp: "2026-11-21T11:59:00.000Z",
  category: "Data",
  source: "logs.amazonaws.com",
  name: "CallWithBearerToken",
  userName: "sender",
  accessKeyId: null,
  credentialId: "ACCAONE",
  sourceIp: "192.0.2.7",
  userAgent: "curl",
  readOnly: false,
  errorCode: null,
  errorMessage: null,
  resources: [
    {
      type: "AWS::Logs::LogGroupAuthorization",
      arn: "arn:aws:logs:us-east-1:000000000000:log-group:/shop/web",
    },
  ],
  record: { eventVersion: "1.11", userAgent: "curl" },
  ...more,
});

async function run(args: readonly string[], ...pages: { items: TrailEvent[]; nextCursor: string | null }[]) {
  const left = [...pages];
  const terminal = createFakeTerminal({ [path]: () => left.shift() });
  const exitCode = await runProgram(["events", "list", ...args], terminal);
  const asked = terminal.requests.map(({ path }) =>
    Object.fromEntries(new URLSearchParams(path.split("?")[1])),
  );
  return { exitCode, asked, output: terminal.output(), errors: terminal.errors() };
}

test("records are a table of when, who, what, on what, from where and how it ended", async () => {
  const items = [
    use({ errorCode: "UnauthorizedException" }),
    use({ userName: null, name: "ConsoleLogin\u001b[2J\n", resources: [], sourceIp: "2001:db8::7" }),
    use({
      userName: "root",
      name: "CreateUser",
      resources: [
        { type: "AWS::IAM::User", arn: "arn:aws:iam::000000000000:user/bob" },
        { type: "AWS::IAM::Policy", arn: "odd" },
      ],
    }),
  ];
  const { exitCode, output, errors } = await run([], { items, nextCursor: null });
  assert.equal(exitCode, exitCodes.ok);
  assert.deepEqual(
    output.split("\n").map((line) => line.split(/ {2,}/)),
    [
      ["TIME", "USER", "EVENT", "RESOURCE", "ADDRESS", "OUTCOME"],
      [
        "2026-11-21T11:59:00.000Z",
        "sender",
        "CallWithBearerToken",
        "log-group:/shop/web",
        "192.0.2.7",
        "UnauthorizedException",
      ],
      ["2026-11-21T11:59:00.000Z", "-", "ConsoleLogin\\u{1b}[2J\\u{a}", "-", "2001:db8::7", "ok"],
      ["2026-11-21T11:59:00.000Z", "root", "CreateUser", "user/bob and 1 more", "192.0.2.7", "ok"],
      [""],
    ],
  );
  assert.equal(errors, "");
});

test("every option is part of the question", async () => {
  const given = {
    category: ["data", "category", "Data"],
    id: ["4444", "eventId", "4444"],
    name: ["CreateUser", "eventName", "CreateUser"],
    source: ["iam.amazonaws.com", "eventSource", "iam.amazonaws.com"],
    user: ["alice", "userName", "alice"],
    "access-key": ["AKIAONE", "accessKeyId", "AKIAONE"],
    credential: ["ACCAONE", "credentialId", "ACCAONE"],
    resource: ["/shop/web", "resourceName", "/shop/web"],
    "resource-type": ["AWS::IAM::User", "resourceType", "AWS::IAM::User"],
    ip: ["192.0.2.7", "sourceIp", "192.0.2.7"],
    error: ["AccessDenied", "errorCode", "AccessDenied"],
    from: ["-2h", "from", String(now - 7_200_000)],
    to: ["2026-11-21T11:00:00Z", "to", String(now - 3_600_000)],
  } as const;
  const args = Object.entries(given).flatMap(([name, [value]]) => [`--${name}`, value]);
  const { asked } = await run([...args, "--failed", "--read-only"], { items: [], nextCursor: null });
  assert.deepEqual(asked, [
    {
      ...Object.fromEntries(Object.values(given).map(([, name, value]) => [name, value])),
      failed: "true",
      readOnly: "true",
      limit: "50",
    },
  ]);
  const { asked: plain } = await run(["--changes"], { items: [], nextCursor: null });
  assert.deepEqual(plain, [
    { readOnly: "false", from: String(now - 86_400_000), to: String(now), limit: "50" },
  ]);
});

test("pages are followed up to the limit, and make one table", async () => {
  const pages = [
    { items: [use({ userName: "a" })], nextCursor: "one" },
    { items: [use({ userName: "a-longer-name" })], nextCursor: "two" },
  ];
  const { asked, output, errors } = await run(["--limit", "2"], ...pages);
  assert.deepEqual(
    asked.map(({ limit, cursor }) => [limit, cursor]),
    [
      ["2", undefined],
      ["1", "one"],
    ],
  );
  assert.equal(output.match(/TIME/g)?.length, 1);
  assert.match(output, /Z {2}a {14}CallWith/);
  assert.match(errors, /^These are the first 2, and there may be more: raise --limit\.\n$/);
});

test("a long name makes no row wider than people can read", async () => {
  const arn = `arn:aws:logs:us-east-1:000000000000:log-group:/${"x".repeat(2_000)}`;
  const items = [use({ resources: [{ type: "AWS::Logs::LogGroup", arn }] }), use()];
  const { output } = await run([], { items, nextCursor: null });
  assert.match(output, /log-group:\/x{89}… {2}192/);
  for (const line of output.split("\n")) assert.ok(line.length < 200, line);
});

test("machines get the answer as it is, or one record in CloudTrail's format a line", async () => {
  const page = { items: [use(), use({ record: { userAgent: "\u009b2J\u202e\n" } })], nextCursor: null };
  assert.deepEqual(JSON.parse((await run(["--json"], page)).output), page);
  const { output } = await run(["--ndjson"], page);
  assert.equal(output, '{"eventVersion":"1.11","userAgent":"curl"}\n{"userAgent":"\\u009b2J\\u202e\\n"}\n');
});

test("nothing found is said on standard error, and what cannot be meant is refused unsent", async () => {
  const none = await run([], { items: [], nextCursor: null });
  assert.deepEqual([none.output, none.errors], ["", "No audit record matches in this range.\n"]);
  for (const args of [
    ["--category", "insight"],
    ["--read-only", "--changes"],
    ["--json", "--ndjson"],
    ["--limit", "0"],
    ["--from", "now"],
    ["--from", "yesterday"],
  ]) {
    const { exitCode, asked } = await run(args);
    assert.equal(exitCode, exitCodes.usage, args.join(" "));
    assert.deepEqual(asked, []);
  }
});
