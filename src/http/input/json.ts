import { AppError } from "../../base/index.ts";

const depthMax = 64;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Strict UTF-8, at most 64 levels, no `__proto__`, no U+0000 (PostgreSQL cannot store it). Throws `malformed_json`. The depth is checked before parsing: a
 * million nested arrays parse well, and then break whatever walks them.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  checkDepth(text);
  const value = parse(text);
  // Only these texts can hold what is refused, and most bodies hold none of them.
  if (/__proto__|prototype|\\u/i.test(text)) refuseUnsafe(value);
  return value;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new AppError("malformed_json", { message: "The body is not valid UTF-8." });
  }
}

/** V8's message quotes the body, which may hold a secret; only the position is passed on. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    const where = position === undefined ? "" : ` (near character ${position})`;
    throw new AppError("malformed_json", { message: `The body is not valid JSON${where}.` });
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** One pass over the text; what is inside strings does not count. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === backslash) i++;
      else if (char === quote) inString = false;
    } else if (char === quote) {
      inString = true;
    } else if (char === 0x5b || char === 0x7b) {
      if (++depth > depthMax) {
        throw new AppError("malformed_json", {
          message: `The body is nested deeper than ${depthMax} levels.`,
        });
      }
    } else if (char === 0x5d || char === 0x7d) {
      depth--;
    }
  }
}

function refuseUnsafe(value: unknown): void {
  if (typeof value === "string") refuseNul(value);
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    refuseNul(key);
    const reachesPrototype =
      key === "constructor" &&
      typeof child === "object" &&
      child !== null &&
      Object.hasOwn(child, "prototype");
    if (key === "__proto__" || reachesPrototype) {
      throw new AppError("malformed_json", { message: `The key ${key} is not allowed in a body.` });
    }
    refuseUnsafe(child);
  }
}

function refuseNul(text: string): void {
  if (text.includes("\0")) {
    throw new AppError("malformed_json", { message: "The character U+0000 is not allowed in a body." });
  }
}
