import { RE2JS } from "re2js";
import { problem, type Scanner, take } from "./scanner.ts";

const regexesMax = 2;
/** All `{n}` of an expression together: each repetition is spelled out when the engine compiles it. */
const repetitionsMax = 1_000;

const allowed =
  /^(?:[A-Za-z0-9 :_#=@/;,^$?[\]{}|*+.-]|\\(?:[dDsSwW]|x[0-9a-fA-F]{2}|[:_#=@/;,^$?[\]{}|\\*+.-]))*/;

/** `%…%`: characters and operators that AWS allows, in an expression that RE2 compiles. */
export function readRegex(scanner: Scanner): string {
  const start = scanner.at;
  const quoted = take(scanner, /%[^%]+%/y);
  if (quoted === "") {
    throw problem(scanner, "A regular expression stands between two percent signs.", start);
  }
  const source = quoted.slice(1, -1);
  const good = allowed.exec(source)?.[0].length ?? 0;
  if (good < source.length) {
    const character = String.fromCodePoint(source.codePointAt(good)!);
    const written = character === "\\" ? source.slice(good, good + 2) : character;
    throw problem(scanner, `${written} is not allowed in a regular expression here.`, start + 1 + good);
  }
  if (repetitionsOf(source) > repetitionsMax) {
    throw problem(scanner, `The expression repeats more than ${repetitionsMax} times.`, start);
  }
  compileRegex(source, () => problem(scanner, "The regular expression does not compile.", start));
  scanner.regexes += 1;
  if (scanner.regexes > regexesMax) {
    throw problem(scanner, `A pattern has at most ${regexesMax} regular expressions.`, start);
  }
  return source;
}

function repetitionsOf(source: string): number {
  return [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].reduce(
    (sum, [, least, most]) => sum + Number(most || least),
    0,
  );
}

/** A dot stands for a line break too, as it does in ClickHouse. */
export function compileRegex(source: string, onError?: () => Error): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch (error) {
    throw onError?.() ?? error;
  }
}
