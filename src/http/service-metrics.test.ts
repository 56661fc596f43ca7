import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createServiceMetrics } from "./service-metrics.ts";

const call = { service: "sts", region: "us-east-1", durationMs: 1 };

describe("metrics of the service", () => {
  test("count calls to AWS, and the roles assumed among them", async () => {
    const { registry, apiCall } = createServiceMetrics();
    apiCall({ ...call, operation: "AssumeRole", ok: true });
    apiCall({ ...call, operation: "AssumeRole", ok: false });
    apiCall({ ...call, operation: "GetCallerIdentity", ok: true });
    const text = await registry.metrics();
    assert.match(text, /nephoscope_assume_role_total\{operation="AssumeRole",outcome="ok"\} 1/);
    assert.match(text, /nephoscope_assume_role_total\{operation="AssumeRole",outcome="error"\} 1/);
    assert.doesNotMatch(text, /nephoscope_assume_role_total\{operation="GetCallerIdentity"/);
    assert.match(text, /nephoscope_aws_calls_total\{[^}]*operation="GetCallerIdentity"[^}]*\} 1/);
  });

  test("tell calls that AWS found too many from other errors, and how long calls wait for their turn", async () => {
    const { registry, apiCall, paced } = createServiceMetrics();
    apiCall({ ...call, operation: "GetMetricData", ok: false, throttled: true });
    apiCall({ ...call, operation: "GetMetricData", ok: false });
    paced({ operation: "GetMetricData", waitMs: 250 });
    const text = await registry.metrics();
    assert.match(text, /nephoscope_aws_calls_total\{[^}]*outcome="throttled"\} 1/);
    assert.match(text, /nephoscope_aws_calls_total\{[^}]*outcome="error"\} 1/);
    assert.match(text, /nephoscope_aws_wait_seconds_bucket\{le="0.1",operation="GetMetricData"\} 0/);
    assert.match(text, /nephoscope_aws_wait_seconds_sum\{operation="GetMetricData"\} 0.25/);
  });

  test("show each credential as it is at the scrape, and none that is gone", async () => {
    const { registry, watchCredentials } = createServiceMetrics();
    let credentials = [
      { id: "1", name: "Production", method: "keys", status: "ok", testedAt: new Date(5_000) },
      { id: "2", name: "Other", method: "default", status: "untested", testedAt: null },
    ];
    watchCredentials(async () => credentials);
    const first = await registry.metrics();
    assert.match(
      first,
      /credential_test_status\{credential="1",name="Production",method="keys",status="ok"\} 1/,
    );
    assert.match(first, /credential_tested_timestamp_seconds\{credential="1",[^}]*\} 5\n/);
    assert.match(first, /credential_tested_timestamp_seconds\{credential="2",[^}]*\} 0\n/);
    credentials = credentials.slice(0, 1).map((credential) => ({ ...credential, status: "failed" }));
    const second = await registry.metrics();
    assert.match(second, /credential_test_status\{credential="1",[^}]*status="failed"\} 1/);
    assert.doesNotMatch(second, /status="ok"|credential="2"/);
  });
});

test("requests with log events count what was stored, what was not and how long it took", async () => {
  const { registry, ingested, watchAudit, watchRemoval } = createServiceMetrics();
  const request = { format: "nd-json", status: 200, events: 8, bytes: 900, durationMs: 12 };
  ingested({ ...request, left: [{ reason: "too_old", count: 2 }] });
  watchAudit(() => 3);
  watchRemoval(() => 2);
  const text = await registry.metrics();
  assert.match(text, /nephoscope_ingest_events_total\{format="nd-json"\} 8/);
  assert.match(text, /nephoscope_ingest_bytes_total\{format="nd-json"\} 900/);
  assert.match(text, /nephoscope_ingest_rejected_events_total\{format="nd-json",reason="too_old"\} 2/);
  assert.match(
    text,
    /nephoscope_ingest_duration_seconds_bucket\{le="0.025",format="nd-json",status="200"\} 1/,
  );
  assert.match(text, /nephoscope_audit_records_lost 3/);
  assert.match(text, /nephoscope_log_removal_failures 2/);
});
