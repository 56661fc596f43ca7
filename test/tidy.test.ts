/** The house rules that no linter knows. Each failure names file, line and what to do. The tables are in support/house-rules.ts. */
import assert from "node:assert/strict";
import { posix } from "node:path";
import { test } from "node:test";
import * as rules from "./support/house-rules.ts";
import {
  lineAt,
  listFiles,
  parse,
  pathExists,
  readSources,
  readText,
  type SourceFile,
} from "./support/source-tree.ts";

const sources = readSources("src", "simulator", "test", "bench", "scripts", "web");
const product = sources.filter((file) => /^(src|simulator)\//.test(file.path) && !isTest(file.path));
const texts = [
  ...sources,
  ...listFiles("docs", "deploy", ".ci", "README.md", "CHANGELOG.md")
    .filter((path) => /\.(md|ya?ml|service)$|Dockerfile$|run$/.test(path))
    .map((path) => ({ path, text: readText(path) })),
];

test("imports go to a smaller rank, never sideways, never up", () => {
  report(eachImport(sources, (file, target) => explainRank(areaOf(file.path), areaOf(target), file.path)));
});

test("an area is entered through its index.ts", () => {
  report(
    eachImport(sources, (file, target) => {
      const [from, to] = [areaOf(file.path), areaOf(target)];
      if (from === to || !(to in rules.ranks || to === "simulator") || to === "contract") return undefined;
      if (posix.basename(target) === "index.ts" || to === "main") return undefined;
      return `enters ${to} by the side door ${target}; export by name from its index.ts and import that`;
    }),
  );
});

test("a package is known to the area that owns it only", () => {
  const isOwner = (path: string, owners: readonly string[]) => owners.some((owner) => path.startsWith(owner));
  report(
    product.flatMap((file) =>
      file.imports.flatMap(({ specifier, line }) =>
        rules.packageOwners
          .filter(({ name, owners }) => name.test(specifier) && !isOwner(file.path, owners))
          .map(
            ({ owners }) =>
              `${file.path}:${line} imports ${specifier}, which only ${owners.join(", ")} may know`,
          ),
      ),
    ),
  );
});

test("imported files exist and there are no import cycles, type imports included", () => {
  const graph = importGraph();
  const problems = eachImport(sources, (_file, target) =>
    pathExists(target) ? undefined : `imports ${target}, which does not exist`,
  );
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) problems.push(`Cycle: ${[...trail.slice(at), path].join(" → ")}`);
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  report(problems);
});

test("no file is dead: the product, a script or a benchmark reaches it; test support is reached by a test", () => {
  const graph = importGraph();
  const isEntry = (path: string) =>
    [
      "src/main.ts",
      "src/cli/main.ts",
      "simulator/main.ts",
      "simulator/index.ts",
      "web/src/main.tsx",
      "web/vite.config.ts",
    ].includes(path) ||
    /^(scripts|bench)\/[^/]+$/.test(path) ||
    path.endsWith(".d.ts");
  const alive = reach(graph, [...graph.keys()].filter(isEntry));
  const tested = reach(graph, [...graph.keys()].filter(isTest));
  report(
    [...graph.keys()]
      .filter((path) => !alive.has(path) && !isTest(path))
      .flatMap((path) => {
        if (!tested.has(path)) return [`${path} is reached by nothing; delete it`];
        if (path.startsWith("test/") || path.endsWith(".suite.ts") || /\/(fixtures|testing)\//.test(path))
          return [];
        return [`${path} is reached by tests only; use it, delete it or move it to test/support`];
      }),
  );
});

test("no test is focused", () => {
  report(
    find(
      sources.filter((file) => isTest(file.path)),
      /\.only\s*\(|\bonly:\s*true/g,
      "would silence all other tests; remove it",
    ),
  );
});

test("nothing is left for later", () => {
  // Spelled so that this file does not find itself.
  report(
    find(
      texts,
      new RegExp(["FIX" + "ME", "TO" + "DO", "XX" + "X"].map((word) => `\\b${word}\\b`).join("|"), "g"),
      "finish it or leave it out",
    ),
  );
});

test("only the settings loader reads the environment", () => {
  report(
    find(
      exceptFor(product, rules.environmentReaders),
      /\bprocess\.env\b/g,
      "add a row to src/config/settings.ts and have the value handed in",
      "code",
    ),
  );
});

test("clock, timers and randomness are handed in", () => {
  const reached =
    /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bMath\.random\b|\b(?<![.\w])set(?:Timeout|Interval)\s*\(|\brandom(?:UUID|Bytes|Int)\s*\(/g;
  report(
    find(
      exceptFor(product, rules.realTimeUsers),
      reached,
      "take a Clock or a Random from src/base as a dependency",
      "code",
    ),
  );
});

test("no pattern that a user could have written becomes a RegExp", () => {
  const files = product.filter((file) => file.path.startsWith("src/"));
  report(
    find(files, /\bRegExp\(\s*(?!["'])/g, "compile it with re2js (linear time) or write a literal", "code"),
  );
});

test("nothing names a folder of somebody's machine", () => {
  report(
    find(
      texts,
      /(?<![\w.~$}*-])\/(?:home|Users|root|work|mnt)\/[\w.-]+/g,
      "paths come from settings, temporary folders or the checkout",
    ),
  );
});

test("there are no default exports, enums or namespaces in our modules", () => {
  const files = sources.filter((file) => !/(^|\/)[\w-]+\.config\.ts$/.test(file.path));
  report(
    find(
      files,
      /^\s*(?:export\s+default\b|(?:export\s+)?(?:const\s+)?enum\s+\w|(?:export\s+)?namespace\s+\w)/gm,
      "export by name; use a union of literals",
      "code",
    ),
  );
});

test("file names are kebab-case", () => {
  report(
    sources
      .filter(({ path }) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(posix.basename(path)))
      .map(({ path }) => `${path}: rename it to kebab-case`),
  );
});

test("every relative link of the manual leads to a file", () => {
  const pages = texts.filter(({ path }) => path.endsWith(".md"));
  report(
    pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)]
        .filter((match) => !pathExists(posix.join(posix.dirname(path), match[1] as string)))
        .map((match) => `${path}:${lineAt(text, match.index)} links to ${match[1]}, which does not exist`),
    ),
  );
});

test("the rules see through comments, strings, templates and regular expressions", () => {
  const file = parse(
    "src/x/a.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template inside the parsed source.
    'import { a } from "../y/b.ts"; // from "c"\nconst t = `process.env ${call("from")} Date.now`; const r = /["\'`]/; import("./d.ts");',
  );
  assert.deepEqual(
    file.imports.map(({ target, line }) => [target, line]),
    [
      ["src/y/b.ts", 1],
      ["src/x/d.ts", 2],
    ],
  );
  assert.match(file.code, /call\("/);
  assert.doesNotMatch(file.code, /process|Date/);
});

test("the rank rule refuses sideways and upward imports and knows the asides", () => {
  assert.equal(explainRank("http", "vault", ""), undefined);
  assert.match(explainRank("db", "telemetry", "") ?? "", /sideways/);
  assert.match(explainRank("vault", "identity", "") ?? "", /upwards/);
  assert.match(explainRank("cli", "vault", "") ?? "", /cli may import/);
  assert.match(explainRank("http", "config", "") ?? "", /only main/);
});

function areaOf(path: string): string {
  const parts = path.split("/");
  if (path === "src/main.ts" || path === "src/main.test.ts") return "main";
  if (parts[0] === "src") return parts[1] === "main" ? "main" : (parts[1] as string);
  if (parts[0] === "test" && parts.length > 2) return `test/${parts[1]}`;
  return parts[0] as string;
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

function explainRank(from: string, to: string, path: string): string | undefined {
  if (from === to || rules.above.includes(from)) return undefined;
  // Tests may stand on the shared harness and on the simulated account.
  if (isTest(path) && (to === "test/support" || to === "simulator")) return undefined;
  const aside = rules.asides[from];
  if (aside !== undefined) {
    return aside.includes(to) ? undefined : `imports ${to}; ${from} may import ${aside.join(", ")} only`;
  }
  const [own, other] = [rules.ranks[from], rules.ranks[to]];
  if (own === undefined) return `is in ${from}, which has no rank; add it to the table`;
  if (other === undefined) return `imports ${to}, which is not part of the product`;
  if (to === "config" && !rules.settingsReaders.includes(from))
    return "imports config; only main.ts does, and hands values in";
  if (other < own) return undefined;
  return `imports ${to} (rank ${other}) from ${from} (rank ${own}): ${other === own ? "sideways" : "upwards"}. Have it handed in by shape`;
}

function importGraph(): Map<string, string[]> {
  return new Map(sources.map((file) => [file.path, file.imports.flatMap(({ target }) => target ?? [])]));
}

function reach(graph: Map<string, string[]>, from: string[]): Set<string> {
  const seen = new Set<string>();
  for (let next = from.pop(); next !== undefined; next = from.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    from.push(...(graph.get(next) ?? []));
  }
  return seen;
}

function eachImport(
  files: SourceFile[],
  judge: (file: SourceFile, target: string) => string | undefined,
): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap(({ target, line }) => {
      const problem = target === undefined ? undefined : judge(file, target);
      return problem === undefined ? [] : [`${file.path}:${line} ${problem}`];
    }),
  );
}

function find<File extends { path: string; text: string }, Key extends keyof File & string>(
  files: File[],
  pattern: RegExp,
  advice: string,
  part?: Key,
): string[] {
  return files.flatMap((file) => {
    const text = part === undefined ? file.text : String(file[part]);
    return [...text.matchAll(pattern)].map(
      (match) => `${file.path}:${lineAt(text, match.index)} ${match[0].trim()}: ${advice}`,
    );
  });
}

function exceptFor(files: SourceFile[], exemptions: readonly rules.Exemption[]): SourceFile[] {
  const isExempt = ({ path }: SourceFile) =>
    exemptions.some((exempt) =>
      exempt.path.endsWith("/") ? path.startsWith(exempt.path) : path === exempt.path,
    );
  return files.filter((file) => !isExempt(file));
}

function report(problems: string[]): void {
  assert.ok(problems.length === 0, `\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
}
