/** Text of logs is shown as text, whatever it holds: what cannot be seen, or would move other text, becomes an escape. */

const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/;
const hiddenRuns = new RegExp(`(${hidden.source}+)`);

export interface TextPiece {
  readonly text: string;
  readonly kind: "plain" | "escape" | "mark";
}

/** Pieces of a text in order: plain ones, escapes, and those that hold one of the marked texts. */
export function piecesOf(text: string, marks: readonly string[] = []): TextPiece[] {
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

/** The same as one text, for where pieces cannot be told apart. */
export const visibleText = (text: string) =>
  hidden.test(text)
    ? piecesOf(text)
        .map((piece) => piece.text)
        .join("")
    : text;

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
