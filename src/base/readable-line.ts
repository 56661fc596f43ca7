/**
 * A line of the log for a person at a terminal: time, level, message, then the fields that are plain values. Control
 * characters were escaped by JSON and stay so. What is no JSON is passed on as it is.
 */
export function readableLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  const { time, level, msg, error, ...fields } = entry;
  const values = Object.entries(fields)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name}=${typeof value === "string" ? quoteIfNeeded(value) : value}`);
  const failure = messagesOf(error).map((message) => `\n    ${quoteControls(message)}`);
  const head = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${quoteControls(String(msg))}`;
  return `${[head, ...values].join("  ")}${failure.join("")}\n`;
}

/** The message of an error and of what caused it; the stack stays in the JSON form. */
function messagesOf(error: unknown): string[] {
  if (typeof error !== "object" || error === null) return [];
  const { name, message, cause } = error as { name?: unknown; message?: unknown; cause?: unknown };
  return [`${name}: ${message}`, ...messagesOf(cause)];
}

function quoteIfNeeded(text: string): string {
  return /^[\w.:/@+,*=-]+$/.test(text) ? text : quoteControls(JSON.stringify(text));
}

/** JSON leaves C1 controls and direction marks in clear, and a terminal obeys some of them. */
function quoteControls(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
