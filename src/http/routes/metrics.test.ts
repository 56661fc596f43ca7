import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { asToken, createTestConsole, type TestConsole } from "../testing/console.ts";

const url = "/api/v1/metrics/query";
const query = { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" };

describe("metric queries", () => {
  let console: TestConsole;
  before(async () => {
    console = await createTestConsole();
  });
  after(() => console.app.close());
  const get = (text: string) =>
    console.app.inject(asToken("ReadOnlyAccess", { method: "GET", url: `${url}?${text}` }));

  test("as a link mean the same as in a body", async () => {
    const link = new URLSearchParams([
      ...Object.entries(query),
      ["from", "2026-01-01T00:00:00Z"],
      ["to", "1767229200000"],
      ["stepSeconds", "300"],
      ["limit", "5"],
      ["dim.InstanceId", "i-1"],
      ["dim.InstanceId", "i-2"],
      ["groupBy", "region"],
    ]);
    assert.equal((await get(link.toString())).statusCode, 200);
    const payload = {
      ...query,
      from: "2026-01-01T00:00:00Z",
      to: 1_767_229_200_000,
      stepSeconds: 300,
      limit: 5,
      dimensions: { InstanceId: ["i-1", "i-2"] },
      groupBy: ["region"],
    };
    const posted = await console.app.inject(asToken("ReadOnlyAccess", { method: "POST", url, payload }));
    assert.equal(posted.statusCode, 200);
    const [first, second] = console.calls.map(({ args }) => args[0]);
    assert.deepEqual(first, second);
  });

  test("as a link are checked like a body", async () => {
    const text = new URLSearchParams({ ...query, from: "yesterday", to: "1", unknown: "x" }).toString();
    const response = await get(text);
    assert.equal(response.statusCode, 400);
    const paths = response.json().error.fields.map(({ path }: { path: string }) => path);
    assert.deepEqual(paths.sort(), ["from", "query"]);
  });

  test("answer CSV to whoever asks for it by header or link", async () => {
    const payload = { ...query, from: 0, to: 1 };
    const headers = { accept: "text/csv" };
    const link = new URLSearchParams({ ...query, from: "0", to: "1", format: "csv" }).toString();
    for (const response of [
      await console.app.inject(asToken("ReadOnlyAccess", { method: "POST", url, payload, headers })),
      await get(link),
    ]) {
      assert.equal(response.headers["content-type"], "text/csv; charset=utf-8");
      assert.equal(response.body, "time,value\r\n");
    }
  });

  test("the server's own metrics count requests by operation", async () => {
    const response = await console.app.inject(asToken("ReadOnlyAccess", { method: "GET", url: "/metrics" }));
    assert.match(String(response.headers["content-type"]), /^text\/plain/);
    assert.match(
      response.body,
      /nephoscope_http_request_duration_seconds_count\{listener="console",operation="metrics:Query",status="200"\}/,
    );
  });
});
