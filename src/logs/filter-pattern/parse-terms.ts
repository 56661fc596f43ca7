import { readRegex } from "./parse-regex.ts";
import type { FilterPattern, Term } from "./pattern.ts";
import {
  isAtEnd,
  problem,
  readQuoted,
  type Scanner,
  skip,
  skipSpace,
  startsWith,
  take,
  termProblem,
} from "./scanner.ts";

/** `ERROR "exact phrase" ?either ?or -without %regex%`. */
export function parseTerms(scanner: Scanner): FilterPattern {
  const include: Term[] = [];
  const anyOf: Term[] = [];
  const exclude: Term[] = [];
  for (skipSpace(scanner); !isAtEnd(scanner); skipSpace(scanner)) {
    const list = skip(scanner, "?") ? anyOf : skip(scanner, "-") ? exclude : include;
    const at = scanner.at;
    const term = readTerm(scanner);
    if (term.kind === "text" && term.text === "") {
      // An empty phrase is in every message.
      if (list === include) continue;
      throw problem(scanner, "A phrase after ? or - cannot be empty.", at);
    }
    list.push(term);
    if (!isAtEnd(scanner) && !/\s/.test(scanner.text[scanner.at]!)) {
      throw problem(scanner, "Terms are set apart by spaces.");
    }
  }
  if (include.length + anyOf.length + exclude.length === 0) return { kind: "all" };
  // As in CloudWatch Logs, optional terms count only among themselves.
  return { kind: "terms", include, exclude, anyOf: include.length + exclude.length === 0 ? anyOf : [] };
}

function readTerm(scanner: Scanner): Term {
  if (startsWith(scanner, '"')) return { kind: "text", text: readQuoted(scanner) };
  if (startsWith(scanner, "%")) return { kind: "regex", source: readRegex(scanner) };
  const at = scanner.at;
  const word = take(scanner, /\S+/y);
  if (word === "") throw problem(scanner, "A term is missing.");
  if (!/^[\p{L}\p{M}\p{N}_]+$/u.test(word)) {
    const message = `A term of other characters than letters, digits and _ is written in double quotes: "${word}".`;
    throw termProblem(message, at, word);
  }
  return { kind: "text", text: word };
}
