import type { Random } from "../../src/base/index.ts";

/** What the demo's shop has to say about one request of a customer. */
export interface ShopEvent {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

const errorShare = 0.04;
const slowShare = 0.08;

/** A request as shops see them: most are fine, some are slow, now and then a payment fails. */
export function nextShopEvent(random: Random): ShopEvent {
  const requestId = random.uuid().slice(0, 8);
  const chance = random.float();
  if (chance < errorShare) {
    const fields = {
      status: 502,
      ms: between(random, 2900, 3100),
      requestId,
      order: between(random, 1000, 9999),
    };
    return { level: "error", message: "Payment failed: the bank did not answer within 3 s", fields };
  }
  const path = pick(random, ["/", "/search?q=kettle", "/cart", `/products/${between(random, 1, 400)}`]);
  if (chance < errorShare + slowShare) {
    const ms = between(random, 900, 2400);
    return { level: "warn", message: `GET ${path} was slow`, fields: { status: 200, ms, requestId } };
  }
  const ms = between(random, 4, 120);
  return { level: "info", message: `GET ${path}`, fields: { status: 200, ms, requestId } };
}

function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random.float() * (high - low + 1));
}

function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[between(random, 0, choices.length - 1)] ?? choices[0];
}
