import { memo, type ReactNode } from "react";
import classes from "./log-text.module.css";
import { piecesOf, type TextPiece } from "./visible-text.ts";

interface LogTextProps {
  text: string;
  marks?: readonly string[];
}

/** A text out of a log: what cannot be seen is shown as an escape, what was searched for is marked, colours of terminals are kept. */
export const LogText = memo(function LogText({ text, marks }: LogTextProps) {
  return piecesOf(text, marks).map((piece, index) => {
    const shown = pieceShown(piece);
    if (piece.look === undefined && piece.kind === "plain") return shown;
    const { colour, bold } = piece.look ?? {};
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their position.
      <span key={index} className={classes.piece} data-colour={colour} data-bold={bold}>
        {shown}
      </span>
    );
  });
});

function pieceShown({ kind, text }: TextPiece): ReactNode {
  if (kind === "mark") return <mark>{text}</mark>;
  if (kind === "plain") return text;
  return (
    <span className={classes.escape} title="A character that cannot be seen">
      {text}
    </span>
  );
}
