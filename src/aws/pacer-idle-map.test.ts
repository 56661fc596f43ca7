import assert from "node:assert/strict";
import { test } from "node:test";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { createIdleMap } from "./pacer-idle-map.ts";

test("what nobody asks for is forgotten, unless it is busy", () => {
  const clock = createSettableClock(0);
  const map = createIdleMap<{ busy: boolean }>({ clock, idleMs: 1_000, isBusy: ({ busy }) => busy });
  const get = (key: string) => map.get(key, () => ({ busy: false }));
  for (let key = 0; key < 500; key++) get(`${key}`);
  const busy = get("busy");
  busy.busy = true;
  const used = get("used");
  clock.advance(900);
  assert.equal(get("used"), used);
  clock.advance(200);
  get("new");
  assert.equal(map.size, 3);
  assert.equal(get("busy"), busy);
  assert.equal(get("used"), used);
});
