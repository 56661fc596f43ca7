/** The colours that programs give their text in a terminal: shown as such, since as escapes they hide what was said. */

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

export interface TerminalLook {
  readonly colour?: (typeof colours)[number];
  readonly bold?: true;
}

const codes = /\u001b\[([\d;]*)m/;

/** A text in runs of the same look, without the codes in between; one run without a look where there are none. */
export function terminalRuns(text: string): { text: string; look: TerminalLook | undefined }[] {
  if (!text.includes("\u001b[")) return [{ text, look: undefined }];
  let look: TerminalLook = {};
  return text.split(codes).flatMap((part, index) => {
    if (index % 2 === 0) return part === "" ? [] : [{ text: part, look: isPlain(look) ? undefined : look }];
    look = lookAfter(look, part.split(";").map(Number));
    return [];
  });
}

const isPlain = (look: TerminalLook) => Object.keys(look).length === 0;

/** What is not known, such as backgrounds, changes nothing. */
function lookAfter(look: TerminalLook, numbers: readonly number[]): TerminalLook {
  const [code, ...rest] = numbers;
  if (code === undefined) return look;
  // Colours out of a palette or by their parts: what follows belongs to them.
  if (code === 38 || code === 48) return lookAfter(look, rest.slice(rest[0] === 5 ? 2 : 4));
  return lookAfter(lookAfterOne(look, code), rest);
}

function lookAfterOne({ colour, bold }: TerminalLook, code: number): TerminalLook {
  if (code === 0) return {};
  const named = colours[code >= 90 ? code - 90 : code - 30];
  const next = code === 39 ? undefined : (named ?? colour);
  const strong = code === 1 ? true : code === 22 ? undefined : bold;
  return {
    ...(next === undefined ? {} : { colour: next }),
    ...(strong === undefined ? {} : { bold: strong }),
  };
}
