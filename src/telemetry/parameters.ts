/** A value for a `{name:Type}` placeholder. */
export type Parameter = string | number | boolean | readonly string[] | readonly number[];
export type Parameters = Readonly<Record<string, Parameter>>;

/**
 * `SET param_a = '…'; …` for the embedded engine: a session's own parameters. chdb's binding goes through a
 * map that all sessions of the process share, so it runs one bound statement at a time; this does not.
 */
export function parameterStatements(parameters: Readonly<Record<string, unknown>> | undefined): string {
  return Object.entries(parameters ?? {})
    .map(([name, value]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`Not a parameter name: ${name}`);
      return `SET param_${name} = ${quoteText(parameterText(value))}; `;
    })
    .join("");
}

/** A SQL string literal. ClickHouse reads backslashes in literals as escapes, so both characters matter. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** The text form of a parameter as ClickHouse's HTTP interface takes it: tab-separated escaping outside of arrays. */
export function parameterText(value: unknown): string {
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(elementText).join(",")}]`;
  throw new TypeError(`A parameter of this type is not supported: ${typeof value}`);
}

function elementText(value: unknown): string {
  return typeof value === "string" ? `'${escapeText(value)}'` : parameterText(value);
}

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\0": "\\0",
  "\b": "\\b",
  "\f": "\\f",
};

function escapeText(text: string): string {
  return text.replace(/[\\'\t\n\r\0\b\f]/g, (character) => escapes[character]!);
}
