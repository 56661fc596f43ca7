import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// The first command of the README: what it shows must be what it collected.
test("the demo's one round prints every namespace, accounts for every point and every log event, and exits 0", async () => {
  const child = spawn(process.execPath, ["scripts/demo.ts", "--once"], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode ?? once(child, "exit"),
  ]);
  assert.equal(child.exitCode, 0, output + errors);
  const rows = [...output.matchAll(/^(\S+) +(\d+) +(\d+) +(\d+) +\d{4}-\d\d-\d\dT\S+Z$/gm)];
  const namespaces = rows.map(([, namespace]) => namespace);
  for (const expected of ["AWS/EC2", "AWS/S3", "AWS/Billing"])
    assert.ok(namespaces.includes(expected), output);
  const stored = Number(/The run stored (\d+) points/.exec(output)?.[1]);
  assert.ok(stored > 100_000, output);
  assert.equal(
    rows.reduce((sum, [, , , , points]) => sum + Number(points), 0),
    stored,
  );
  const logged = [...output.matchAll(/^(ND-JSON|OTLP) +(\/\S+) +(\d+) +(\d+) +\{ \$\..+ \}$/gm)];
  assert.deepEqual(
    logged.map(([, format, path]) => `${format} ${path}`),
    ["ND-JSON /ingest/bulk", "OTLP /v1/logs"],
    output,
  );
  for (const [, , , sent, found] of logged) assert.ok(Number(sent) > 0 && sent === found, output);
  assert.doesNotMatch(output + errors, /ACWL/, "the key's value is shown nowhere");
});
