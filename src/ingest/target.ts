import type { Endpoint } from "./endpoints.ts";
import { IngestRefusal } from "./refusal.ts";

/** Where events go, by name. Nothing says yet that it exists. */
export interface Target {
  readonly group: string;
  readonly stream: string;
}

/** For agents with a fixed path, that can name neither; undefined where the operator set none. */
export interface DefaultTarget {
  readonly group: string | undefined;
  readonly stream: string | undefined;
}

/** What starts with aws/ is kept for AWS. */
const groupPattern = /^(?!aws\/)[.\-_/#A-Za-z0-9]{1,512}$/;
const streamPattern = /^[^:*\0]{1,512}$/;

/** Group and stream, each by header or by query; the same one both ways is refused, as is one that is missing. */
export function readTarget(
  endpoint: Pick<Endpoint, "targetInQuery" | "hec">,
  request: {
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly query: URLSearchParams;
  },
  defaults: DefaultTarget,
): Target {
  const read = (header: string, parameter: string, fallback: string | undefined): string => {
    const inHeader = utf8Header(request.headers[header]);
    const inQuery = endpoint.targetInQuery
      ? request.query.getAll(parameter).filter((value) => value !== "")
      : [];
    const [value = fallback, ...others] = [...(inHeader ? [inHeader] : []), ...inQuery];
    if (others.length > 0)
      throw new IngestRefusal(
        "target_invalid",
        `Give the header ${header} or the query parameter ${parameter}, and only one of them, once.`,
      );
    if (value !== undefined) return value;
    throw new IngestRefusal(
      "target_invalid",
      `The ${header === groupHeader ? "log group" : "log stream"} is missing: send the header ${header}${endpoint.targetInQuery ? ` or the query parameter ${parameter}` : ""}.`,
    );
  };
  const hecDefaults = endpoint.hec ? defaults : { group: undefined, stream: undefined };
  const group = read(groupHeader, "logGroup", hecDefaults.group);
  const stream = read("x-aws-log-stream", "logStream", hecDefaults.stream);
  if (!groupPattern.test(group))
    throw new IngestRefusal(
      "target_invalid",
      "The name of a log group has 1 to 512 characters: letters, digits and . - _ / # only.",
    );
  if (!streamPattern.test(stream))
    throw new IngestRefusal(
      "target_invalid",
      "The name of a log stream has 1 to 512 characters, none of which is : or *.",
    );
  return { group, stream };
}

const groupHeader = "x-aws-log-group";

/** Header values come as Latin-1; senders write names in UTF-8. */
function utf8Header(value: string | undefined): string | undefined {
  if (!value) return undefined;
  const text = Buffer.from(value, "latin1").toString("utf8");
  return text.includes("\ufffd") ? value : text;
}
