const advice: Readonly<Record<string, string>> = {
  too_old:
    "Its time is more than 14 days back. Check the unit: the endpoints want milliseconds, HEC wants seconds.",
  too_new: "Its time is more than two hours ahead. Check the sender's clock and the unit of its times.",
  expired: "Its time is older than this group keeps events.",
  invalid_json: "A line is no JSON, or is nested too deeply.",
  not_an_object: "This path stores JSON objects only. The path /ingest/bulk takes other values, too.",
  event_missing: "An object of the HEC format needs the property event.",
  extra_value: "This path takes one JSON value; send several as an array, or to /ingest/bulk.",
  empty: "A message of no characters is not stored.",
  invalid_entity: "The events were stored, but without what they said of their entity.",
  access_denied: "No policy of the key's user allows sending to this group.",
  bearer_disabled: "Let this group take API keys in its settings.",
  target_invalid: "Group or stream are named wrongly, or twice.",
  target_not_found: "Create the stream that the sender names.",
  header_invalid: "A header has a value that this path does not take.",
  body_empty: "The request had nothing in it.",
  body_malformed: "The body is not what its path takes; look at its beginning.",
  body_too_large: "Send smaller batches, or smaller events.",
  key_inactive: "Activate the key, or give the sender another.",
  key_expired: "Generate another key and give it to the sender.",
  key_of_other_service: "The key was made for another service.",
  rate_limited: "The sender has to wait and send again; most do by themselves.",
  overloaded: "The server was busy; the sender has to send again, and most do by themselves.",
};

/** What to do about a reason; empty for one that explains itself. */
export const adviceOf = (reason: string): string => advice[reason] ?? "";

/** `too_old` as people write it. */
export const titleOf = (reason: string): string => {
  const words = reason.replace(/[-_]/g, " ").replace("json", "JSON");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
