/** Everything that can be checked without running the product: format, lint, types, house rules, generated files. */
import { spawnSync } from "node:child_process";

interface Step {
  readonly title: string;
  /** Arguments for Node. */
  readonly command: readonly string[];
}

const steps: readonly Step[] = [
  {
    title: "format and lint",
    command: ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."],
  },
  { title: "types", command: ["node_modules/typescript/bin/tsc", "--project", "."] },
  {
    title: "types of the web UI",
    command: ["node_modules/typescript/bin/tsc", "--project", "web", "--noEmit"],
  },
  { title: "house rules", command: ["--test", "--test-reporter=dot", "test/tidy.test.ts"] },
  { title: "generated manual pages", command: ["scripts/generate.ts", "--check"] },
  { title: "schema dump", command: ["scripts/dump-schema.ts", "--check"] },
];

const failed = steps.filter((step) => !passes(step));
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.map((step) => step.title).join(", ")}`);
  process.exitCode = 1;
}

function passes(step: Step): boolean {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, step.command, { stdio: "inherit" });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${step.title} (${seconds} s)`);
  return status === 0;
}
