import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "../../program.ts";
import { createFakeTerminal } from "../../testing/fake-terminal.ts";
import { onePage, sampleIntegration, samplePreview, sampleWireIntegration } from "../../testing/samples.ts";

test("integrations are found by name, acted on by id", async () => {
  const list = { "GET /api/v1/integrations": onePage(sampleIntegration) };
  const cases: [string[], string][] = [
    [["disable"], "POST /api/v2/cloudintegration/cw-1/disable"],
    [["enable"], "POST /api/v2/cloudintegration/cw-1/enable"],
    [["undelete"], "POST /api/v2/cloudintegration/cw-1/undelete"],
    [["run"], "POST /api/v1/integrations/cw-1/run"],
    [["delete"], "DELETE /api/v2/cloudintegration/cw-1"],
  ];
  for (const [verb, request] of cases) {
    const terminal = createFakeTerminal({ ...list, [request]: {} });
    assert.equal(await runProgram(["integration", ...verb, "prod metrics"], terminal), 0);
    assert.equal(`${terminal.requests[1]?.method} ${terminal.requests[1]?.path}`, request);
  }
});

test("a preview takes the options of a creation, or a stored integration with changes", async () => {
  const preview = "POST /api/v1/integrations/preview";
  const terminal = createFakeTerminal({ [preview]: samplePreview });
  const options = ["--namespace", "AWS/EC2", "--every", "10"];
  assert.equal(await runProgram(["integration", "preview", ...options], terminal), 0);
  assert.deepEqual(terminal.requests[0]?.body, {
    service: "CLOUDWATCH",
    cloudWatch: { namespaces: ["AWS/EC2"] },
    serviceRefreshRateInMins: 10,
  });
  assert.match(terminal.output(), /US dollars a month +at least 0\.86 to 5\.18, every 5 min/);
  assert.match(terminal.output(), /AWS\/EC2 +InstanceId +10 +5 min +0\.86 to 4\.32/);
  assert.match(
    terminal.output(),
    /metricFilterRegex +7 +aws\.ec2\.networkin, aws\.ec2\.networkout, \S+diskreadops\s/,
  );
  assert.match(terminal.output(), /10 min +0\.43 to 2\.59 +0\.43 to 2\.59[\s\S]*There is more\./);

  const machine = createFakeTerminal({
    [preview]: samplePreview,
    "GET /api/v1/integrations": onePage(sampleIntegration),
    "GET /api/v2/cloudintegration/cw-1": {
      status: { result: "OK", message: "", code: 200 },
      response: sampleWireIntegration,
    },
  });
  assert.equal(
    await runProgram(["integration", "preview", "prod metrics", "--every", "10", "--json"], machine),
    0,
  );
  assert.deepEqual(JSON.parse(machine.output()), samplePreview);
  assert.deepEqual(machine.requests[2]?.body, {
    ...sampleWireIntegration,
    serviceRefreshRateInMins: 10,
  });
});
