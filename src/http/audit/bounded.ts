/** CloudTrail leaves larger parts of a record out as well. */
const bytesMax = 100 * 1024;

/** What a part of a record may hold; in place of more than that, a note that it was left out. */
export function bounded(part: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const originalSize = Buffer.byteLength(JSON.stringify(part));
  return originalSize <= bytesMax ? part : { omitted: true, originalSize, reasonOmitted: "Too large." };
}

/** AWS's own words, so that what searches CloudTrail for them finds ours. */
export const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";
