import { ProtocolError } from "../protocol-error.ts";
import type { WireLimits } from "../wire.ts";

/** A parameter tree: `A.member.1.Name=x` becomes A → member → 1 → Name with the value x. */
export interface FormNode {
  value: string | undefined;
  readonly children: Map<string, FormNode>;
}

export interface Form {
  readonly action: string | undefined;
  readonly version: string | undefined;
  readonly root: FormNode;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Parses a form-encoded body; a parameter that occurs twice keeps its first value, as AWS does. */
export function parseForm(body: Uint8Array, limits: WireLimits): Form {
  const root = createNode();
  let count = 0;
  for (const [name, value] of new URLSearchParams(decodeText(body))) {
    if (++count > limits.parametersMax)
      throw new ProtocolError("MalformedQueryString", `More than ${limits.parametersMax} parameters.`);
    const path = name.split(".");
    if (path.length > limits.depthMax)
      throw new ProtocolError(
        "MalformedQueryString",
        `A parameter name has more than ${limits.depthMax} parts.`,
      );
    insert(root, path, value);
  }
  return {
    action: root.children.get("Action")?.value,
    version: root.children.get("Version")?.value,
    root,
  };
}

function decodeText(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new ProtocolError("MalformedQueryString", "The body is not valid UTF-8.");
  }
}

function insert(root: FormNode, path: readonly string[], value: string): void {
  let node = root;
  for (const part of path) {
    let child = node.children.get(part);
    if (!child) {
      child = createNode();
      node.children.set(part, child);
    }
    node = child;
  }
  node.value ??= value;
}

function createNode(): FormNode {
  return { value: undefined, children: new Map() };
}
