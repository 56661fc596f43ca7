import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { forEachDatabase, type OpenedDatabase } from "../../../test/support/databases.ts";
import { createAws } from "../../aws/index.ts";
import { AppError, type Clock, createLog, Secret, systemClock, systemRandom } from "../../base/index.ts";
import {
  type Credential,
  type CredentialInput,
  connectionTestHistory,
  credentialInput,
} from "../../contract/index.ts";
import type { Database } from "../../db/index.ts";
import { createExternalIds, type ExternalIds } from "../external-ids.ts";
import { generateMasterKey } from "../sealing/key-ring.ts";
import { createVault, type Vault } from "../sealing/vault.ts";
import { type Credentials, type CredentialsPolicy, createCredentials } from "./credentials.ts";

const secretCanary = "canarySECRET/wJalrXUtnFEMI+bPxRfiCYEXAMPLE";
const tokenCanary = "canaryTOKEN/FwoGZXIvYXdzEBYaDExample";
const passwordCanary = "canaryPASSWORD";
const keyId = "AKIAIOSFODNN7CANARY1";
const canaries = [secretCanary, tokenCanary, passwordCanary, keyId];

const caller = { arn: "arn:aws:iam::000000000000:user/admin" };
const roleArn = "arn:aws:iam::123456789012:role/Read";
const log = createLog({ level: "debug", write: (line) => lines.push(line) });
const masterKey = generateMasterKey(systemRandom);
let now = Date.parse("2026-11-21T00:00:00Z");
const clock: Clock = { ...systemClock, now: () => now };
const lines: string[] = [];

let database: Database;
let vault: Vault;
let externalIds: ExternalIds;
let credentials: Credentials;

function create(
  policy: Partial<CredentialsPolicy> = {},
  allowPrivateEndpoints = false,
  baseCredentialId?: () => Promise<string | null>,
): Credentials {
  return createCredentials({
    db: database,
    vault,
    aws: createAws({ clock, log, allowPrivateEndpoints, environment: {} }),
    externalIds,
    clock,
    random: systemRandom,
    log,
    baseCredentialId,
    policy: {
      allowedMethods: ["default", "profile", "keys", "instance", "web-identity"],
      assumeRoleEnabled: true,
      ...policy,
    },
  });
}

const input = (fields: Partial<CredentialInput> = {}): CredentialInput =>
  credentialInput.parse({
    name: "Production",
    method: "keys",
    region: "eu-central-1",
    accessKeyId: keyId,
    secretAccessKey: secretCanary,
    ...fields,
  });
const withRole = (extra: object = {}) => [
  { roleArn, externalIdSource: "generated" as const, durationSeconds: 3600, ...extra },
];

const hasCode = (code: string, path?: string) => (error: unknown) => {
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code, error.message);
  if (path !== undefined)
    assert.ok(
      error.fields.some((field) => field.path === path),
      JSON.stringify(error.fields),
    );
  for (const canary of canaries)
    assert.ok(!JSON.stringify([error.message, error.fields, error.detail]).includes(canary));
  return true;
};

const noReferences = async () => {
  throw new AppError("internal");
};

forEachDatabase((open) => {
  let opened: OpenedDatabase;
  before(async () => {
    opened = await open();
    database = opened.database;
    vault = await createVault({ db: database, masterKeys: [masterKey], clock, random: systemRandom, log });
  });
  beforeEach(async () => {
    await database.kysely.deleteFrom("credentials").execute();
    await database.kysely.deleteFrom("external_ids").execute();
    externalIds = createExternalIds({ db: database, clock, random: systemRandom });
    credentials = create();
  });
  afterEach(() => {
    for (const canary of canaries) assert.ok(!lines.join("\n").includes(canary), "a secret is in the log");
  });
  after(() => opened.dispose());

  describe("a secret", () => {
    test("never comes back: not from create, get, list, update or options", async () => {
      const created = await credentials.create(
        input({
          sessionToken: tokenCanary,
          proxy: {
            type: "url",
            url: "https://proxy.example.com:3128",
            username: "u",
            password: passwordCanary,
          },
        }),
        caller,
      );
      const updated = await credentials.update(created.id, { version: 1, description: "new" }, caller);
      const all = [
        created,
        updated,
        await credentials.get(created.id),
        await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" }),
        await credentials.options(),
      ];
      const text = JSON.stringify(all);
      for (const canary of canaries) assert.ok(!text.includes(canary));
      assert.equal(created.accessKeyIdMasked, "AKIA…ARY1");
      assert.deepEqual(
        [created.hasSecretAccessKey, created.hasSessionToken, created.proxy.hasPassword],
        [true, true, true],
      );
    });

    test("that is left out of an update stays, and its age does too", async () => {
      const created = await credentials.create(input(), caller);
      now += 1000;
      const updated = await credentials.update(created.id, { version: 1, name: "Renamed" }, caller);
      assert.equal(updated.hasSecretAccessKey, true);
      assert.equal(updated.secretUpdatedAt, created.secretUpdatedAt);
      assert.equal(await usedSecret(updated), secretCanary);
    });

    test("that is replaced takes effect at once and resets the status", async () => {
      const created = await credentials.create(input(), caller);
      const first = await credentials.open(created.id);
      const updated = await credentials.update(
        created.id,
        { version: 1, secretAccessKey: "another" },
        caller,
      );
      assert.notEqual(await credentials.open(created.id), first);
      assert.equal(await usedSecret(updated), "another");
      assert.equal(updated.status, "untested");
    });

    test("must be entered again with a new access key ID", async () => {
      const created = await credentials.create(input({ sessionToken: tokenCanary }), caller);
      const change = { version: 1, accessKeyId: "AKIAIOSFODNN7OTHER00" };
      await assert.rejects(
        credentials.update(created.id, change, caller),
        hasCode("secret_required", "secretAccessKey"),
      );
      const updated = await credentials.update(created.id, { ...change, secretAccessKey: "x" }, caller);
      assert.equal(updated.hasSessionToken, false, "the token of the old key must not live on");
    });

    test("stays when the same access key ID is sent again", async () => {
      const created = await credentials.create(input(), caller);
      const updated = await credentials.update(created.id, { version: 1, accessKeyId: keyId }, caller);
      assert.equal(await usedSecret(updated), secretCanary);
    });

    test("is cleared by null where that is allowed, and erased with its method", async () => {
      const created = await credentials.create(input({ sessionToken: tokenCanary }), caller);
      const cleared = await credentials.update(created.id, { version: 1, sessionToken: null }, caller);
      assert.equal(cleared.hasSessionToken, false);
      const changed = await credentials.update(created.id, { version: 2, method: "default" }, caller);
      assert.deepEqual(
        [changed.hasSecretAccessKey, changed.accessKeyIdMasked, changed.keyFingerprint],
        [false, null, null],
      );
      const rows = await database.kysely
        .selectFrom("sealed_secrets")
        .innerJoin("data_keys", "data_keys.id", "sealed_secrets.data_key_id")
        .selectAll()
        .where("record_id", "=", created.id)
        .execute();
      assert.deepEqual(rows, []);
    });

    test("is demanded again when a new host would see what it signs, session token included", async () => {
      const created = await credentials.create(input({ sessionToken: tokenCanary }), caller);
      const endpoints = { monitoring: "https://vpce-1.monitoring.eu-central-1.vpce.amazonaws.com" };
      const change = { version: 1, endpoints };
      await assert.rejects(
        credentials.update(created.id, change, caller),
        hasCode("secret_required", "secretAccessKey"),
      );
      await assert.rejects(
        credentials.update(created.id, { ...change, secretAccessKey: secretCanary }, caller),
        hasCode("secret_required", "sessionToken"),
      );
      const proxy = { type: "url" as const, url: "https://proxy.example.com" };
      await assert.rejects(
        credentials.update(created.id, { version: 1, proxy }, caller),
        hasCode("secret_required"),
      );
      await credentials.update(
        created.id,
        { ...change, secretAccessKey: secretCanary, sessionToken: tokenCanary },
        caller,
      );
      const back = await credentials.update(created.id, { version: 2, endpoints: {} }, caller);
      assert.deepEqual(back.endpoints, {}, "going back to AWS needs no secret");
    });

    test("of the method keys needs both halves, and temporary keys their token", async () => {
      const { accessKeyId: _, ...withoutId } = input();
      await assert.rejects(
        credentials.create(withoutId, caller),
        hasCode("validation_failed", "accessKeyId"),
      );
      const { secretAccessKey: __, ...withoutSecret } = input();
      await assert.rejects(
        credentials.create(withoutSecret, caller),
        hasCode("validation_failed", "secretAccessKey"),
      );
      await assert.rejects(
        credentials.create(input({ accessKeyId: "ASIAIOSFODNN7EXAMPLE" }), caller),
        hasCode("validation_failed", "sessionToken"),
      );
    });

    async function usedSecret(credential: Credential): Promise<string> {
      const session = await credentials.open(credential.id);
      const keys = await (
        session.client("sts").config.credentials as () => Promise<{ secretAccessKey: string }>
      )();
      return keys.secretAccessKey;
    }
  });

  describe("a record", () => {
    test("is changed by the first of two editors; the second is told", async () => {
      const created = await credentials.create(input(), caller);
      const results = await Promise.allSettled([
        credentials.update(created.id, { version: 1, description: "a" }, caller),
        credentials.update(created.id, { version: 1, description: "b" }, caller),
      ]);
      const rejected = results.filter((result) => result.status === "rejected");
      assert.equal(rejected.length, 1);
      hasCode("version_conflict")(rejected[0]?.reason);
    });

    test("has a name of its own, whatever the case", async () => {
      await credentials.create(input(), caller);
      await assert.rejects(
        credentials.create(input({ name: "PRODUCTION" }), caller),
        hasCode("name_taken", "name"),
      );
      const other = await credentials.create(input({ name: "Other" }), caller);
      await assert.rejects(
        credentials.update(other.id, { version: 1, name: "production" }, caller),
        hasCode("name_taken"),
      );
      assert.equal(
        (await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" })).totalItems,
        2,
      );
    });

    test("that does not exist is not found, whatever the id looks like", async () => {
      for (const id of ["nonsense", "a0000000-0000-4000-8000-000000000009", "' or 1=1"]) {
        await assert.rejects(credentials.get(id), hasCode("credential_not_found"));
        await assert.rejects(credentials.open(id), hasCode("credential_not_found"));
      }
    });

    test("in use is not deleted, and the answer says by whom", async () => {
      const created = await credentials.create(input(), caller);
      const users = [{ kind: "integration" as const, id: "i-1", name: "Metrics" }];
      credentials.registerUsers(async (id) => (id === created.id ? users : []));
      await assert.rejects(credentials.remove(created.id, caller), hasCode("credential_in_use", "i-1"));
      assert.deepEqual((await credentials.get(created.id)).usedBy, users);
      users.pop();
      await credentials.remove(created.id, caller);
      await assert.rejects(credentials.get(created.id), hasCode("credential_not_found"));
    });

    test("is found by text, method and status; wildcards in the text are plain characters", async () => {
      await credentials.create(input({ name: "100% sure" }), caller);
      await credentials.create(
        input({ name: "other", method: "default", accessKeyId: undefined, secretAccessKey: undefined }),
        caller,
      );
      const names = async (query: object) =>
        (await credentials.list({ offset: 0, limit: 10, sort: "name", order: "desc", ...query })).items.map(
          (item) => item.name,
        );
      assert.deepEqual(await names({ text: "%" }), ["100% sure"]);
      assert.deepEqual(await names({ method: "default" }), ["other"]);
      assert.deepEqual(await names({ status: "ok" }), []);
      assert.deepEqual(await names({}), ["other", "100% sure"]);
    });

    test("warns of old keys, temporary keys and a key that two credentials hold", async () => {
      const first = await credentials.create(input(), caller);
      await credentials.create(input({ name: "Twin", sessionToken: tokenCanary }), caller);
      const codes = async () => (await credentials.get(first.id)).warnings.map((warning) => warning.code);
      assert.deepEqual(await codes(), ["duplicate_key"]);
      now += 91 * 86_400_000;
      assert.deepEqual(await codes(), ["key_old", "duplicate_key"]);
      now += 300 * 86_400_000;
      assert.deepEqual(await codes(), ["key_very_old", "duplicate_key"]);
      const page = await credentials.list({ offset: 0, limit: 1, sort: "name", order: "desc" });
      assert.deepEqual(
        page.items[0]?.warnings.map((warning) => warning.code),
        ["session_expires", "duplicate_key"],
      );
      assert.equal(page.moreItems, true);
    });
  });

  describe("bad input", () => {
    test("that the database could not keep is refused by field, and nothing is stored", async () => {
      const chain = (sessionPolicy: string) => withRole({ sessionPolicy });
      for (const [path, fields] of [
        [
          "webIdentityTokenFile",
          {
            method: "web-identity",
            accessKeyId: undefined,
            secretAccessKey: undefined,
            webIdentityTokenFile: "/a\u0000b",
          },
        ],
        ["roleChain", { roleChain: chain('{"a":"\u0000"}') }],
        ["tags", { tags: { key: "\ud800" } }],
        ["name", { name: "half \udfff" }],
        ["caBundle", { caBundle: "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----" }],
      ] as const) {
        await assert.rejects(
          credentials.create(input(fields as Partial<CredentialInput>), caller),
          hasCode("validation_failed", path),
          path,
        );
      }
      const page = await credentials.list({
        offset: 0,
        limit: 10,
        sort: "name",
        order: "asc",
        text: "\u0000",
      });
      assert.equal(page.totalItems, 0);
      await assert.rejects(externalIds.get("\u0000"), hasCode("external_id_not_found"));
    });
  });

  describe("the operator's policy", () => {
    const plain = { accessKeyId: undefined, secretAccessKey: undefined };

    test("on methods holds at save, at import and at use", async () => {
      const created = await credentials.create(input({ ...plain, method: "instance" }), caller);
      credentials = create({ allowedMethods: ["keys"] });
      await assert.rejects(
        credentials.create(input({ ...plain, name: "x", method: "instance" }), caller),
        hasCode("auth_method_not_allowed"),
      );
      await assert.rejects(
        credentials.update(created.id, { version: 1, name: "y" }, caller),
        hasCode("auth_method_not_allowed"),
      );
      await assert.rejects(credentials.open(created.id), hasCode("auth_method_not_allowed"));
      await assert.rejects(
        credentials.test(created.id, { services: [], checkExternalId: false }),
        hasCode("auth_method_not_allowed"),
      );
      await assert.rejects(credentials.openDefault(), hasCode("auth_method_not_allowed"));
      const declaration = { credentials: [{ name: "z", method: "default", region: "us-east-1" }] };
      await assert.rejects(
        credentials.import(declaration, noReferences, caller),
        hasCode("auth_method_not_allowed"),
      );
    });

    test("on roles holds at save and at use", async () => {
      const created = await credentials.create(input({ roleChain: withRole() }), caller);
      credentials = create({ assumeRoleEnabled: false });
      await assert.rejects(
        credentials.create(input({ name: "x", roleChain: withRole() }), caller),
        hasCode("assume_role_disabled"),
      );
      await assert.rejects(credentials.open(created.id), hasCode("assume_role_disabled"));
      const { id } = await credentials.create(input({ name: "y" }), caller);
      await assert.rejects(credentials.open(id, [{ roleArn }]), hasCode("assume_role_disabled"));
    });

    test("on addresses refuses URLs at save and stores nothing", async () => {
      for (const url of [
        "http://monitoring.eu-central-1.amazonaws.com",
        "https://evil.example",
        "https://169.254.169.254",
        "https://127.0.0.1:1",
      ]) {
        await assert.rejects(
          credentials.create(input({ endpoints: { monitoring: url } }), caller),
          hasCode("endpoint_not_allowed", "endpoints.monitoring"),
        );
      }
      const open = create({}, true);
      await assert.rejects(
        open.create(input({ endpoints: { sts: "http://169.254.169.254" } }), caller),
        hasCode("endpoint_not_allowed"),
      );
      await open.create(input({ endpoints: { sts: "http://127.0.0.1:5000" } }), caller);
      assert.equal(
        (await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" })).totalItems,
        1,
      );
    });

    test("on regions refuses one that does not exist, unless the operator knows better", async () => {
      const unknown = input({ region: "eu-central-9" });
      await assert.rejects(credentials.create(unknown, caller), hasCode("validation_failed", "region"));
      credentials = create({ extraRegions: ["eu-central-9"] });
      assert.equal((await credentials.create(unknown, caller)).region, "eu-central-9");
    });

    test("unknown methods and unknown fields do not pass the contract", () => {
      assert.throws(() => input({ method: "ec2_iam_role" as never }));
      assert.throws(() => credentialInput.parse({ ...input(), surprise: 1 }));
    });
  });

  describe("a role chain", () => {
    test("gets an external ID from us that lives as long as the hop", async () => {
      const created = await credentials.create(input({ roleChain: withRole() }), caller);
      const externalId = created.roleChain[0]?.externalId ?? "";
      assert.match(externalId, /^[A-Za-z0-9]{16}$/);
      const renamed = await credentials.update(created.id, { version: 1, name: "n" }, caller);
      assert.equal(renamed.roleChain[0]?.externalId, externalId);
      const again = await credentials.update(created.id, { version: 2, roleChain: withRole() }, caller);
      assert.equal(again.roleChain[0]?.externalId, externalId);
      const corrected = await credentials.update(
        created.id,
        { version: 3, roleChain: withRole({ roleArn: "arn:aws:iam::123456789012:role/Fixed" }) },
        caller,
      );
      assert.equal(
        corrected.roleChain[0]?.externalId,
        externalId,
        "a corrected ARN keeps the ID that the trust policy has",
      );
      now += 100 * 3_600_000;
      assert.equal(await externalIds.exists(externalId), true, "a used ID never expires");
      await assert.rejects(externalIds.delete(externalId), hasCode("external_id_in_use"));
    });

    test("accepts an ID made before, once, and no other text as ours", async () => {
      const { id } = await externalIds.create(caller);
      await credentials.create(input({ roleChain: withRole({ externalId: id }) }), caller);
      for (const externalId of [id, "NotMadeByUs12345"]) {
        await assert.rejects(
          credentials.create(input({ name: "x", roleChain: withRole({ externalId }) }), caller),
          hasCode("validation_failed", "roleChain.0.externalId"),
        );
      }
    });

    test("takes the owner's external ID, keeps it on update, and warns when there is none", async () => {
      const owner = withRole({ externalIdSource: "owner", externalId: "their-id" });
      const created = await credentials.create(input({ roleChain: owner }), caller);
      const updated = await credentials.update(
        created.id,
        { version: 1, roleChain: withRole({ externalIdSource: "owner" }) },
        caller,
      );
      assert.equal(updated.roleChain[0]?.externalId, "their-id");
      const without = await credentials.update(
        created.id,
        { version: 2, roleChain: withRole({ externalIdSource: "none" }) },
        caller,
      );
      assert.deepEqual(
        [without.roleChain[0]?.externalId, without.warnings[0]?.code],
        [null, "no_external_id"],
      );
    });

    test("of another partition, or longer than chaining allows, is refused", async () => {
      const china = withRole({ roleArn: "arn:aws-cn:iam::123456789012:role/Read" });
      await assert.rejects(
        credentials.create(input({ roleChain: china }), caller),
        hasCode("validation_failed", "roleChain.0.roleArn"),
      );
      const long = [
        ...withRole(),
        { ...withRole({ durationSeconds: 7200 })[0] },
      ] as CredentialInput["roleChain"];
      await assert.rejects(
        credentials.create(input({ roleChain: long }), caller),
        hasCode("validation_failed", "roleChain.1.durationSeconds"),
      );
      const base = input({
        method: "instance",
        accessKeyId: undefined,
        secretAccessKey: undefined,
        roleChain: withRole({ durationSeconds: 7200 }),
      });
      await assert.rejects(
        credentials.create(base, caller),
        hasCode("validation_failed", "roleChain.0.durationSeconds"),
      );
      await credentials.create(input({ roleChain: withRole({ durationSeconds: 7200 }) }), caller);
    });
  });

  describe("an external ID", () => {
    test("expires unused after its time", async () => {
      const { id } = await externalIds.create(caller);
      assert.equal(await externalIds.exists(id), true);
      now += 49 * 3_600_000;
      await assert.rejects(externalIds.get(id), hasCode("external_id_not_found"));
    });
  });

  describe("an import", () => {
    const resolve = async (reference: string) => {
      const values: Record<string, string> = { "env:KEY": keyId, "file:/secret": secretCanary };
      const value = values[reference];
      if (value === undefined) throw new Error("nothing there");
      return new Secret(value);
    };
    const item = {
      name: "Imported",
      method: "keys",
      region: "us-east-1",
      accessKeyId: "env:KEY",
      secretAccessKey: "file:/secret",
      roleChain: [{ roleArn }],
    };

    test("creates, leaves alone what is equal, and changes what is not", async () => {
      const run = async (fields: object = {}) =>
        (await credentials.import({ credentials: [{ ...item, ...fields }] }, resolve, caller)).items[0];
      const created = await run();
      assert.equal(created?.action, "created");
      const { roleChain, version } = await credentials.get(created?.id ?? "");
      assert.equal((await run())?.action, "unchanged");
      const updated = await run({ description: "changed" });
      assert.deepEqual([updated?.action, updated?.id], ["updated", created?.id]);
      const after = await credentials.get(created?.id ?? "");
      assert.deepEqual([after.version, after.roleChain], [version + 1, roleChain]);
      assert.equal((await run({ description: "changed", secretAccessKey: "plain" }))?.action, "updated");
    });

    test("is all or nothing, and names every reference that leads nowhere", async () => {
      const bad = {
        ...item,
        name: "Bad",
        roleChain: [{ roleArn: "arn:aws-cn:iam::123456789012:role/Read" }],
      };
      await assert.rejects(
        credentials.import({ credentials: [item, bad] }, resolve, caller),
        hasCode("validation_failed", "credentials.1.roleChain.0.roleArn"),
      );
      const missing = { ...item, secretAccessKey: "env:NOT_THERE" };
      await assert.rejects(
        credentials.import({ credentials: [missing] }, resolve, caller),
        hasCode("validation_failed", "credentials.0.secretAccessKey"),
      );
      await assert.rejects(
        credentials.import({ credentials: [item, item] }, resolve, caller),
        hasCode("validation_failed", "credentials.1.name"),
      );
      await assert.rejects(credentials.import({ wrong: 1 }, resolve, caller), hasCode("validation_failed"));
      assert.equal(
        (await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" })).totalItems,
        0,
      );
    });

    test("marked read-only is closed to the API and open to the next import", async () => {
      const { items } = await credentials.import(
        { credentials: [{ ...item, readOnly: true }] },
        resolve,
        caller,
      );
      const id = items[0]?.id ?? "";
      await assert.rejects(
        credentials.update(id, { version: 1, name: "x" }, caller),
        hasCode("credential_read_only"),
      );
      await assert.rejects(credentials.remove(id, caller), hasCode("credential_read_only"));
      const again = await credentials.import(
        { credentials: [{ ...item, description: "new" }] },
        resolve,
        caller,
      );
      assert.equal(again.items[0]?.action, "updated");
      assert.equal((await credentials.get(id)).readOnly, false);
    });
  });

  describe("scheduled tests", () => {
    test("are due for what was never tested and for what was tested long ago", async () => {
      const { id } = await credentials.create(input(), caller);
      assert.deepEqual(await credentials.recheckDue(now), [id]);
      await database.kysely
        .updateTable("credentials")
        .set({ tested_at: new Date(now) })
        .execute();
      assert.deepEqual(await credentials.recheckDue(now + 23 * 3_600_000), []);
      assert.deepEqual(await credentials.recheckDue(now + 24 * 3_600_000), [id]);
    });

    test("of a credential that may no longer be used fail on the record, and are not due again at once", async () => {
      const { id } = await credentials.create(input(), caller);
      credentials = create({ allowedMethods: ["default"] });
      await credentials.recheck(id);
      const { status, lastTest } = await credentials.get(id);
      assert.equal(status, "failed");
      assert.match(lastTest?.steps[0]?.message ?? "", /NEPHO_ALLOWED_AUTH_METHODS/);
      assert.deepEqual(await credentials.recheckDue(now), []);
      assert.deepEqual(
        (await credentials.statuses()).map(({ id: of, status: is }) => [of, is]),
        [[id, "failed"]],
      );
    });
  });

  describe("the test history", () => {
    const refused = async () => credentials.recheck((await only()).id);
    const only = async () => {
      const { items } = await credentials.list({ offset: 0, limit: 10, sort: "name", order: "asc" });
      return items[0] as Credential;
    };
    beforeEach(async () => {
      await credentials.create(input(), caller);
      credentials = create({ allowedMethods: ["default"] });
    });

    test("keeps the last 20, newest first, with the step that failed", async () => {
      const { id } = await only();
      assert.deepEqual(await credentials.tests(id), { items: [] });
      const startedAt = now;
      for (let count = 1; count <= 22; count += 1) {
        now = startedAt + count * 1000;
        await refused();
      }
      const { items } = connectionTestHistory.parse(await credentials.tests(id));
      assert.deepEqual(
        items.map(({ testedAt }) => (Date.parse(testedAt) - startedAt) / 1000),
        Array.from({ length: 20 }, (_, index) => 22 - index),
      );
      assert.deepEqual([items[0]?.overall, items[0]?.trigger], ["failed", "schedule"]);
      assert.equal(items[0]?.failedStep?.id, "validate");
      assert.match(items[0]?.failedStep?.message ?? "", /NEPHO_ALLOWED_AUTH_METHODS/);
    });

    test("is each credential's own, outlives a change of it and ends with it", async () => {
      const { id } = await only();
      await refused();
      credentials = create();
      const other = await credentials.create(input({ name: "Other" }), caller);
      await credentials.update(id, { version: 1, region: "us-east-1" }, caller);
      assert.equal((await credentials.get(id)).lastTest, null);
      assert.equal((await credentials.tests(id)).items.length, 1);
      assert.equal((await credentials.tests(other.id)).items.length, 0);
      await credentials.remove(id, caller);
      await assert.rejects(credentials.tests(id), hasCode("credential_not_found"));
      assert.deepEqual(await database.kysely.selectFrom("credential_tests").selectAll().execute(), []);
    });
  });

  test("the base credential of the server cannot be deleted", async () => {
    let baseId: string | null = null;
    credentials = create({}, false, async () => baseId);
    const { id } = await credentials.create(input(), caller);
    baseId = id;
    await assert.rejects(credentials.remove(id, caller), hasCode("credential_in_use", "baseCredentialId"));
    assert.equal((await credentials.get(id)).id, id);
    baseId = null;
    await credentials.remove(id, caller);
  });
});
