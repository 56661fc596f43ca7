import { memo } from "react";
import classes from "./log-text.module.css";
import { piecesOf } from "./visible-text.ts";

interface LogTextProps {
  text: string;
  marks?: readonly string[];
}

/** A text out of a log: what cannot be seen is shown as an escape, what was searched for is marked. */
export const LogText = memo(function LogText({ text, marks }: LogTextProps) {
  return piecesOf(text, marks).map((piece, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their position.
    if (piece.kind === "mark") return <mark key={index}>{piece.text}</mark>;
    if (piece.kind === "plain") return piece.text;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their position.
      <span key={index} className={classes.escape} title="A character that cannot be seen">
        {piece.text}
      </span>
    );
  });
});
