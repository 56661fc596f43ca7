/** Longer messages have no fields: an unclosed bracket is looked up to the end for, once for each that there is. */
export const fieldsBytesMax = 16_384;

/** What is a field, in RE2's syntax: text in brackets, text in double quotes, or anything without a space. */
export const fieldExpression = '\\[[^\\]]*\\]|"[^"]*"|[^ \\t\\n\\r\\f\\v]+';

const closing: Readonly<Record<string, string>> = { "[": "]", '"': '"' };
const space = /[ \t\n\r\f\v]*/y;
const word = /[^ \t\n\r\f\v]+/y;

/** The fields of a message with their brackets and quotes, as `fieldExpression` finds them. */
export function splitFields(message: string): string[] {
  if (Buffer.byteLength(message) > fieldsBytesMax) return [];
  const fields: string[] = [];
  for (let at = end(space, message, 0); at < message.length; at = end(space, message, at)) {
    const closer = closing[message[at]!];
    const closed = closer === undefined ? -1 : message.indexOf(closer, at + 1);
    const next = closed < 0 ? end(word, message, at) : closed + 1;
    fields.push(message.slice(at, next));
    at = next;
  }
  return fields;
}

/** Without the brackets or quotes around it. */
export function bareField(field: string): string {
  const wrapped = field.length > 1 && closing[field[0]!] === field.at(-1);
  return wrapped ? field.slice(1, -1) : field;
}

function end(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  expression.test(text);
  return Math.max(at, expression.lastIndex);
}
