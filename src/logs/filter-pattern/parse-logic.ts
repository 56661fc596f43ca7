import type { Logic } from "./pattern.ts";
import { expect, problem, type Scanner, skip, skipSpace } from "./scanner.ts";

const depthMax = 50;

/** Tests joined by `||` and, binding more tightly, `&&`, with parentheses. */
export function parseLogic<Test>(
  scanner: Scanner,
  readTest: (scanner: Scanner) => Test,
  depth = 0,
): Logic<Test> {
  if (depth > depthMax) throw problem(scanner, `Parentheses are nested deeper than ${depthMax} levels.`);
  const readPart = (): Logic<Test> => {
    skipSpace(scanner);
    if (!skip(scanner, "(")) return { kind: "test", test: readTest(scanner) };
    const inner = parseLogic(scanner, readTest, depth + 1);
    skipSpace(scanner);
    expect(scanner, ")", "A closing parenthesis is missing.");
    return inner;
  };
  return readJoined(scanner, "or", "||", () => readJoined(scanner, "and", "&&", readPart));
}

function readJoined<Test>(
  scanner: Scanner,
  kind: "and" | "or",
  operator: string,
  readPart: () => Logic<Test>,
): Logic<Test> {
  const parts = [readPart()];
  for (skipSpace(scanner); skip(scanner, operator); skipSpace(scanner)) parts.push(readPart());
  return parts.length === 1 ? parts[0]! : { kind, parts };
}
