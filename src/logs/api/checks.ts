import { isStorable } from "../../base/index.ts";
import { ProtocolError } from "../../protocols/index.ts";

/** A value of the request and what AWS says of it; empty when it is fine. */
interface Finding {
  readonly value: string;
  readonly path: string;
  readonly constraint: string;
}

/** Collects what is wrong with the members of one request, in AWS's words. */
export interface Checks {
  /** Length and pattern of a text; what is absent is fine. */
  text(path: string, value: string | null | undefined, rule: TextRule): Checks;
  number(path: string, value: number | undefined, range: { min: number; max?: number }): Checks;
  oneOf(path: string, value: string | number | undefined, allowed: readonly (string | number)[]): Checks;
  /** The number of items of a list or a map. */
  size(path: string, value: number | undefined, range: { min: number; max: number }): Checks;
  tags(path: string, value: Readonly<Record<string, string>> | undefined): Checks;
  tagKeys(path: string, value: readonly string[] | undefined, min: number): Checks;
  /** Throws InvalidParameterException with all that was found. */
  done(): void;
}

export interface TextRule {
  readonly min?: number;
  readonly max?: number;
  /** Matches the whole text. `shown` is AWS's way to write it. */
  readonly pattern?: { readonly test: RegExp; readonly shown: string };
}

const groupNamePattern = { test: /^[.\-_/#A-Za-z0-9]*$/, shown: "[\\.\\-_/#A-Za-z0-9]+" };
const tagKeyPattern = {
  test: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  shown: "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$",
};
const tagValuePattern = {
  test: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  shown: "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$",
};

/** Of AWS's service model. */
export const rules = {
  groupName: { min: 1, max: 512, pattern: groupNamePattern },
  groupNamePart: { max: 512, pattern: { ...groupNamePattern, shown: "[\\.\\-_/#A-Za-z0-9]*" } },
  groupIdentifier: { min: 1, max: 2048, pattern: { test: /^[\w#+=/:,.@-]*$/, shown: "[\\w#+=/:,.@-]*" } },
  groupListPattern: {
    min: 3,
    max: 129,
    pattern: {
      test: /^\^?[.\-_/#A-Za-z0-9]{3,24}(\|\^?[.\-_/#A-Za-z0-9]{3,24}){0,4}$/,
      shown: "(\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24})(\\|\\^?[\\.\\-_\\/#A-Za-z0-9]{3,24}){0,4}",
    },
  },
  streamName: { min: 1, max: 512, pattern: { test: /^[^:*]*$/, shown: "[^:*]*" } },
  token: { min: 1 },
  resourceArn: { min: 1, max: 1011, pattern: { test: /^[\w+=/:,.@#-]*$/, shown: "[\\w+=/:,.@-]*" } },
  accountId: { min: 12, max: 12, pattern: { test: /^\d{12}$/, shown: "^\\d{12}$" } },
  tagKey: { min: 1, max: 128, pattern: tagKeyPattern },
  tagValue: { max: 256, pattern: tagValuePattern },
  tagFilterValue: {
    max: 259,
    pattern: {
      test: /^!?\*?[\p{L}\p{Z}\p{N}_.:/=+\-@]*\*?$/u,
      shown: "^!?\\*?([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)\\*?$",
    },
  },
} satisfies Record<string, TextRule>;

export const groupClasses = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"] as const;
const tagsMax = 50;

export function checkInput(): Checks {
  const findings: Finding[] = [];
  const add = (value: unknown, path: string, constraint: string) =>
    findings.push({ value: shorten(String(value)), path, constraint });
  const checks: Checks = {
    text: (path, value, rule) => {
      if (value === null) add(null, path, "Member must not be null");
      else if (value !== undefined)
        for (const problem of textProblems(value, rule)) add(value, path, problem);
      return checks;
    },
    number: (path, value, { min, max }) => {
      if (value === undefined) return checks;
      if (value < min) add(value, path, `Member must have value greater than or equal to ${min}`);
      if (max !== undefined && value > max)
        add(value, path, `Member must have value less than or equal to ${max}`);
      return checks;
    },
    oneOf: (path, value, allowed) => {
      if (value !== undefined && !allowed.includes(value))
        add(value, path, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
      return checks;
    },
    size: (path, value, { min, max }) => {
      if (value === undefined) return checks;
      const shown = value === 0 ? "[]" : `[${value} members]`;
      if (value < min) add(shown, path, `Member must have length greater than or equal to ${min}`);
      if (value > max) add(shown, path, `Member must have length less than or equal to ${max}`);
      return checks;
    },
    tags: (path, value) => {
      if (!value) return checks;
      const entries = Object.entries(value);
      const shown = `{${entries.map(([key, text]) => `${key}=${text}`).join(", ")}}`;
      if (entries.length === 0) add(shown, path, "Member must have length greater than or equal to 1");
      if (entries.length > tagsMax)
        add(shown, path, `Member must have length less than or equal to ${tagsMax}`);
      if (entries.some(([key]) => textProblems(key, rules.tagKey).length > 0))
        add(shown, path, `Map keys must satisfy constraint: [${shownRule(rules.tagKey)}]`);
      if (entries.some(([, text]) => textProblems(text, rules.tagValue).length > 0))
        add(shown, path, `Map value must satisfy constraint: [${shownRule(rules.tagValue)}]`);
      return checks;
    },
    tagKeys: (path, value, min) => {
      checks.size(path, value?.length, { min, max: tagsMax });
      if (value?.some((key) => textProblems(key, rules.tagKey).length > 0))
        add(`[${value.join(", ")}]`, path, `Member must satisfy constraint: [${shownRule(rules.tagKey)}]`);
      return checks;
    },
    done: () => {
      if (findings.length > 0) throw invalidParameter(describe(findings));
    },
  };
  return checks;
}

export function invalidParameter(message: string): ProtocolError {
  return new ProtocolError("InvalidParameterException", message);
}

function describe(findings: readonly Finding[]): string {
  const count = findings.length === 1 ? "1 validation error" : `${findings.length} validation errors`;
  const list = findings.map(
    ({ value, path, constraint }) =>
      `Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`,
  );
  return `${count} detected: ${list.join("; ")}`;
}

/** Lists and maps may hold null, whatever their schema says. */
function textProblems(text: string | null, { min = 0, max, pattern }: TextRule): string[] {
  if (text === null) return ["Member must not be null"];
  const problems: string[] = [];
  if (text.length < min) problems.push(`Member must have length greater than or equal to ${min}`);
  if (max !== undefined && text.length > max)
    problems.push(`Member must have length less than or equal to ${max}`);
  // An empty text is told to be too short already.
  if (pattern && text !== "" && !(pattern.test.test(text) && isStorable(text)))
    problems.push(`Member must satisfy regular expression pattern: ${pattern.shown}`);
  return problems;
}

function shownRule({ min = 0, max, pattern }: TextRule): string {
  return [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    `Member must have length greater than or equal to ${min}`,
    ...(pattern ? [`Member must satisfy regular expression pattern: ${pattern.shown}`] : []),
  ].join(", ");
}

const shownCharactersMax = 1024;

function shorten(text: string): string {
  return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}…` : text;
}
