import { parseFields } from "./parse-fields.ts";
import { parseJson } from "./parse-json.ts";
import { parseTerms } from "./parse-terms.ts";
import { type FilterPattern, FilterPatternProblem, patternCharactersMax } from "./pattern.ts";
import { createScanner, skipSpace, startsWith } from "./scanner.ts";

/** Reads a pattern of CloudWatch Logs' filter language. Throws FilterPatternProblem. */
export function parseFilterPattern(text: string): FilterPattern {
  if (text.length > patternCharactersMax) {
    throw new FilterPatternProblem(
      `A pattern has at most ${patternCharactersMax} characters.`,
      patternCharactersMax + 1,
    );
  }
  // A quoted space and quotes around nothing are the documented ways to ask for everything.
  if (/^\s*(?:" ?")?\s*$/.test(text)) return { kind: "all" };
  const scanner = createScanner(text.toWellFormed());
  skipSpace(scanner);
  if (startsWith(scanner, "{")) return parseJson(scanner);
  if (startsWith(scanner, "[")) return parseFields(scanner);
  return parseTerms(scanner);
}
