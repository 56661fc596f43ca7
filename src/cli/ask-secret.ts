import type { ReadStream, WriteStream } from "node:tty";
import { CliError, exitCodes } from "./cli-error.ts";

/** Asks at a terminal without showing what is typed. Backspace works; Ctrl-C and Ctrl-D give up. */
export function askSecret(question: string, input: ReadStream, output: WriteStream): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding("utf8");
  input.resume();
  return new Promise((resolve, reject) => {
    let typed = "";
    const finish = (settle: () => void) => {
      input.off("data", onData);
      input.setRawMode(false);
      input.pause();
      output.write("\n");
      settle();
    };
    const onData = (chunk: string) => {
      for (const character of chunk) {
        if (character === "\r" || character === "\n") return finish(() => resolve(typed));
        if (character === "\u0003" || character === "\u0004") {
          return finish(() => reject(new CliError(exitCodes.usage, "Given up: no secret was entered.")));
        }
        typed = character === "\u007f" || character === "\b" ? typed.slice(0, -1) : typed + character;
      }
    };
    input.on("data", onData);
  });
}
