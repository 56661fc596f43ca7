import type { FinalitySource } from "./finality.ts";

/** Series that the server makes of its own records, such as the traffic of log groups, belong to no integration. */
const ownIntegrationId = "";

/** Asks `own` about the server's own series, which nothing can be missing of, and `finality` about all others. */
export function withOwnSeries(
  finality: FinalitySource,
  own: {
    /** Epoch milliseconds: all minutes that end by then are final. */
    settledTo(): Promise<number>;
  },
): FinalitySource {
  return {
    ...finality,
    describe: async (origin, range) =>
      origin.integrationId === ownIntegrationId
        ? { settledTo: await own.settledTo(), missing: [] }
        : finality.describe(origin, range),
  };
}
