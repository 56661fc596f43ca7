import { AppError } from "../../base/index.ts";
import type { LogMessageFilter } from "../../telemetry/index.ts";
import { invalidParameter } from "../api/checks.ts";
import { filterCondition } from "../filter-pattern/filter-condition.ts";
import { parseFilterPattern } from "../filter-pattern/parse.ts";
import { FilterPatternProblem } from "../filter-pattern/pattern.ts";

/** For people: says what is wrong and where. Throws `filter_pattern_invalid`. */
export function readFilter(pattern: string): LogMessageFilter | undefined {
  return compile(pattern, ({ message, position }) => {
    const place = `Character ${position} of the filter pattern: ${message}`;
    return new AppError("filter_pattern_invalid", {
      message: place,
      fields: [{ path: `pattern.${position - 1}`, message }],
    });
  });
}

/** For AWS's clients. Throws InvalidParameterException. */
export function readAwsFilter(pattern: string): LogMessageFilter | undefined {
  return compile(pattern, ({ awsMessage }) => invalidParameter(awsMessage));
}

/** Nothing for a pattern that selects everything. */
function compile(
  text: string,
  describe: (problem: FilterPatternProblem) => Error,
): LogMessageFilter | undefined {
  try {
    const pattern = parseFilterPattern(text);
    return pattern.kind === "all" ? undefined : filterCondition(pattern);
  } catch (error) {
    throw error instanceof FilterPatternProblem ? describe(error) : error;
  }
}
