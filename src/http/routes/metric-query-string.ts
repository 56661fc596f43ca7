import { z } from "zod";
import { type MetricQuery, metricQuery } from "../../contract/index.ts";
import { checkInput } from "../input/field-problems.ts";

const text = z.string().max(255);
const dimensionPrefix = "dim.";

/** The query as parameters of a link; dimensions are `dim.<name>=<value>`, both lists by repeating. */
export const metricQueryString = z.looseObject({
  namespace: text,
  metricName: text,
  statistic: text,
  integrationId: text.optional(),
  accountId: text.optional(),
  region: text.optional(),
  /** ISO 8601 or epoch milliseconds. */
  from: text,
  to: text,
  stepSeconds: text.optional(),
  aggregation: text.optional(),
  groupBy: z.union([text, z.array(text).max(10)]).optional(),
  limit: text.optional(),
  finality: text.optional(),
  format: z.enum(["json", "csv"]).optional(),
});

/** Throws `validation_failed` for what the body form would refuse too. */
export function metricQueryOf(parameters: z.output<typeof metricQueryString>): MetricQuery {
  const { groupBy, from, to, stepSeconds, limit, format: _, ...rest } = parameters;
  const dimensions: Record<string, unknown> = Object.create(null);
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (name.startsWith(dimensionPrefix)) dimensions[name.slice(dimensionPrefix.length)] = [value].flat();
    else fields[name] = value;
  }
  const query = {
    ...fields,
    dimensions: Object.fromEntries(Object.entries(dimensions)),
    from: numberOrText(from),
    to: numberOrText(to),
    ...(stepSeconds !== undefined && { stepSeconds: numberOrText(stepSeconds) }),
    ...(limit !== undefined && { limit: numberOrText(limit) }),
    ...(groupBy !== undefined && { groupBy: [groupBy].flat().filter((name) => name !== "") }),
  };
  return checkInput(metricQuery, query, "query");
}

function numberOrText(value: string): number | string {
  return /^\d{1,15}$/.test(value) ? Number(value) : value;
}
