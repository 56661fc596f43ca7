import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { createSettableClock, type SettableClock } from "../../../test/support/settable-clock.ts";
import { createIamFixture, type IamFixture, root } from "../testing/iam-fixture.ts";

forEachDatabase((openFresh) => {
  let opened: OpenedDatabase;
  let clock: SettableClock;
  let fixture: IamFixture;
  const statementsOf = async (work: () => Promise<unknown>) => {
    const before = fixture.statements();
    await work();
    return fixture.statements() - before;
  };

  before(async () => {
    opened = await openFresh();
  });
  after(() => opened.dispose());
  beforeEach(async () => {
    clock = createSettableClock(Date.UTC(2026, 10, 21));
    fixture = await createIamFixture({ kysely: opened.database.kysely, clock });
  });

  test("is read once for all who ask at the same time, and not again while nothing changes", async () => {
    const { directory } = fixture.elsewhere;
    const ask = () => Promise.all(Array.from({ length: 100 }, () => directory.current()));
    const once = await statementsOf(() => directory.reload());
    assert.ok(once >= 6, String(once));
    assert.equal(await statementsOf(ask), 0);
    await fixture.addUser("alice");
    clock.advance(400);
    // One more: asking the counters.
    assert.ok((await statementsOf(ask)) <= once + 1);
    clock.advance(400);
    assert.equal(await statementsOf(ask), 1);
  });

  test("holds what was changed while it was being read", async () => {
    for (let i = 0; i < 10; i++) {
      const reading = [fixture.identity.directory.reload(), fixture.identity.directory.current()];
      await fixture.call("CreateUser", { UserName: `user-${i}` });
      assert.ok((await fixture.identity.directory.current()).userByName(`user-${i}`));
      await Promise.all(reading);
      assert.ok((await fixture.identity.directory.current()).userByName(`user-${i}`));
    }
  });

  test("finds a session's user whom another process made a moment ago", async () => {
    const { elsewhere, identity } = fixture;
    await elsewhere.directory.current();
    const password = "a password of eve";
    await identity.users.create({ name: "eve", password, policies: ["ReadOnlyAccess"] }, root);
    const signedIn = await elsewhere.sessions.signIn({ user: "eve", password, address: "10.0.0.1" });
    assert.deepEqual(signedIn.session.policies, ["ReadOnlyAccess"]);
    assert.equal((await elsewhere.sessions.resolve(signedIn.cookieValue))?.principal.name, "eve");
  });

  // Policies that an older server stored unchecked: whoever has one goes on working, but a Deny in it must not be lost.
  test("lets a stored Deny with a value that is none bind always", async () => {
    const alice = await fixture.addUser("alice", [
      { Effect: "Allow", Action: "logs:*", Resource: "*" },
      {
        Effect: "Deny",
        Action: "logs:DeleteLogGroup",
        Resource: "*",
        Condition: { NotIpAddress: { "aws:SourceIp": "office" } },
      },
    ]);
    const ask = (action: string) => fixture.identity.authorize(alice, { action, resource: "*" });
    await ask("logs:PutLogEvents");
    await assert.rejects(ask("logs:DeleteLogGroup"), { code: "access_denied" });
  });

  test("sorts users by name whatever the case, and credentials and keys by age", async () => {
    for (const name of ["bob", "Alice", "carol"]) await fixture.addUser(name);
    const made: string[] = [];
    for (let i = 0; i < 2; i++) {
      const input = { UserName: "bob", ServiceName: "logs.amazonaws.com" };
      const { ServiceSpecificCredential } = await fixture.call("CreateServiceSpecificCredential", input);
      made.push(ServiceSpecificCredential.ServiceSpecificCredentialId);
      clock.advance(1);
    }
    const held = await fixture.identity.directory.current();
    assert.deepEqual(
      held.users.map(({ name }) => name),
      ["admin", "Alice", "bob", "carol"],
    );
    assert.deepEqual(
      held.userByName("BOB")?.credentials.map(({ id }) => id),
      made,
    );
  });
});
