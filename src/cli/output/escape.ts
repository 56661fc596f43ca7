const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * Text of the server made safe for a terminal: names and messages come from users and from AWS, and a control sequence in
 * them could rewrite what the reader sees. What is invisible or active is shown as `\u{…}`.
 */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** JSON that means the same and is as safe: outside of its strings there is nothing of this. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) =>
    character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same for text of several lines: line breaks and tabs stay. */
export function escapeLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split("\t").map(escapeText).join("    "))
    .join("\n");
}
