/**
 * `node scripts/run.mjs <target> [arguments]`: what stands behind `npm start`, `npm run demo`, `npm test` and their like.
 * It runs on Node 20, brings the checkout into a state in which the target can run, then runs the target on the Node
 * that package.json names, whatever Node it was started with.
 */
import { runTarget } from "./setup/run-target.mjs";

const targets = {
  serve: { script: "src/main.ts", arguments: ["serve"], needsWeb: true },
  demo: { script: "scripts/demo.ts", arguments: [], needsWeb: true },
  test: { script: "scripts/test.ts", arguments: [], needsWeb: true },
  check: { script: "scripts/check.ts", arguments: [], needsWeb: false },
  bench: { script: "bench/main.ts", arguments: [], needsWeb: false },
  screenshots: { script: "scripts/screenshots.ts", arguments: [], needsWeb: true },
  generate: { script: "scripts/generate.ts", arguments: [], needsWeb: false },
};

const [name = "", ...rest] = process.argv.slice(2);
const target = Object.hasOwn(targets, name) ? targets[/** @type {keyof typeof targets} */ (name)] : undefined;
if (target === undefined) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(targets).join("|")} [arguments]`);
  process.exit(2);
}
process.exitCode = await runTarget({ ...target, arguments: [...target.arguments, ...rest] });
