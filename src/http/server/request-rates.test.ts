import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSettableClock } from "../../../test/support/settable-clock.ts";
import { AppError } from "../../base/index.ts";
import { asToken, createTestConsole } from "../testing/console.ts";
import { createRequestRates } from "./request-rates.ts";

const limited = (error: unknown) => error instanceof AppError && error.code === "rate_limited";

function takeAll(rates: { take(caller: string): void }, caller: string, count: number): void {
  for (let request = 0; request < count; request++) rates.take(caller);
}

describe("request rates", () => {
  test("a caller may burst, then goes on at the rate, and others are not touched", () => {
    const clock = createSettableClock(0);
    const rates = createRequestRates({ clock, requestsPerSecond: 5 });
    takeAll(rates, "a", 50);
    assert.throws(() => rates.take("a"), limited);
    takeAll(rates, "b", 50);
    clock.advance(1_000);
    takeAll(rates, "a", 5);
    assert.throws(
      () => rates.take("a"),
      (error: unknown) => limited(error) && (error as AppError).retryAfterMs === 200,
    );
  });

  test("rest earns no more than one burst", () => {
    const clock = createSettableClock(0);
    const rates = createRequestRates({ clock, requestsPerSecond: 5 });
    rates.take("a");
    clock.advance(3_600_000);
    takeAll(rates, "a", 50);
    assert.throws(() => rates.take("a"), limited);
  });

  test("0 limits nothing", () => {
    takeAll(createRequestRates({ clock: createSettableClock(0), requestsPerSecond: 0 }), "a", 10_000);
  });

  test("an address that proves nothing is limited apart from callers, each told when to come back", async () => {
    const { app, calls } = await createTestConsole({ requestsPerSecond: 1 });
    const ask = (policy: "ReadOnlyAccess" | "AdministratorAccess") =>
      app.inject(asToken(policy, { url: "/api/v1/credentials" }));
    const statuses = async (count: number, send: () => Promise<{ statusCode: number }>) => {
      const seen: number[] = [];
      for (let request = 0; request < count; request++) seen.push((await send()).statusCode);
      return seen.slice(-2);
    };
    assert.deepEqual(await statuses(11, () => ask("ReadOnlyAccess")), [200, 429]);
    const before = calls.length;
    const refused = await ask("ReadOnlyAccess");
    assert.equal(refused.headers["retry-after"], "1");
    assert.equal(refused.json().error.code, "rate_limited");
    assert.equal(calls.length, before, "a refused request reaches no service");

    const stranger = () =>
      app.inject({ url: "/api/v1/credentials", headers: { authorization: "Bearer no" } });
    assert.deepEqual(await statuses(11, stranger), [401, 429]);
    assert.equal((await ask("AdministratorAccess")).statusCode, 200);
    const envelope = await app.inject(asToken("ReadOnlyAccess", { url: "/api/v2/cloudintegration" }));
    assert.equal(envelope.statusCode, 406, "the status after which their clients try again");
    await app.close();
  });
});
