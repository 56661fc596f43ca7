/** AWS's own words, so that what searches CloudTrail for them finds ours. */
export const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** Members that hold secrets, or may: what they hold is recorded nowhere. */
const secretName =
  /password|passphrase|secret|token|authorization|cookie|private.?key|external.?id|^headers$|^value$/i;

/**
 * What a caller sent, as a record may show it. Values of secret members are hidden whatever they are, except for
 * flags, numbers and null, which tell whether something was set; URLs lose what may prove somebody: user, password
 * and query.
 */
export function masked(value: unknown, name = ""): unknown {
  if (typeof value !== "string" && (typeof value !== "object" || value === null)) return value;
  if (secretName.test(name)) return hidden;
  if (typeof value === "string") return withoutUrlSecrets(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, key)]));
}

function withoutUrlSecrets(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  if (!URL.canParse(text)) return hidden;
  const url = new URL(text);
  if (!url.username && !url.password && !url.search && !url.hash) return text;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
}
