import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What a child can run; each is given the arguments after its name. */
const programs = {
  "hold-directory": () => import("./children/hold-directory.ts"),
  "commit-rows": () => import("./children/commit-rows.ts"),
  "commit-with-retry": () => import("./children/commit-with-retry.ts"),
  "run-jobs": () => import("./children/run-jobs.ts"),
  "record-calls": () => import("./children/record-calls.ts"),
  "write-points": () => import("./children/write-points.ts"),
};

/** A program of `test/support/children` in a process of its own, for tests that kill it. */
export interface Child {
  readonly pid: number;
  /** Lines of its standard output so far. */
  readonly lines: string[];
  /** Resolves with the first line that matches, also one from before. */
  line(pattern: RegExp): Promise<string>;
  /** Sends the signal and waits for the end; the exit code, or null after a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** `prefix` is a command to run it under, such as strace with its options. */
export function startChild(
  name: keyof typeof programs,
  args: readonly string[],
  prefix: readonly string[] = [],
): Child {
  const [command, ...rest] = [...prefix, process.execPath, fileURLToPath(import.meta.url), name, ...args];
  const child = spawn(command!, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  return {
    pid: child.pid!,
    lines,
    line: (pattern) => waitForLine(child, reader, lines, pattern),
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, "close");
      child.kill(signal);
      const [code] = await ended;
      return code as number | null;
    },
  };
}

function waitForLine(
  child: ChildProcess,
  reader: NodeJS.EventEmitter,
  lines: readonly string[],
  pattern: RegExp,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const check = () => {
      const found = lines.find((line) => pattern.test(line));
      if (found === undefined) return;
      reader.off("line", check);
      resolve(found);
    };
    reader.on("line", check);
    child.once("close", () =>
      reject(new Error(`The child ended without ${pattern}: ${lines.slice(-5).join(" | ")}`)),
    );
    check();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  const program = await programs[name as keyof typeof programs]();
  await program.run(args);
}
