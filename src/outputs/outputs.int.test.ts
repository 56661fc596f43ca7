import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { forEachDatabase } from "../../test/support/databases.ts";
import { caller, minute, useOutputsWorld } from "../../test/support/outputs-world.ts";
import { receiverProblem } from "../aws/index.ts";
import { AppError } from "../base/index.ts";

const refused = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

forEachDatabase((open) => {
  const world = useOutputsWorld(open);
  const { addRemoteWrite, deliver, openOutputs, remoteWrite, run } = world;

  describe("the settings", () => {
    const secret = "Bearer wJalrXUtnFEMI-canary";

    test("of an integration without outputs are those of none; one that is not there has none", async () => {
      const { integrationId, outputs } = world;
      const none = {
        openMetrics: false,
        naming: { labels: "original", tags: true },
        remoteWrite: null,
        otlp: null,
      };
      assert.deepEqual(await outputs.get(integrationId), none);
      await assert.rejects(outputs.get("missing"), refused("integration_not_found"));
      await assert.rejects(outputs.update("missing", {}, caller), refused("integration_not_found"));
    });

    test("keep what is absent and remove what is null", async () => {
      const { integrationId, outputs } = world;
      await addRemoteWrite({ authorization: secret, headers: { "X-Team": "a" }, sendChanges: true });
      await outputs.update(integrationId, { openMetrics: true }, caller);
      const kept = await addRemoteWrite();
      assert.equal(kept.openMetrics, true);
      assert.deepEqual(
        [kept.remoteWrite?.hasAuthorization, kept.remoteWrite?.headerNames, kept.remoteWrite?.sendChanges],
        [true, ["X-Team"], true],
      );
      const without = await addRemoteWrite({ authorization: null, headers: null });
      assert.deepEqual(
        [without.remoteWrite?.hasAuthorization, without.remoteWrite?.headerNames],
        [false, []],
      );
      assert.equal((await outputs.update(integrationId, { remoteWrite: null }, caller)).remoteWrite, null);
    });

    test("send the secrets, and show them nowhere", async () => {
      const { database, logLines, receiver } = world;
      const answer = await addRemoteWrite({ authorization: secret, headers: { "X-Key": "canary-2" } });
      receiver.answer = () => ({ status: 401 });
      await run([["i-1", 0, 1]]);
      await deliver();
      assert.equal(receiver.requests[0]?.headers.authorization, secret);
      assert.equal(receiver.requests[0]?.headers["x-key"], "canary-2");
      const tables = await Promise.all(
        (["metric_outputs", "metric_output_targets", "sealed_secrets"] as const).map((table) =>
          database.kysely.selectFrom(table).selectAll().execute(),
        ),
      );
      const stored = JSON.stringify(tables, (_, value) =>
        value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
      );
      for (const text of [
        JSON.stringify(answer),
        JSON.stringify(await remoteWrite()),
        stored,
        logLines.join(""),
      ]) {
        assert.doesNotMatch(text, /canary/);
      }
    });

    test("never send secrets to another host than they were given for", async () => {
      const { integrationId, outputs, receiver } = world;
      await addRemoteWrite({ authorization: secret, headers: { "X-Key": "x" } });
      const elsewhere = { remoteWrite: { url: "https://attacker.example/api/v1/write" } };
      await assert.rejects(outputs.update(integrationId, elsewhere, caller), (error: AppError) => {
        assert.deepEqual(
          error.fields.map(({ path }) => path),
          ["remoteWrite.authorization", "remoteWrite.headers"],
        );
        return true;
      });
      assert.equal((await remoteWrite()).url, receiver.url);
    });

    test("refuse what is no URL, also in the place of one that is there", async () => {
      const { integrationId, outputs } = world;
      await addRemoteWrite({ authorization: secret });
      const change = outputs.update(integrationId, { remoteWrite: { url: "//" } }, caller);
      await assert.rejects(change, refused("validation_failed"));
    });

    test("stay secret when the receiver repeats them", async () => {
      const { logLines, receiver } = world;
      await addRemoteWrite({ authorization: secret, headers: { "X-Key": "canary-header", "X-Tenant": "7" } });
      receiver.answer = ({ headers }) => ({ status: 400, body: `7 bad: ${JSON.stringify(headers)}` });
      await run([["i-1", 0, 1]]);
      await deliver();
      const { lastError } = await remoteWrite();
      assert.match(lastError ?? "", /^HTTP 400: 7 bad: .*"authorization":"…"/);
      assert.doesNotMatch(`${lastError} ${logLines.join("")}`, /canary/);
    });

    test("refuse addresses and headers that could do harm", async () => {
      const { integrationId, outputs } = world;
      const strict = openOutputs({
        urlProblem: (url) => receiverProblem(url, { allowPrivate: false, allowedHosts: [] }),
      });
      for (const url of [
        "http://prometheus.example.com/api/v1/write",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/api/v1/write",
        "https://user:password@prometheus.example.com/",
        "file:///etc/passwd",
        "none",
      ]) {
        const change = strict.update(integrationId, { otlp: { url } }, caller);
        await assert.rejects(change, refused("validation_failed"), url);
      }
      for (const name of [
        "Host",
        "content-length",
        "Authorization",
        "Transfer-Encoding",
        "Proxy-Authorization",
      ]) {
        const change = addRemoteWrite({ headers: { [name]: "x" } });
        await assert.rejects(change, refused("validation_failed"), name);
      }
      assert.equal((await outputs.get(integrationId)).remoteWrite, null);
    });

    test("go with their secrets when the integration is gone for good", async () => {
      const { database, integrationId, outputs } = world;
      await addRemoteWrite({ authorization: secret });
      await outputs.forgetOrphans();
      assert.ok((await outputs.get(integrationId)).remoteWrite);
      await database.kysely.deleteFrom("integrations").where("id", "=", integrationId).execute();
      await outputs.forgetOrphans();
      assert.equal((await outputs.get(integrationId)).remoteWrite, null);
      const keys = await database.kysely
        .selectFrom("data_keys")
        .select("id")
        .where("record_id", "=", integrationId)
        .execute();
      assert.deepEqual(keys, []);
    });

    test("the lag of a target is known", async () => {
      const { clock, integrationId, outputs, receiver } = world;
      await addRemoteWrite();
      receiver.answer = () => ({ status: 500 });
      await run([["i-1", 0, 1]]);
      await deliver();
      const mine = (await outputs.lags()).filter((lag) => lag.integrationId === integrationId);
      assert.deepEqual([mine[0]?.failures, mine[0]?.lagSeconds], [1, 0]);
      clock.advance(10 * minute);
      const later = (await outputs.lags()).filter((lag) => lag.integrationId === integrationId);
      assert.equal(later[0]?.lagSeconds, 600);
    });
  });
});
