import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { resolveProfile, usableProfiles } from "./profiles.ts";

const folder = mkdtempSync(join(tmpdir(), "profiles-"));
after(() => rmSync(folder, { recursive: true }));

const files = { credentialsFile: join(folder, "credentials"), configFile: join(folder, "config") };
const keys = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = secret-${id}\n`;

writeFileSync(
  files.credentialsFile,
  `[plain]\n${keys("AKIAPLAIN")}
[temporary]\n${keys("ASIATEMP")}aws_session_token = token\n
[both]\n${keys("AKIAFROMCREDENTIALS")}`,
  { mode: 0o600 },
);
writeFileSync(
  files.configFile,
  `[default]\nregion = us-east-1\n
[profile both]\n${keys("AKIAFROMCONFIG")}
[profile role]\nrole_arn = arn:aws:iam::111111111111:role/A\nsource_profile = plain\nexternal_id = x\nduration_seconds = 900\n
[profile second]\nrole_arn = arn:aws:iam::111111111111:role/B\nsource_profile = role\n
[profile self]\nrole_arn = arn:aws:iam::111111111111:role/S\nsource_profile = self\n${keys("AKIASELF")}
[profile loop-a]\nrole_arn = arn:aws:iam::111111111111:role/L\nsource_profile = loop-b\n
[profile loop-b]\nrole_arn = arn:aws:iam::111111111111:role/L\nsource_profile = loop-a\n
[profile program]\ncredential_process = touch ${join(folder, "ran")}\n
[profile hidden]\nrole_arn = arn:aws:iam::111111111111:role/H\nsource_profile = program\n
[profile token]\nrole_arn = arn:aws:iam::111111111111:role/T\nweb_identity_token_file = /etc/passwd\n
[profile sso]\nsso_session = s\n
[profile environment]\nrole_arn = arn:aws:iam::111111111111:role/E\ncredential_source = Environment\n
[profile mfa]\nrole_arn = arn:aws:iam::111111111111:role/M\nsource_profile = plain\nmfa_serial = arn:aws:iam::1:mfa/x\n
[profile empty]\nregion = us-east-1\n
[sso-session s]\nsso_region = us-east-1\n`,
  { mode: 0o600 },
);

describe("a profile", () => {
  test("gives its keys, the credentials file winning over the config file", async () => {
    assert.equal((await resolveProfile("plain", files, [])).keys.accessKeyId, "AKIAPLAIN");
    assert.equal((await resolveProfile("temporary", files, [])).keys.sessionToken, "token");
    assert.equal((await resolveProfile("both", files, [])).keys.accessKeyId, "AKIAFROMCREDENTIALS");
  });

  test("gives the roles of its source_profile chain, first one first", async () => {
    const { keys: found, roles } = await resolveProfile("second", files, []);
    assert.equal(found.accessKeyId, "AKIAPLAIN");
    assert.deepEqual(
      roles.map((role) => role.roleArn.slice(-1)),
      ["A", "B"],
    );
    assert.deepEqual([roles[0]?.externalId, roles[0]?.durationSeconds], ["x", 900]);
    assert.equal((await resolveProfile("self", files, [])).keys.accessKeyId, "AKIASELF");
  });

  for (const [name, setting] of [
    ["program", "credential_process"],
    ["hidden", "credential_process"],
    ["token", "web_identity_token_file"],
    ["sso", "sso_session"],
    ["environment", "credential_source"],
    ["mfa", "mfa_serial"],
  ] as const) {
    test(`that uses ${setting} (${name}) is refused and nothing is run`, async () => {
      await assert.rejects(resolveProfile(name, files, []), new RegExp(`${setting}, which`));
    });
  }

  test("whose chain is circular, or that holds no key, is refused", async () => {
    await assert.rejects(resolveProfile("loop-a", files, []), /circular/);
    await assert.rejects(resolveProfile("empty", files, []), /no access key/);
  });

  test("that does not exist is answered with the file and the names there are", async () => {
    await assert.rejects(resolveProfile("absent", files, []), (error: Error) => {
      assert.ok(error.message.includes(files.credentialsFile) && error.message.includes("plain"));
      return true;
    });
    await assert.rejects(resolveProfile("__proto__", files, []), /is not in/);
    await assert.rejects(resolveProfile("toString", files, []), /is not in/);
  });

  test("outside the operator's list is refused", async () => {
    await assert.rejects(resolveProfile("plain", files, ["temporary"]), /NEPHO_ALLOWED_PROFILES/);
  });

  test("names for forms are those that can be used", async () => {
    assert.deepEqual(await usableProfiles(files, []), [
      "both",
      "plain",
      "role",
      "second",
      "self",
      "temporary",
    ]);
    assert.deepEqual(await usableProfiles(files, ["plain", "program"]), ["plain"]);
    assert.deepEqual(await usableProfiles({ credentialsFile: "/nowhere", configFile: "/nowhere" }, []), []);
  });

  test("in a file that others may write, or in a device, is refused", async () => {
    const open = join(folder, "open");
    writeFileSync(open, `[plain]\n${keys("AKIAPLAIN")}`);
    chmodSync(open, 0o666);
    await assert.rejects(resolveProfile("plain", { ...files, credentialsFile: open }, []), /0600/);
    await assert.rejects(
      resolveProfile("plain", { ...files, credentialsFile: "/dev/zero" }, []),
      /plain file/,
    );
  });
});
