import { readRegex } from "./parse-regex.ts";
import { type NumberOperator, numberExpression, type ValueCheck } from "./pattern.ts";
import { problem, readQuoted, type Scanner, skipSpace, startsWith, take, termProblem } from "./scanner.ts";

/** An operator and its value. `bare` is a sticky expression for values without quotes. */
export function readValueCheck(scanner: Scanner, bare: RegExp): ValueCheck {
  skipSpace(scanner);
  const operator = take(scanner, /!=|[<>]=?|=/y) as NumberOperator | "";
  if (operator === "") throw problem(scanner, "One of = != < <= > >= is missing.");
  skipSpace(scanner);
  const at = scanner.at;
  if (startsWith(scanner, "%")) {
    return { kind: "regex", equal: equality(scanner, operator, at), source: readRegex(scanner) };
  }
  if (startsWith(scanner, '"')) {
    const text = readQuoted(scanner);
    return { kind: "text", equal: equality(scanner, operator, at), pieces: piecesOf(text) };
  }
  const word = take(scanner, bare);
  if (word === "" || /^[=!<>]/.test(word)) throw problem(scanner, "A value is missing.", at);
  const literal = word.replace(/^\+(?=\d)/, "");
  if (numberExpression.test(literal)) return { kind: "number", operator, literal };
  return { kind: "text", equal: equality(scanner, operator, at), pieces: piecesOf(word) };
}

/** Whether the operator asks for equality; texts and expressions know no other. */
function equality(scanner: Scanner, operator: NumberOperator, at: number): boolean {
  if (operator === "=" || operator === "!=") return operator === "=";
  const term = take(scanner, /\S+/y) || scanner.text.slice(at, scanner.at);
  throw termProblem(`${operator} compares with a number; texts know = and != only.`, at, term);
}

/** Two asterisks in a row mean the same as one. */
function piecesOf(text: string): string[] {
  return text.replace(/\*{2,}/g, "*").split("*");
}
