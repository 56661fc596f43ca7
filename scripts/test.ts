/**
 * Runs the tests: all of them, or those whose path contains one of the arguments. Ends with the skipped tests and their
 * reasons, then one line `N passed, N failed, N skipped`. Two files at a time: an embedded database and ClickHouse need
 * about 0.7 GB together, and a small machine has two cores.
 */
import { globSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const patterns = ["src", "simulator", "test", "scripts", "web/src", "bench"].map(
  (folder) => `${folder}/**/*.test.{ts,tsx}`,
);
const fileTimeoutMs = 600_000;

const wanted = process.argv.slice(2);
const files = globSync(patterns, { exclude: ["**/node_modules/**"] })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part.replace(/^\.\//, ""))))
  .sort();
if (files.length === 0) {
  console.error(`No test file matches: ${wanted.join(" ")}`);
  process.exit(2);
}

const skipped: string[] = [];
let counts = { passed: 0, failed: 0, skipped: 0 };

const stream = run({ files, concurrency: 2, timeout: fileTimeoutMs });
stream.on("test:pass", (test) => {
  if (test.skip === undefined || test.skip === false) return;
  skipped.push(`${test.name}: ${typeof test.skip === "string" ? test.skip : "no reason given"}`);
});
stream.on("test:summary", (summary) => {
  // One summary a file, and one without a file for everything.
  if (summary.file !== undefined) return;
  const { tests, passed, skipped, todo } = summary.counts;
  counts = { passed, failed: tests - passed - skipped - todo, skipped };
  if (!summary.success && counts.failed === 0) counts.failed = 1;
});
stream.on("end", () => {
  process.exitCode = counts.failed === 0 ? 0 : 1;
});

const report = stream.compose(new spec());
report.pipe(process.stdout, { end: false });
report.on("end", () => {
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((line) => `  ${line}`).join("\n")}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
});
