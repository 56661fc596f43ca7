import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { forEachDatabase } from "../../test/support/databases.ts";
import { useLogsWorld } from "../../test/support/logs-world.ts";
import { createSettableClock } from "../../test/support/settable-clock.ts";
import { AppError } from "../base/index.ts";
import { type AccessQuestion, type LogGroupInput, logEventQuery } from "../contract/index.ts";
import type { Logs } from "./index.ts";

const day = 86_400_000;

forEachDatabase((open) => {
  const clock = createSettableClock(Date.UTC(2026, 10, 21, 12));
  const world = useLogsWorld(open, clock);
  let logs: Logs;
  let asked: AccessQuestion[];
  let denied: string | undefined;
  let number = 0;
  /** Of this test alone. */
  let group: string;

  before(() => {
    logs = world.openLogs();
  });
  beforeEach(() => {
    asked = [];
    denied = undefined;
    number += 1;
    group = `/rest/${number}`;
  });

  const authorize = async (question: AccessQuestion) => {
    asked.push(question);
    if (question.action === denied) throw new AppError("access_denied");
  };
  const newGroup = (more: Partial<LogGroupInput> = {}): LogGroupInput => ({
    name: group,
    bearerTokenAuthenticationEnabled: false,
    deletionProtectionEnabled: false,
    tags: {},
    ...more,
  });
  const page = { descending: false, offset: 0, limit: 10 };
  const put = (messages: { message: string; timestampMs?: number }[], more: object = {}) =>
    logs.service.putEvents(
      { group, stream: "s", createMissing: false, events: messages, ...more },
      authorize,
    );

  test("a group is made with all it is asked for, and each part needs the permission of its own action", async () => {
    const input = newGroup({
      retentionDays: 30,
      bearerTokenAuthenticationEnabled: true,
      deletionProtectionEnabled: true,
      tags: { a: "b" },
    });
    assert.deepEqual(await logs.service.createGroup(input, authorize), {
      name: group,
      arn: `arn:aws:logs:eu-west-1:111122223333:log-group:${group}`,
      createdAt: new Date(clock.now()).toISOString(),
      retentionDays: 30,
      bearerTokenAuthenticationEnabled: true,
      deletionProtectionEnabled: true,
      storedBytes: 0,
      tags: { a: "b" },
      lastEventAt: null,
    });
    const actions = [
      "logs:PutRetentionPolicy",
      "logs:PutBearerTokenAuthentication",
      "logs:PutLogGroupDeletionProtection",
      "logs:TagResource",
    ];
    assert.deepEqual(
      asked.map(({ action }) => action),
      actions,
    );
    assert.deepEqual(asked.at(-1)?.context, { "aws:RequestTag/a": "b", "aws:TagKeys": ["a"] });
    for (denied of actions)
      await assert.rejects(logs.service.createGroup({ ...input, name: `${group}x` }, authorize), {
        code: "access_denied",
      });
    await assert.rejects(logs.service.group(`${group}x`), { code: "log_group_not_found" });
    await assert.rejects(logs.service.deleteGroup(group), { code: "deletion_protected" });
  });

  test("settings are changed one by one, and a plain group asks for nothing more", async () => {
    await logs.service.createGroup(newGroup(), authorize);
    assert.deepEqual(asked, []);
    await assert.rejects(logs.service.createGroup(newGroup(), authorize), { code: "name_taken" });
    assert.equal((await logs.service.setRetention(group, 7)).retentionDays, 7);
    assert.equal((await logs.service.setRetention(group, null)).retentionDays, null);
    const open = await logs.service.setBearerTokenAuthentication(group, true);
    assert.equal(open.bearerTokenAuthenticationEnabled, true);
    assert.equal((await logs.service.setDeletionProtection(group, true)).deletionProtectionEnabled, true);
    await logs.service.setDeletionProtection(group, false);
    await logs.service.deleteGroup(group);
    await assert.rejects(logs.service.setRetention(group, 7), { code: "log_group_not_found" });
  });

  test("sending makes what is missing when asked to, with the permissions for it", async () => {
    const message = "hello";
    await assert.rejects(put([{ message }]), { code: "log_group_not_found" });
    denied = "logs:CreateLogGroup";
    await assert.rejects(put([{ message }], { createMissing: true }), { code: "access_denied" });
    denied = "logs:CreateLogStream";
    await assert.rejects(put([{ message }], { createMissing: true }), { code: "access_denied" });
    await assert.rejects(put([{ message }]), { code: "log_stream_not_found" });
    denied = undefined;
    await Promise.all([
      put([{ message }], { createMissing: true }),
      put([{ message }], { createMissing: true }),
    ]);
    await logs.service.setRetention(group, 1);
    const now = clock.now();
    const result = await put([
      { message: "new", timestampMs: now + 3 * 3_600_000 },
      { message },
      { message: "old", timestampMs: now - 15 * day },
      { message: "expired", timestampMs: now - 2 * day },
      { message: "earlier", timestampMs: now - 1000 },
    ]);
    assert.deepEqual(result, { accepted: 2, rejected: { tooOld: 1, tooNew: 1, expired: 1 } });
    await logs.flush();
    assert.equal((await logs.service.group(group)).lastEventAt, new Date(now).toISOString());
    const streams = await logs.service.streams({ group, orderBy: "name", ...page });
    assert.deepEqual(streams, {
      items: [
        {
          name: "s",
          createdAt: new Date(now).toISOString(),
          firstEventAt: new Date(now - 1000).toISOString(),
          lastEventAt: new Date(now).toISOString(),
          lastIngestionAt: new Date(now).toISOString(),
        },
      ],
      offset: 0,
      limit: 10,
      totalItems: 1,
      moreItems: false,
    });
  });

  test("a request that is sent again under its name is judged again, and stored once with it", async () => {
    await logs.service.createGroup(newGroup(), authorize);
    await logs.service.createStream(group, "s");
    const { logEvents } = world.telemetry;
    const digest = 7n;
    const putOnce = () =>
      logs.service.putEvents(
        {
          group,
          stream: "s",
          createMissing: false,
          events: [{ message: "x" }, { message: "old", timestampMs: 1 }],
        },
        authorize,
        async ({ groupId }, work) =>
          work(digest, (await logEvents.storedKeys(groupId, [digest], 0)).has(digest)),
      );
    const first = await putOnce();
    assert.deepEqual(first, { accepted: 1, rejected: { tooOld: 1, tooNew: 0, expired: 0 } });
    assert.deepEqual(await putOnce(), first);
    const query = logEventQuery.parse({
      group,
      from: String(clock.now() - 1000),
      to: String(clock.now() + 1000),
    });
    const { items } = await logs.service.events(query);
    assert.equal(items.length, 1);
  });

  test("groups are found by part of their name in any case, and ordered by what is asked", async () => {
    for (const name of ["Beta", "alpha", "gamma"]) {
      await logs.service.createGroup(newGroup({ name: `${group}/${name}` }), authorize);
      clock.advance(1_000);
      if (name === "alpha") continue;
      await put([{ message: "x" }], { group: `${group}/${name}`, createMissing: true });
    }
    await logs.flush();
    const names = async (query: object) => {
      const found = await logs.service.groups({ text: `${group}/`, orderBy: "name", ...page, ...query });
      return found.items.map(({ name }) => name.slice(group.length + 1));
    };
    assert.deepEqual(await names({}), ["Beta", "alpha", "gamma"]);
    assert.deepEqual(await names({ text: `${group.toUpperCase()}/A` }), ["alpha"]);
    assert.deepEqual(await names({ orderBy: "createdAt", descending: true }), ["gamma", "alpha", "Beta"]);
    assert.deepEqual(await names({ orderBy: "lastEventAt" }), ["alpha", "Beta", "gamma"]);
    assert.deepEqual(await names({ orderBy: "lastEventAt", descending: true }), ["gamma", "Beta", "alpha"]);
    assert.deepEqual(await names({ orderBy: "storedBytes" }), ["Beta", "alpha", "gamma"]);
    assert.deepEqual(await names({ offset: 1, limit: 1 }), ["alpha"]);
    const behind = await logs.service.groups({ text: `${group}/`, orderBy: "name", ...page, offset: 9 });
    assert.deepEqual([behind.items, behind.totalItems, behind.moreItems], [[], 3, false]);
  });

  test("names that no store can hold find nothing and make nothing", async () => {
    await logs.service.createGroup(newGroup(), authorize);
    const bad = ["nul\u0000", "half\ud800"];
    for (const name of bad) {
      await assert.rejects(logs.service.createStream(group, name), { code: "validation_failed" });
      await assert.rejects(logs.service.deleteStream(group, name), { code: "log_stream_not_found" });
      await assert.rejects(put([{ message: "x" }], { stream: name }), { code: "log_stream_not_found" });
      assert.deepEqual(
        (await logs.service.streams({ group, prefix: name, orderBy: "name", ...page })).items,
        [],
      );
      assert.deepEqual((await logs.service.groups({ text: name, orderBy: "name", ...page })).items, []);
    }
    const created = await logs.service.createStream(group, "naïve 😀");
    assert.equal(created.name, "naïve 😀");
    await assert.rejects(logs.service.createStream(group, "naïve 😀"), { code: "name_taken" });
    await logs.service.deleteStream(group, "naïve 😀");
  });
});
