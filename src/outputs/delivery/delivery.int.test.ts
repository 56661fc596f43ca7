import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { forEachDatabase } from "../../../test/support/databases.ts";
import { readOtlpRequest } from "../../../test/support/metric-messages.ts";
import { caller, minute, useOutputsWorld } from "../../../test/support/outputs-world.ts";
import { createPoster } from "../../aws/index.ts";

forEachDatabase((open) => {
  const world = useOutputsWorld(open);
  const { addRemoteWrite, deliver, openOutputs, received, remoteWrite, run } = world;

  describe("sending", () => {
    test("every point that runs store goes out once, in the order of time within a series", async () => {
      const { clock } = world;
      await addRemoteWrite();
      await run([
        ["i-1", 0, 1],
        ["i-2", 0, 2],
      ]);
      await deliver();
      await run([
        ["i-1", 5, 3],
        ["i-2", 5, 4],
        ["i-1", 0, 1],
      ]);
      await deliver();
      await deliver();
      const lines = received();
      assert.deepEqual([...lines].sort(), ["i-1 0 1", "i-1 5 3", "i-2 0 2", "i-2 5 4"]);
      assert.ok(lines.indexOf("i-1 0 1") < lines.indexOf("i-1 5 3"));
      const { sentPoints, pending, state, lastSentAt, dropped } = await remoteWrite();
      assert.deepEqual([sentPoints, pending, state, dropped], [4, 0, "idle", { refused: 0, rejected: 0 }]);
      assert.equal(lastSentAt, new Date(clock.now()).toISOString());
    });

    test("what was stored before a receiver was added stays here", async () => {
      await run([["i-1", 0, 1]]);
      await addRemoteWrite();
      await deliver();
      await run([["i-1", 5, 2]]);
      await deliver();
      assert.deepEqual(received(), ["i-1 5 2"]);
    });

    test("points of a run under way wait for its end, because more may come that were asked for earlier", async () => {
      const { clock, database, integrationId } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]], "under way");
      await deliver();
      assert.deepEqual(received(), []);
      assert.equal((await remoteWrite()).pending, 0);
      await database.kysely
        .updateTable("runs")
        .set({ state: "succeeded", finished_at: new Date(clock.now()) })
        .where("integration_id", "=", integrationId)
        .execute();
      assert.equal((await remoteWrite()).pending, 1);
      await deliver();
      assert.deepEqual(received(), ["i-1 0 1"]);
    });

    test("times follow one another over all series, each in requests of its own", async () => {
      const { receiver } = world;
      await addRemoteWrite();
      await run([
        ["i-1", 10, 1],
        ["i-2", 0, 2],
        ["i-1", 0, 3],
        ["i-2", 5, 4],
      ]);
      await deliver();
      const minutes = received().map((line) => Number(line.split(" ")[1]));
      assert.deepEqual(minutes, [0, 0, 5, 10]);
      assert.equal(receiver.requests.length, 3);
    });

    test("a refused late point costs no new one, nor the requests to look for it", async () => {
      const { receiver } = world;
      await addRemoteWrite();
      const instances = Array.from({ length: 3_000 }, (_, index) => `i-${index}`);
      await run([
        ...instances.map((instance): [string, number, number] => [instance, 0, 1]),
        ...instances.map((instance): [string, number, number] => [instance, 5, 2]),
      ]);
      receiver.answer = (request) =>
        received([request]).some((line) => line.endsWith(" 0 1")) ? { status: 400 } : { status: 204 };
      await deliver();
      const { sentPoints, dropped } = await remoteWrite();
      assert.deepEqual([sentPoints, dropped.refused], [3_000, 3_000]);
      assert.ok(receiver.requests.length < 60, `${receiver.requests.length} requests`);
    });

    for (const sendChanges of [false, true]) {
      test(`a value that AWS corrects is ${sendChanges ? "sent again" : "not sent again"} with sendChanges ${sendChanges}`, async () => {
        await addRemoteWrite({ sendChanges });
        await run([["i-1", 0, 1]]);
        await deliver();
        await run([
          ["i-1", 0, 1.5],
          ["i-1", 5, 2],
        ]);
        await deliver();
        assert.deepEqual(received(), ["i-1 0 1", ...(sendChanges ? ["i-1 0 1.5"] : []), "i-1 5 2"]);
        assert.equal((await remoteWrite()).pending, 0);
      });
    }

    test("a point that was stored and corrected while the receiver was away is not lost", async () => {
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      await run([["i-1", 0, 1.5]]);
      await deliver();
      assert.deepEqual(received(), ["i-1 0 1.5"]);
    });

    test("a large stretch goes out in bounded requests and is remembered after each", async () => {
      const { clock, receiver } = world;
      await addRemoteWrite();
      await run(Array.from({ length: 4_500 }, (_, index) => [`i-${index}`, 0, index]));
      let requests = 0;
      receiver.answer = () => ({ status: ++requests === 2 ? 503 : 204 });
      await deliver();
      assert.equal((await remoteWrite()).pending, 2_500);
      clock.advance(minute);
      await deliver();
      const taken = receiver.requests.filter((_, index) => index !== 1);
      assert.deepEqual(
        taken.map((request) => received([request]).length),
        [2_000, 2_000, 500],
      );
      assert.equal(new Set(received(taken)).size, 4_500);
    });

    test("OTLP goes out beside remote write, to its own pace", async () => {
      const { integrationId, outputs, receiver } = world;
      const url = receiver.url.replace("/api/v1/write", "/v1/metrics");
      await addRemoteWrite();
      await outputs.update(integrationId, { otlp: { url, headers: { "X-Scope-OrgID": "team" } } }, caller);
      receiver.answer = ({ path }) => ({ status: path === "/v1/metrics" ? 200 : 503 });
      await run([["i-1", 0, 1]]);
      await deliver();
      const request = receiver.requests.find(({ path }) => path === "/v1/metrics");
      assert.equal(request?.headers["x-scope-orgid"], "team");
      const [point] = readOtlpRequest(request?.body ?? Buffer.alloc(0));
      assert.equal(point?.name, "amazonaws.com/AWS/EC2/CPUUtilization");
      const { otlp, remoteWrite: behind } = await outputs.get(integrationId);
      assert.deepEqual([otlp?.pending, behind?.pending, behind?.state], [0, 1, "retrying"]);
    });
  });

  describe("a receiver that does not take points", () => {
    test("for lack of health, rights or address keeps them waiting, and gets them later", async () => {
      const { clock, receiver } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      for (const status of [500, 503, 429, 401, 403, 404, 302]) {
        receiver.answer = () => ({ status, body: "<secret of another service>" });
        await deliver();
        clock.advance(10 * minute);
        const { state, lastError, pending, dropped } = await remoteWrite();
        assert.deepEqual(
          [state, lastError?.slice(0, 9), pending, dropped.refused],
          ["retrying", `HTTP ${status}:`, 1, 0],
        );
        assert.doesNotMatch(lastError ?? "", /secret/);
      }
      receiver.answer = () => ({ status: 200 });
      await deliver();
      const { state, sentPoints } = await remoteWrite();
      assert.deepEqual([state, sentPoints], ["idle", 1]);
    });

    test("is tried again at growing intervals, or when it says", async () => {
      const { clock, receiver } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      const attemptAfter = async (ms: number) => {
        const before = receiver.requests.length;
        clock.advance(ms);
        await deliver();
        return receiver.requests.length - before;
      };
      receiver.answer = () => ({ status: 500 });
      assert.equal(await attemptAfter(0), 1);
      assert.equal(await attemptAfter(3_000), 0);
      assert.equal(await attemptAfter(4_000), 1);
      assert.equal(await attemptAfter(7_000), 0);
      assert.equal(await attemptAfter(6_000), 1);
      receiver.answer = () => ({ status: 429, headers: { "retry-after": "900" } });
      assert.equal(await attemptAfter(10 * minute), 1);
      assert.equal(await attemptAfter(14 * minute), 0);
      assert.equal(await attemptAfter(2 * minute), 1);
    });

    test("because it is not there keeps them waiting", async () => {
      const { database, receiver } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      await receiver.close();
      await deliver();
      const { state, lastError, pending } = await remoteWrite();
      assert.deepEqual([state, pending], ["retrying", 1]);
      assert.match(lastError ?? "", /^No answer: /);
      await database.kysely.deleteFrom("metric_outputs").execute();
    });

    test("because of one sample costs that sample only, and says so", async () => {
      const { receiver } = world;
      await addRemoteWrite();
      await run(Array.from({ length: 1_000 }, (_, index) => [`i-${index}`, 0, index]));
      receiver.answer = ({ body }) =>
        received([{ path: "", headers: {}, body }]).includes("i-617 0 617")
          ? { status: 400, body: "out of order\u001b sample" }
          : { status: 204 };
      await deliver();
      const { sentPoints, dropped, lastError, pending } = await remoteWrite();
      assert.deepEqual([sentPoints, dropped.refused, pending], [999, 1, 0]);
      assert.equal(lastError, "HTTP 400: out of order sample");
      assert.ok(receiver.requests.length <= 25, `${receiver.requests.length} requests`);
    });

    test("whatever it is sent gets a bounded number of requests", async () => {
      const { receiver } = world;
      await addRemoteWrite();
      await run(Array.from({ length: 1_000 }, (_, index) => [`i-${index}`, 0, index]));
      receiver.answer = () => ({ status: 400 });
      await deliver();
      const { sentPoints, dropped } = await remoteWrite();
      assert.deepEqual([sentPoints, dropped.refused], [0, 1_000]);
      assert.ok(receiver.requests.length <= 60, `${receiver.requests.length} requests`);
    });

    test("because it is on an address that the operator does not allow is never connected to", async () => {
      const { receiver } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      const strict = createPoster({ policy: { allowPrivate: false, allowedHosts: [] }, environment: {} });
      await deliver(openOutputs({ poster: strict }));
      strict.close();
      assert.equal(receiver.requests.length, 0);
      assert.match((await remoteWrite()).lastError ?? "", /private or loopback address/);
    });
  });

  describe("several workers", () => {
    test("never send to the same receiver at a time", async () => {
      const { outputs } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      const others = [outputs, openOutputs(), openOutputs()];
      await Promise.all(others.map((other) => deliver(other)));
      assert.deepEqual(received(), ["i-1 0 1"]);
    });

    test("take over from one that died, where it was", async () => {
      const { clock, outputs, receiver } = world;
      await addRemoteWrite();
      await run(Array.from({ length: 4_500 }, (_, index) => [`i-${index}`, 0, index]));
      let requests = 0;
      let hang = () => {};
      const hung = new Promise<void>((resolve) => {
        hang = resolve;
      });
      receiver.answer = async () => {
        if (++requests === 2) {
          hang();
          await new Promise(() => {});
        }
        return { status: 204 };
      };
      await outputs.delivery.kick();
      await hung;
      await deliver(openOutputs());
      assert.equal(receiver.requests.length, 2);
      clock.advance(10 * minute);
      await deliver(openOutputs());
      const taken = receiver.requests.filter((_, index) => index !== 1);
      assert.equal(received(taken).length, 4_500);
      await outputs.delivery.stop();
      // The one that was thought dead comes back and changes nothing.
      assert.deepEqual([(await remoteWrite()).sentPoints, (await remoteWrite()).state], [4_500, "idle"]);
    });

    test("a stop interrupts a request and counts as no failure", async () => {
      const { outputs, receiver } = world;
      await addRemoteWrite();
      await run([["i-1", 0, 1]]);
      let arrived = () => {};
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      receiver.answer = () => {
        arrived();
        return new Promise(() => {});
      };
      await outputs.delivery.kick();
      await arrival;
      await outputs.delivery.stop();
      const { state, lastError } = await remoteWrite();
      assert.deepEqual([state, lastError], ["idle", null]);
    });
  });
});
