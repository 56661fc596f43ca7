/** JSON messages as trees that are shown as they were sent: numbers keep all their digits. */

export type JsonPath = readonly (string | number)[];

/** Whether what has a value is looked for, or what has it not. */
export type FilterWay = "for" | "out";

export interface JsonScalar {
  readonly kind: "string" | "number" | "boolean" | "null";
  /** The string itself; other values as JSON writes them. */
  readonly text: string;
}

export interface JsonBranch {
  readonly kind: "object" | "array";
  readonly children: readonly JsonChild[];
}

export interface JsonChild {
  readonly name: string | number;
  readonly node: JsonNode;
}

export type JsonNode = JsonScalar | JsonBranch;

export const isBranch = (node: JsonNode): node is JsonBranch =>
  node.kind === "object" || node.kind === "array";

/** Longer messages are shown as text only; a tree of them would hold up the page. */
const charactersMost = 200_000;

/** The tree of a message that is a JSON object or array; undefined for everything else. */
export function jsonTreeOf(message: string): JsonBranch | undefined {
  if (message.length > charactersMost || !/^\s*[{[]/.test(message)) return undefined;
  try {
    return nodeOf(JSON.parse(message, keepNumbers)) as JsonBranch;
  } catch {
    return undefined;
  }
}

/** A number that a double may not hold. */
class WrittenNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Browsers that do not hand the source over show numbers as they understood them. */
function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" ? new WrittenNumber(context?.source ?? String(value)) : value;
}

function nodeOf(value: unknown): JsonNode {
  if (value === null) return { kind: "null", text: "null" };
  if (value instanceof WrittenNumber) return { kind: "number", text: value.text };
  if (typeof value === "string") return { kind: "string", text: value };
  if (typeof value === "boolean") return { kind: "boolean", text: String(value) };
  if (Array.isArray(value)) {
    return { kind: "array", children: value.map((item, index) => ({ name: index, node: nodeOf(item) })) };
  }
  const entries = Object.entries(value as Record<string, unknown>);
  return { kind: "object", children: entries.map(([name, item]) => ({ name, node: nodeOf(item) })) };
}

/** `$.a.b[0].['odd.name']`. */
export function selectorOf(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (/^[^\s.[\](){}=!<>&|"'*,$]+$/.test(step)) return `${text}.${step}`;
    return `${text}.['${step.replace(/[\\']/g, "\\$&")}']`;
  }, "$");
}

/** What of a branch is said while it is closed. */
export function summaryOf(branch: JsonBranch): string {
  const count = branch.children.length;
  if (branch.kind === "array") return count === 0 ? "[]" : `[ ${count} ${count === 1 ? "item" : "items"} ]`;
  return count === 0 ? "{}" : `{ ${count} ${count === 1 ? "property" : "properties"} }`;
}
