import type { Readable } from "node:stream";

/** Longer than any event that a server takes; what goes beyond is not kept, so that a file without line breaks needs no memory. */
const lineCharactersMax = 2 * 1024 * 1024;

/**
 * Lines of a stream of UTF-8, those of each chunk together. Ends when the stream does or when `stop` aborts. Bytes that are no
 * text become U+FFFD: those that are no UTF-8, and zeros, which fill the beginning of a log file that was cut while a program
 * wrote to it, and which the server takes in no request.
 */
export async function* readLines(input: Readable, stop: AbortSignal): AsyncGenerator<readonly string[]> {
  input.setEncoding("utf8");
  const end = () => input.destroy();
  if (stop.aborted) end();
  stop.addEventListener("abort", end, { once: true });
  let rest = "";
  try {
    for await (const chunk of input) {
      const lines = (rest + (chunk as string).replaceAll("\0", "\ufffd")).split("\n");
      rest = (lines.pop() as string).slice(0, lineCharactersMax);
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
  } catch (error) {
    // A stream that was ended from outside complains about it.
    if (!stop.aborted) throw error;
  } finally {
    stop.removeEventListener("abort", end);
  }
  if (rest !== "") yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
