import type { Clock, Random } from "../base/index.ts";

/** What a command may touch of the outside world; handed in so that tests can look at it. */
export interface Terminal {
  /** Version of this program. */
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
  /** Standard output is a terminal: tables, charts and colours are for people. */
  readonly interactive: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  writeError(text: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Standard input as it comes, several lines at a time, without their line breaks; ends early when `stop` aborts. */
  readLines(stop: AbortSignal): AsyncIterable<readonly string[]>;
  /**
   * From now on Ctrl-C and SIGTERM abort the signal that is given instead of ending the program; when repeated after a moment,
   * they end it all the same.
   */
  catchInterrupts(): AbortSignal;
  /** Asks without echo; undefined when nobody sits at a terminal. */
  askSecret: ((question: string) => Promise<string>) | undefined;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Starts the server program in the foreground and gives its exit code. */
  runServer(args: readonly string[]): Promise<number>;
}
