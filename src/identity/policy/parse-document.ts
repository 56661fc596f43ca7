import { findBrokenType, isIncomparable, readValue } from "./condition-values.ts";
import type { NegatablePatterns, PolicyCondition, PolicyDocument, PolicyStatement } from "./document.ts";
import { createRanges, type JsonNode, readJson } from "./json.ts";
import { findOperator, nullOperator, operatorNames } from "./operators/list.ts";
import { PolicyProblem, syntaxProblem } from "./problem.ts";
import { checkAction, checkResource } from "./texts.ts";

type ObjectNode = Extract<JsonNode, { kind: "object" }>;

export interface BrokenValue {
  readonly problem: PolicyProblem;
  /** A Deny under such a condition binds always; else the value matches nothing. */
  readonly incomparable: boolean;
}

/** Reads an identity policy that somebody writes now. Throws PolicyProblem. */
export function parsePolicyDocument(text: string): PolicyDocument {
  const { document, brokenValues } = readPolicyDocument(text);
  if (brokenValues[0]) throw brokenValues[0].problem;
  return document;
}

/**
 * Reads an identity policy. What is not of the grammar is refused and never passed over: a misspelt `Condition` that were
 * ignored would give more than its writer meant. Throws PolicyProblem. Only values of conditions that are not of their
 * operator's type are told apart: what was stored before they were refused is still to be read.
 */
export function readPolicyDocument(text: string): {
  readonly document: PolicyDocument;
  readonly brokenValues: readonly BrokenValue[];
} {
  const root = objectAt(readJson(text), "", "The policy");
  refuseUnknown(root, documentMembers, "");
  const version = readVersion(root);
  optionalString(root, "Id", "Id");
  const statement = root.members.get("Statement");
  if (!statement) throw syntaxProblem("Statement", "The policy has no Statement.");
  const nodes = statement.kind === "array" ? statement.items : [statement];
  if (nodes.length === 0) throw syntaxProblem("Statement", "Statement is empty.");
  const rangeOf = createRanges(text);
  const brokenValues: BrokenValue[] = [];
  const statements = nodes.map((node, i) => {
    const path = statement.kind === "array" ? `Statement[${i}]` : "Statement";
    const found = readStatement(objectAt(node, path), path, version);
    brokenValues.push(...found.brokenValues);
    return { ...found.statement, range: rangeOf(node) };
  });
  checkSids(statements);
  return { document: { version, statements }, brokenValues };
}

const documentMembers = ["Version", "Id", "Statement"];
const statementMembers = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

function readVersion(root: ObjectNode): PolicyDocument["version"] {
  const version = optionalString(root, "Version", "Version") ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw syntaxProblem("Version", `Version must be 2012-10-17 or 2008-10-17, not ${version}.`);
  }
  return version;
}

function readStatement(
  node: ObjectNode,
  path: string,
  version: PolicyDocument["version"],
): { statement: Omit<PolicyStatement, "range">; brokenValues: BrokenValue[] } {
  if (node.members.has("Principal") || node.members.has("NotPrincipal")) {
    throw new PolicyProblem("Policy document should not specify a principal.", path);
  }
  refuseUnknown(node, statementMembers, `${path}.`);
  const sid = readSid(node, path);
  const effect = optionalString(node, "Effect", `${path}.Effect`);
  if (effect !== "Allow" && effect !== "Deny") {
    throw syntaxProblem(`${path}.Effect`, `${path}.Effect must be Allow or Deny.`);
  }
  const variables = version === "2012-10-17";
  const statement = {
    ...(sid && { sid }),
    effect,
    actions: readPatterns(node, "Action", path, checkAction),
    resources: readPatterns(node, "Resource", path, (text, at) => checkResource(text, at, variables)),
  } as const;
  const lines = readConditions(node.members.get("Condition"), `${path}.Condition`, variables);
  return {
    statement: { ...statement, conditions: lines.map(({ condition }) => condition) },
    brokenValues: lines.flatMap(({ brokenValues }) => brokenValues),
  };
}

function readSid(node: ObjectNode, path: string): string | undefined {
  const sid = optionalString(node, "Sid", `${path}.Sid`);
  if (sid !== undefined && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw new PolicyProblem(
      "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
      `${path}.Sid`,
    );
  }
  return sid;
}

/** Of a pair such as Action and NotAction exactly one has to be there. */
function readPatterns(
  node: ObjectNode,
  name: "Action" | "Resource",
  path: string,
  check: (text: string, path: string) => void,
): NegatablePatterns {
  const positive = node.members.get(name);
  const negative = node.members.get(`Not${name}`);
  if (positive && negative) {
    throw syntaxProblem(path, `${path} has both ${name} and Not${name}; it may have one of them.`);
  }
  const member = positive ? name : `Not${name}`;
  const patterns = stringsAt(positive ?? negative, `${path}.${member}`);
  if (patterns.length === 0) {
    throw new PolicyProblem(`Policy statement must contain ${name.toLowerCase()}s.`, `${path}.${name}`);
  }
  for (const pattern of patterns) check(pattern, `${path}.${member}`);
  return { negated: positive === undefined, patterns };
}

function readConditions(
  node: JsonNode | undefined,
  path: string,
  variables: boolean,
): readonly { condition: PolicyCondition; brokenValues: BrokenValue[] }[] {
  if (!node) return [];
  return [...objectAt(node, path).members].flatMap(([operator, keys]) => {
    const operatorPath = `${path}.${operator}`;
    const form = readOperator(operator, operatorPath);
    return [...objectAt(keys, operatorPath).members].map(([key, values]) => {
      const keyPath = `${operatorPath}.${key}`;
      checkKey(key, keyPath);
      const condition = { ...form, key, values: valuesAt(values, keyPath) };
      return { condition, brokenValues: findBrokenValues(condition, keyPath, variables) };
    });
  });
}

function readOperator(
  spelling: string,
  path: string,
): Pick<PolicyCondition, "operator" | "quantifier" | "ifExists"> {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(spelling);
  const [, prefix, name = "", suffix] = match ?? [];
  const operator = findOperator(name)?.name;
  if (operator) return { operator, quantifier: quantifierOf(prefix), ifExists: suffix !== undefined };
  if (spelling.toLowerCase() === nullOperator.toLowerCase()) {
    return { operator: nullOperator, quantifier: undefined, ifExists: false };
  }
  throw syntaxProblem(
    path,
    `${spelling} is no condition operator. There are ${operatorNames.join(", ")}; all but Null also with ForAllValues: or ForAnyValue: before and IfExists behind.`,
  );
}

function quantifierOf(prefix: string | undefined): PolicyCondition["quantifier"] {
  if (prefix === undefined) return undefined;
  return prefix.toLowerCase() === "forallvalues" ? "ForAllValues" : "ForAnyValue";
}

function checkKey(key: string, path: string): void {
  if (/^[^\s:]+:\S/.test(key)) return;
  throw new PolicyProblem(
    `Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. The condition key ${key} is not.`,
    path,
  );
}

/** Such a value would make its condition false for ever, and a Deny with it. The sentence begins with AWS's words. */
function findBrokenValues(
  { operator: name, values }: PolicyCondition,
  path: string,
  variables: boolean,
): BrokenValue[] {
  const operator = findOperator(name);
  return values.flatMap((text) => {
    const broken = findBrokenType(readValue(text, operator, variables, path), operator);
    if (!broken) return [];
    const sentence = `The policy failed legacy parsing. ${path}: the value "${text.slice(0, shownMax)}" is no ${broken.noun}.`;
    return [{ problem: new PolicyProblem(sentence, path), incomparable: isIncomparable(broken) }];
  });
}

/** A value that is none can be as long as the policy. */
const shownMax = 200;

function checkSids(statements: readonly PolicyStatement[]): void {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (sid === undefined) continue;
    if (seen.has(sid)) {
      throw new PolicyProblem(
        `Statement IDs (SID) in a single policy must be unique. ${sid} occurs twice.`,
        "Statement",
      );
    }
    seen.add(sid);
  }
}

function refuseUnknown(node: ObjectNode, known: readonly string[], prefix: string): void {
  for (const name of node.members.keys()) {
    if (known.includes(name)) continue;
    throw syntaxProblem(
      `${prefix}${name}`,
      `${prefix}${name} is no element of a policy. Known here: ${known.join(", ")}.`,
    );
  }
}

function objectAt(node: JsonNode, path: string, name = path): ObjectNode {
  if (node.kind === "object") return node;
  throw syntaxProblem(path, `${name} must be an object.`);
}

function optionalString(node: ObjectNode, name: string, path: string): string | undefined {
  const member = node.members.get(name);
  if (!member) return undefined;
  if (member.kind !== "string") throw syntaxProblem(path, `${path} must be a string.`);
  return member.text;
}

/** A string or an array of strings; none when there is no such member. */
function stringsAt(node: JsonNode | undefined, path: string): readonly string[] {
  if (!node) return [];
  return (node.kind === "array" ? node.items : [node]).map((item) => {
    if (item.kind !== "string") throw syntaxProblem(path, `${path} must be a string or an array of strings.`);
    return item.text;
  });
}

/** Values of a condition may be numbers and booleans too, which count as they are written. */
function valuesAt(node: JsonNode, path: string): readonly string[] {
  return (node.kind === "array" ? node.items : [node]).map((item) => {
    if (item.kind === "string" || item.kind === "number" || item.kind === "boolean") return item.text;
    throw syntaxProblem(path, `${path} must be a string, a number, a boolean or an array of these.`);
  });
}
