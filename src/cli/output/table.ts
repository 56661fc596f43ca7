import { escapeText } from "./escape.ts";

export type Cell = string | number | boolean | null | undefined;

/** A table for people: columns as wide as their longest cell, numbers to the right, no lines. */
export function formatTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => headings.map((_, column) => formatCell(row[column])));
  const widths = headings.map((heading, column) =>
    Math.max(displayWidth(heading), ...cells.map((row) => displayWidth(row[column] as string))),
  );
  const numeric = headings.map(
    (_, column) =>
      rows.length > 0 && rows.every((row) => typeof row[column] === "number" || row[column] == null),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => pad(text, widths[column] as number, numeric[column] === true))
      .join("  ")
      .trimEnd();
  return `${[line(headings.map((heading) => heading.toUpperCase())), ...cells.map(line)].join("\n")}\n`;
}

/** Name and value below each other, for one record. */
export function formatRecord(fields: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${formatCell(value)}\n`).join("");
}

function formatCell(value: Cell): string {
  if (value === null || value === undefined || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return escapeText(String(value));
}

function pad(text: string, width: number, toTheRight: boolean): string {
  const blanks = " ".repeat(Math.max(0, width - displayWidth(text)));
  return toTheRight ? blanks + text : text + blanks;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const combining = /\p{Mark}/u;

/** Columns that a text takes: ideographs and emoji take two, combining marks none. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
