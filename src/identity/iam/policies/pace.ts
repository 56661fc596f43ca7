import type { Clock } from "../../../base/index.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { iamErrors } from "../errors.ts";
import type { Simulation } from "./simulate.ts";

/** About 10 ms of comparing, and as long as other callers should wait for it. */
const sliceMax = 5e6;
/** About 10 s, in slices. */
const workMax = 5e9;

/**
 * Keeps a simulation from holding up the process. Comparing costs at most pattern × text, and here both, and the number of
 * comparisons, are the caller's: a thousand hostile ones would take minutes.
 */
export function createPace(
  clock: Pick<Clock, "sleep">,
  { policies, boundary }: Simulation,
  texts: readonly string[],
) {
  const patterns = [...policies, ...(boundary ?? [])].reduce(
    (sum, { compiled }) => sum + lengthOf(compiled),
    0,
  );
  const longest = texts.reduce((max, text) => Math.max(max, text.length), 1);
  const workEach = patterns * longest;
  let done = 0;
  return {
    /** Throws InvalidInput. */
    refuseTooMuch: (count: number) => {
      if (workEach * count <= workMax) return;
      throw iamErrors.invalidInput(
        "This is too much to be simulated at once. Ask for fewer results by MaxItems.",
      );
    },
    /** To be awaited after each comparison; lets others in when it is time. */
    rest: async () => {
      done += workEach;
      if (done < sliceMax) return;
      done = 0;
      await clock.sleep(0);
    },
  };
}

/** Characters of all patterns. */
function lengthOf({ statements }: CompiledPolicy): number {
  let length = 0;
  for (const { actions, resources, conditions } of statements) {
    for (const pattern of actions.patterns) length += pattern.length;
    for (const { parts } of [...resources.patterns, ...conditions.flatMap(({ values }) => values)]) {
      for (const part of parts) length += part.kind === "variable" ? 0 : part.text.length;
    }
  }
  return length;
}
