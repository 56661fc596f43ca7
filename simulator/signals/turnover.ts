/** Hosts that are born one after the other and live for a while, as those of an elastic fleet do. */
export interface Turnover {
  readonly bornEveryMs: number;
  readonly livesMs: number;
}

export interface Life {
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

const dayMs = 24 * 3_600_000;
/** Those that died shortly before the start are still listed, and can be read. */
const rememberedMs = 15 * dayMs;
/** Longer than anybody simulates. */
const horizonMs = 60 * dayMs;
const livesMax = 10_000;

export function checkTurnover({ bornEveryMs, livesMs }: Turnover): void {
  if (!(bornEveryMs > 0 && livesMs > 0 && (rememberedMs + livesMs + horizonMs) / bornEveryMs <= livesMax))
    throw new Error(`A turnover needs births and lives of more than 0 ms, and ${livesMax} lives at most.`);
}

/** From those that died in the two weeks before the start to those born 60 days later. */
export function livesOf({ bornEveryMs, livesMs }: Turnover, startedAtMs: number): Life[] {
  const first = Math.floor((startedAtMs - rememberedMs - livesMs) / bornEveryMs) + 1;
  const last = Math.floor((startedAtMs + horizonMs) / bornEveryMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const fromMs = (first + index) * bornEveryMs;
    return { name: `worker-${first + index}`, fromMs, untilMs: fromMs + livesMs };
  });
}
