import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { forEachDatabase } from "../../../test/support/databases.ts";
import { AppError, Secret } from "../../base/index.ts";
import { type CredentialInput, credentialInput } from "../../contract/index.ts";
import type { Credentials } from "./credentials.ts";
import {
  caller,
  hasCode,
  input,
  keyId,
  roleArn,
  secretCanary,
  useCredentialsWorld,
  withRole,
} from "./testing/credentials-world.ts";

const noReferences = async () => {
  throw new AppError("internal");
};

forEachDatabase((open) => {
  const world = useCredentialsWorld(open);
  let credentials: Credentials;
  beforeEach(() => {
    credentials = world.create();
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
      await assert.rejects(world.externalIds.get("\u0000"), hasCode("external_id_not_found"));
    });
  });

  describe("the operator's policy", () => {
    const plain = { accessKeyId: undefined, secretAccessKey: undefined };

    test("on methods holds at save, at import and at use", async () => {
      const created = await credentials.create(input({ ...plain, method: "instance" }), caller);
      credentials = world.create({ allowedMethods: ["keys"] });
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
      credentials = world.create({ assumeRoleEnabled: false });
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
      const open = world.create({}, true);
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
      credentials = world.create({ extraRegions: ["eu-central-9"] });
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
      world.advance(100 * 3_600_000);
      assert.equal(await world.externalIds.exists(externalId), true, "a used ID never expires");
      await assert.rejects(world.externalIds.delete(externalId), hasCode("external_id_in_use"));
    });

    test("accepts an ID made before, once, and no other text as ours", async () => {
      const { id } = await world.externalIds.create(caller);
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
      const { id } = await world.externalIds.create(caller);
      assert.equal(await world.externalIds.exists(id), true);
      world.advance(49 * 3_600_000);
      await assert.rejects(world.externalIds.get(id), hasCode("external_id_not_found"));
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
});
