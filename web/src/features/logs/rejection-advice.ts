const advice: readonly [RegExp, string][] = [
  [
    /too.?old/i,
    "Its time is more than 14 days back. Check the unit: the endpoints want milliseconds, HEC seconds.",
  ],
  [/too.?new/i, "Its time is more than two hours ahead. Check the sender's clock and the unit of its times."],
  [/expired/i, "Its time is older than this group keeps events."],
  [/large|size|long/i, "Make events or batches smaller."],
  [
    /json|invalid|malformed|syntax/i,
    "The sender's text is not what its path takes; look at the beginning on the right.",
  ],
  [/skip|object|event/i, "A part of the request was no event in the format of its path."],
  [/denied|policy|permission/i, "The key's user lacks a policy that allows sending to this group."],
  [/bearer|switch|disabled/i, "Let this group take API keys in its settings."],
  [/stream/i, "Create the stream that the sender names."],
];

/** What to do about a reason; empty for one that explains itself. */
export function adviceOf(reason: string): string {
  return advice.find(([expression]) => expression.test(reason))?.[1] ?? "";
}
