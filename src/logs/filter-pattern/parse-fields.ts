import { readValueCheck } from "./parse-check.ts";
import { parseLogic } from "./parse-logic.ts";
import type { Field, FilterPattern, ValueCheck } from "./pattern.ts";
import { expect, isAtEnd, problem, type Scanner, skip, skipSpace, startsWith, take } from "./scanner.ts";

const bareValue = /(?:(?!&&|\|\|)[^\s"(),[\]])+/y;

/** `[ip, user, ..., status = 4*, bytes > 100]`. */
export function parseFields(scanner: Scanner): FilterPattern {
  expect(scanner, "[", "A pattern for fields starts with [.");
  const before: Field[] = [];
  let after: Field[] | undefined;
  const names = new Set<string>();
  skipSpace(scanner);
  // An empty list asks for nothing.
  if (startsWith(scanner, "]")) after = [];
  else {
    do {
      skipSpace(scanner);
      const at = scanner.at;
      if (skip(scanner, "...")) {
        if (after) throw problem(scanner, "A pattern has at most one ellipsis.", at);
        after = [];
      } else {
        const field = readField(scanner);
        if (field.name !== undefined && names.has(field.name)) {
          throw problem(scanner, `Another field has the name ${field.name}.`, at);
        }
        if (field.name !== undefined) names.add(field.name);
        (after ?? before).push(field);
      }
      skipSpace(scanner);
    } while (skip(scanner, ","));
  }
  expect(scanner, "]", "A comma, &&, || or the closing ] is missing.");
  skipSpace(scanner);
  if (!isAtEnd(scanner)) throw problem(scanner, "Nothing can follow the closing ].");
  if (after && before.length + after.length === 0) return { kind: "all" };
  return { kind: "fields", before, after };
}

/** A name with conditions, a name alone, or nothing, which stands for a field of any content. */
function readField(scanner: Scanner): Field {
  if (/[,\]]/.test(scanner.text[scanner.at] ?? "")) return { name: undefined, condition: undefined };
  let name: string | undefined;
  let bare = false;
  const condition = parseLogic<ValueCheck | undefined>(scanner, () => {
    const at = scanner.at;
    const found = take(scanner, /[\p{L}_@$][\p{L}\p{N}_@$.-]*/uy);
    if (found === "") throw problem(scanner, "The name of a field is missing.");
    if (name !== undefined && found !== name) {
      throw problem(scanner, `A condition speaks of one field; this one is ${name}.`, at);
    }
    name = found;
    skipSpace(scanner);
    if (/[,\]]/.test(scanner.text[scanner.at] ?? "")) {
      bare = true;
      return undefined;
    }
    return readValueCheck(scanner, bareValue);
  });
  if (!bare) return { name, condition: condition as Field["condition"] };
  if (condition.kind !== "test") throw problem(scanner, "An operator and a value are missing.");
  return { name, condition: undefined };
}
