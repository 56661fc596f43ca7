import { RE2JS } from "re2js";
import { AppError } from "../../base/index.ts";

/** Whether a series with these labels, `__name__` among them, is wanted. A label that is not there is empty. */
export type Selector = (labels: ReadonlyMap<string, string>) => boolean;

/**
 * Any of the selectors must match, as in Prometheus; without one everything does. Throws `validation_failed`, also for patterns
 * that are too large together: each step of them may be taken for each character of each series.
 */
export function readSelectors(texts: readonly string[]): Selector {
  let steps = 0;
  const compile: Compile = (pattern) => {
    const compiled = compilePattern(pattern);
    steps += compiled.programSize();
    if (steps > patternStepsMax) throw problem("The regular expressions are too large together.");
    return compiled;
  };
  const selectors = texts.map((text) => readSelector(text, compile));
  return (labels) => selectors.length === 0 || selectors.some((matches) => matches(labels));
}

type Compile = (pattern: string) => RE2JS;

/** As many as about a hundred ids beside each other have. */
const patternStepsMax = 2_000;

const metricName = /^\s*([A-Za-z_:][A-Za-z0-9_:]*)?\s*/;
const matcher =
  /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*(?:,|(?=\}))/;

/** `name{label="value",other=~"pattern"}`; either part may be missing, but not both. */
function readSelector(text: string, compile: Compile): Selector {
  const conditions: Selector[] = [];
  const name = metricName.exec(text) as RegExpExecArray;
  if (name[1] !== undefined) conditions.push((labels) => labels.get("__name__") === name[1]);
  let rest = text.slice(name[0].length);
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    for (let found = matcher.exec(rest); found; found = matcher.exec(rest)) {
      const [whole, label, operator, value] = found as unknown as [string, string, string, string];
      conditions.push(toCondition(label, operator, unquote(value), compile));
      rest = rest.slice(whole.length);
    }
    if (!/^\s*\}/.test(rest)) throw malformed(text);
    rest = rest.replace(/^\s*\}/, "");
  }
  if (rest.trim() !== "" || conditions.length === 0) throw malformed(text);
  return (labels) => conditions.every((holds) => holds(labels));
}

function toCondition(label: string, operator: string, value: string, compile: Compile): Selector {
  const textOf = (labels: ReadonlyMap<string, string>) => labels.get(label) ?? "";
  if (operator === "=") return (labels) => textOf(labels) === value;
  if (operator === "!=") return (labels) => textOf(labels) !== value;
  const pattern = compile(value);
  const wanted = operator === "=~";
  return (labels) => pattern.matches(textOf(labels)) === wanted;
}

/** Patterns match the whole value. */
function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch {
    throw problem(`Not a regular expression: ${pattern}`);
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}

function malformed(text: string): AppError {
  return problem(`Not like name{label="value"}: ${text}`);
}

function problem(message: string): AppError {
  return new AppError("validation_failed", { fields: [{ path: "match[]", message }] });
}
