import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  type Assembled,
  bad,
  body,
  caller,
  good,
  roleArn,
  settle,
  withIntegrations,
} from "../../test/support/integrations.ts";
import type { CloudIntegration } from "../contract/index.ts";

withIntegrations((assembled) => {
  let integrations: Assembled["integrations"];
  let clock: Assembled["clock"];
  let search: Assembled["search"];
  beforeEach(() => {
    ({ integrations, clock, search } = assembled());
  });

  describe("life cycle", () => {
    let created: CloudIntegration;
    beforeEach(async () => {
      created = await integrations.create(body(), caller);
    });

    test("enable and disable can be repeated and change nothing the second time", async () => {
      clock.advance(1000);
      const disabled = await integrations.disable(created.id, { name: "bob" });
      assert.equal(disabled.disabled, true);
      assert.equal(disabled.updaterId, "bob");
      assert.ok(disabled.updatedEpochMillis > created.updatedEpochMillis);
      clock.advance(1000);
      assert.deepEqual(await integrations.disable(created.id, { name: "carol" }), disabled);
      assert.equal((await integrations.enable(created.id, caller)).disabled, false);
      assert.equal((await integrations.enable(created.id, caller)).disabled, false);
    });

    test("a deleted integration is in the trash only, comes back as it was, and a second deletion is for good", async () => {
      await integrations.disable(created.id, caller);
      const removed = await integrations.remove(created.id, { skipTrash: false }, caller);
      assert.ok(removed.inTrash && removed.deleted);
      await assert.rejects(integrations.get(created.id), { code: "integration_not_found" });
      assert.equal((await integrations.list({ offset: 0, limit: 100 })).totalItems, 0);
      assert.equal((await search({})).totalItems, 0);
      assert.deepEqual((await search({}, true)).items, [removed]);
      for (const change of [integrations.enable, integrations.disable]) {
        await assert.rejects(change(created.id, caller), { code: "integration_not_found" });
      }
      await assert.rejects(integrations.update(created.id, body(), caller), {
        code: "integration_not_found",
      });
      const restored = await integrations.undelete(created.id, caller);
      assert.ok(restored.disabled && !restored.inTrash && restored.id === created.id);
      await integrations.remove(created.id, { skipTrash: false }, caller);
      await integrations.remove(created.id, { skipTrash: false }, caller);
      assert.equal((await search({}, true)).totalItems, 0);
      await assert.rejects(integrations.remove(created.id, { skipTrash: false }, caller), {
        code: "integration_not_found",
      });
    });

    test("skipTrash removes for good at once", async () => {
      await integrations.remove(created.id, { skipTrash: true }, caller);
      assert.equal((await search({}, true)).totalItems, 0);
      await assert.rejects(integrations.undelete(created.id, caller), { code: "integration_not_found" });
    });

    test("what is not in the trash cannot be taken out of it", async () => {
      await assert.rejects(integrations.undelete(created.id, caller), { code: "validation_failed" });
    });

    for (const id of [
      "404",
      "nobody",
      "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
      "'; drop table integrations; --",
    ]) {
      test(`${id} is not found, whatever is asked`, async () => {
        for (const ask of [
          () => integrations.get(id),
          () => integrations.enable(id, caller),
          () => integrations.remove(id, { skipTrash: true }, caller),
          () => integrations.undelete(id, caller),
          () => integrations.update(id, body(), caller),
          () => integrations.summaries.get(id),
        ]) {
          await assert.rejects(ask, { code: "integration_not_found" });
        }
        assert.deepEqual(
          (await search({ query: [{ key: "id", value: id, matchingMethod: "EXACT" }] })).items,
          [],
        );
      });
    }
  });

  describe("finding", () => {
    beforeEach(async () => {
      for (const name of ["b", "c", "a"]) await integrations.create(body({ name }), caller);
    });

    test("lists keep the order of creation over pages that do not overlap", async () => {
      const all = (await integrations.list({ offset: 0, limit: 100 })).items.map(({ id }) => id);
      const pages = await Promise.all([0, 1, 2].map((offset) => integrations.list({ offset, limit: 1 })));
      assert.deepEqual(
        pages.flatMap(({ items }) => items.map(({ id }) => id)),
        all,
      );
      assert.deepEqual(
        pages.map(({ moreItems, totalItems }) => [moreItems, totalItems]),
        [
          [true, 3],
          [true, 3],
          [false, 3],
        ],
      );
    });

    test("search pages, sorts and takes numbers as text", async () => {
      const page = await search({
        query: null,
        limit: "2",
        offset: "1",
        sort: { field: "name", ascending: false },
      });
      assert.deepEqual(
        page.items.map(({ name }) => name),
        ["b", "a"],
      );
      assert.deepEqual([page.offset, page.limit, page.totalItems, page.moreItems], [1, 2, 3, false]);
      assert.deepEqual(page.sort, { field: "name", ascending: false, default: false });
    });

    test("facets give the values of properties", async () => {
      const names = await integrations.facet("name", {}, { deleted: false });
      assert.deepEqual(names.items, ["a", "b", "c"]);
      const both = await integrations.facets({ facets: ["service", "disabled"] }, { deleted: false });
      assert.deepEqual(both.facets, { service: ["CLOUDWATCH"], disabled: ["false"] });
    });

    test("summaries tell state, reason and who pulls", async () => {
      const { items } = await integrations.summaries.list({ offset: 0, limit: 10, sort: "name" });
      assert.deepEqual(
        items.map(({ name, state, roleArn: role }) => [name, state, role]),
        ["a", "b", "c"].map((name) => [name, "waiting", roleArn]),
      );
      const [first] = items;
      assert.ok(first);
      await settle(integrations, first.id, good(clock));
      assert.equal((await integrations.summaries.get(first.id)).state, "ok");
      await settle(integrations, first.id, { ...bad(clock), disable: false });
      assert.equal((await integrations.summaries.get(first.id)).state, "failing");
      await settle(integrations, first.id, bad(clock));
      const broken = await integrations.summaries.get(first.id);
      assert.deepEqual(
        [broken.state, broken.stateReason, broken.nextRunAt],
        ["disabled-by-error", "denied", null],
      );
      assert.equal(
        (await integrations.summaries.list({ offset: 0, limit: 10, state: "disabled-by-error" })).totalItems,
        1,
      );
      assert.equal((await integrations.summaries.list({ offset: 0, limit: 10, text: "B" })).totalItems, 1);
    });
  });
});
