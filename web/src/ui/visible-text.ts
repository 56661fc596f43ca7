import { type TerminalLook, terminalRuns } from "./terminal-look.ts";

/** Text of logs is shown as text, whatever it holds: what cannot be seen, or would move other text, becomes an escape. */

const emoji = String.raw`[\p{Extended_Pictographic}\u{fe0f}\u{1f3fb}-\u{1f3ff}]`;
const arabic = String.raw`\p{Script=Arabic}`;
/** Joiners between emoji and between letters of Persian are part of how these are written. */
const strayJoiners = [
  `(?<!${emoji})\u{200d}`,
  `\u{200d}(?!${emoji})`,
  `(?<!${arabic})\u{200c}`,
  `\u{200c}(?!${arabic})`,
].join("|");
const neverSeen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;
const hidden = new RegExp(`${neverSeen.source}|${strayJoiners}`, "u");
const hiddenRuns = new RegExp(`((?:${hidden.source})+)`, "u");

export interface TextPiece {
  readonly text: string;
  readonly kind: "plain" | "escape" | "mark";
  /** As the codes of a terminal ask for it. */
  readonly look?: TerminalLook;
}

/** Pieces of a text in order: plain ones, escapes, and those that hold one of the marked texts. */
export function piecesOf(text: string, marks: readonly string[] = []): TextPiece[] {
  return terminalRuns(text).flatMap(({ text: run, look }) =>
    uncolouredPieces(run, marks).map((piece) => (look === undefined ? piece : { ...piece, look })),
  );
}

function uncolouredPieces(text: string, marks: readonly string[]): TextPiece[] {
  return text
    .split(hiddenRuns)
    .flatMap((piece, index): TextPiece[] =>
      piece === ""
        ? []
        : index % 2 === 1
          ? [{ text: escaped(piece), kind: "escape" }]
          : markedPieces(piece, marks),
    );
}

/** Line breaks as a sign, so that a text fits on a line. */
export const onOneLine = (text: string) => text.replace(/\r?\n/g, "↵").replace(/\t/g, " ");

function escaped(run: string): string {
  return [...run]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
    })
    .join("");
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

function markedPieces(text: string, marks: readonly string[]): TextPiece[] {
  if (marks.length === 0) return [{ text, kind: "plain" }];
  const wanted = new RegExp(
    `(${marks.map((mark) => mark.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`,
  );
  return text
    .split(wanted)
    .map((piece, index): TextPiece => ({ text: piece, kind: index % 2 === 1 ? "mark" : "plain" }))
    .filter((piece) => piece.text !== "");
}
