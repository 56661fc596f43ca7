import type { Terminal } from "../terminal.ts";
import { escapeJson, escapeLines } from "./escape.ts";
import { type Cell, formatTable } from "./table.ts";

/** What commands print with: tables for people, JSON for machines, never both. */
export interface Output {
  readonly json: boolean;
  /** With `--json` prints the value as it is; else what `human` makes of it. */
  show<T>(value: T, human: (value: T) => string): void;
  /** With `--json` prints the value, else a sentence on what was done. */
  done(value: unknown, sentence: string): void;
  /** A line for people; silent with `--json`. */
  say(text: string): void;
  /** As received, for CSV and generated files. */
  raw(text: string): void;
}

export function createOutput(terminal: Terminal, json: boolean): Output {
  const show: Output["show"] = (value, human) =>
    terminal.write(json ? `${escapeJson(JSON.stringify(value, null, 2))}\n` : human(value));
  const lines = (text: string) => `${escapeLines(text)}\n`;
  return {
    json,
    show,
    done: (value, sentence) => show(value, () => lines(sentence)),
    say: (text) => {
      if (!json) terminal.write(lines(text));
    },
    raw: (text) => terminal.write(text),
  };
}

/** A table, or a sentence when there is nothing to show. */
export function tableOr(
  empty: string,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  return rows.length === 0 ? `${empty}\n` : formatTable(headings, rows);
}

/** What a page leaves out, and how to see it. */
export function sayMore(
  out: Output,
  page: { readonly moreItems: boolean; readonly totalItems: number; readonly items: readonly unknown[] },
  advice: string,
): void {
  if (page.moreItems) out.say(`… ${page.totalItems - page.items.length} more; ${advice}`);
}
